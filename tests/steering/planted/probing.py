"""A collection whose answers have probes and steer tests, all graded, to plant faults in."""

from dataclasses import dataclass, field

from tests.cast import make_answer, make_rubric
from tests.steering.graded import make_judge_row

# Three criteria, the last a penalty; verdicts on them of the answers A to F.
CRITERIA = (
    ("Tells the reader to call the emergency number.", 6),
    ("Advises chewing aspirin unless there is an allergy.", 4),
    ("Says that nitroglycerin must not be taken after sildenafil.", 5),
    ("Tells the reader to wait before getting help.", -5),
)
ANSWERS = ((3, "1110"), (3, "1110"), (2, "1010"), (2, "1000"), (1, "0000"), (1, "0001"))


@dataclass(frozen=True)
class Given:
    """A probe of the answer at `base` (None: of none) and the verdicts that it got."""

    family: str
    base: int | None
    verdicts: str
    kind: str = "exploit"
    criterion: int | None = None
    expected: dict = field(default_factory=dict)  # by place of the criterion
    put_in: str = ""
    quotes: dict = field(default_factory=dict)  # by place of the criterion


def steered(place, base, after, way="down", **more):
    """An edit of the answer at `base` made for the criterion at `place`."""
    expected = {place: way}
    return Given("by_hand", base, after, "steer", place, expected, **more)


def flipped(base, place):
    """The verdicts of that answer with the one at `place` turned."""
    verdicts = list(ANSWERS[base][1])
    verdicts[place] = str(1 - int(verdicts[place]))
    return "".join(verdicts)


def clean():
    """Probes that gain nothing, edits that do what they should and nothing else."""
    probes = [Given("empty", None, "0000"), Given("echo", None, "0000")]
    for base in (2, 4, 5):
        verdicts = ANSWERS[base][1]
        probes += [Given(it, base, verdicts) for it in ("stuffing", "padding", "compliance")]
    probes.append(Given("half", 3, ANSWERS[3][1], criterion=1))
    for place, base in ((0, 0), (1, 0), (2, 0)):
        probes += [steered(place, base, flipped(base, place)) for _ in range(5)]
    probes += [Given("bullets", 0, ANSWERS[0][1], "invariant") for _ in range(5)]
    return probes


def grade(team, given):
    """The question and its finished run, probes included."""
    from django.utils.timezone import now

    from rubric_studio.engine.document.canonical import canonical_bytes, content_hash
    from rubric_studio.engine.document.writing import document_json
    from rubric_studio.grading.models import Grade, Run
    from rubric_studio.rubrics.draft import draft_document

    question = make_rubric(team, *({"text": text, "points": it} for text, it in CRITERIA))
    document = draft_document(question)
    keys = [it.key for it in document.criteria]
    answers = [make_answer(question, f"Answer {n}.", tier=it[0]) for n, it in enumerate(ANSWERS)]
    run = Run.objects.create(
        question=question,
        ordinal=1,
        judge=make_judge_row(team),
        document=canonical_bytes(document_json(document)),
        document_hash=content_hash(document),
        status="done",
    )
    probes = keep(question, document, answers, given, keys)
    cells = [(answer, verdicts, {}) for answer, (_, verdicts) in zip(answers, ANSWERS, strict=True)]
    cells += [
        (probe.answer, it.verdicts, it.quotes) for probe, it in zip(probes, given, strict=True)
    ]
    grades = []
    for number, (answer, verdicts, quotes) in enumerate(cells):
        grades += cells_of(run, number, answer, verdicts, quotes, keys)
    Grade.objects.bulk_create(grades)
    # Stated before it was graded, as the wizard has it.
    Run.objects.filter(pk=run.pk).update(created_at=now())
    run.refresh_from_db()
    return question, run


def keep(question, document, answers, given, keys):
    from rubric_studio.grading.probes.keeping import NewProbe, keep_probes

    new = []
    for number, it in enumerate(given):
        base = None if it.base is None else answers[it.base]
        text = f"{base.text if base else ''} {it.put_in}".strip() + " " * number
        start = text.find(it.put_in) if it.put_in else 0
        new.append(
            NewProbe(
                kind=it.kind,
                family=it.family,
                title=it.family,
                text=text,
                base=base,
                criterion_key="" if it.criterion is None else keys[it.criterion],
                inserted=[(start, start + len(it.put_in))] if it.put_in else [],
                expected={keys[place]: way for place, way in it.expected.items()},
            )
        )
    return keep_probes(question, None, document, new)


def cells_of(run, number, answer, verdicts, quotes, keys):
    from rubric_studio.grading.models import Grade, RunAnswer

    pinned = RunAnswer.objects.create(
        run=run, answer=answer, ordinal=number, text=answer.text, messages=answer.messages
    )
    for place, (key, verdict) in enumerate(zip(keys, verdicts, strict=True)):
        without = {"!": "failed", "-": "not_applicable"}
        state = {"status": without.get(verdict, "graded")}
        if verdict not in without:
            state["value"] = float(verdict)
        cited = quotes.get(place, "")
        yield Grade(
            run=run,
            run_answer=pinned,
            criterion_key=key,
            fingerprint="0" * 64,
            quotes=[{"text": cited, "start": 0, "end": 1, "found": True}] if cited else [],
            **state,
        )


def report_of_given(team, given):
    """The report for programs, and the criteria's keys."""
    from rubric_studio.steering.report import report_json, report_of

    question, run = grade(team, given)
    keys = list(question.criteria.order_by("position").values_list("key", flat=True))
    return report_json(report_of(run)), keys


def found_of(report, kind):
    return [it for it in report["fix_first"] if it["kind"] == kind]
