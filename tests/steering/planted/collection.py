"""A clean collection to plant faults in: eight criteria, eight answers in three tiers, every
criterion met by some and by better answers, and no two alike."""

from dataclasses import dataclass, replace

from tests.cast import make_answer, make_rubric
from tests.steering.graded import make_judge_row

# Text, points, verdicts of the answers A to H.
CRITERIA = (
    ("Tells the reader to call the emergency number.", 10, "11111000"),
    ("Says that nitroglycerin must not be taken after sildenafil.", 8, "11110000"),
    ("Names a severe fall in blood pressure as the danger.", 6, "11101000"),
    ("Advises chewing aspirin unless there is an allergy.", 5, "10110100"),
    ("Asks for somebody to stay until the ambulance comes.", 4, "11010010"),
    ("Lists sweating and breathlessness as warning signs.", 3, "01100100"),
    ("Tells the reader to wait before getting help.", -9, "00000011"),
    ("Recommends using the nitroglycerin spray.", -10, "00000101"),
)
TIERS = (3, 3, 3, 2, 2, 1, 1, 1)


@dataclass(frozen=True)
class Planted:
    """`criteria` as in CRITERIA; a verdict is a digit, a dash does not apply."""

    criteria: tuple = CRITERIA
    tiers: tuple = TIERS

    def with_criterion(self, place, text=None, points=None, verdicts=None):
        was = self.criteria[place]
        now = (text or was[0], was[1] if points is None else points, verdicts or was[2])
        return replace(self, criteria=(*self.criteria[:place], now, *self.criteria[place + 1 :]))

    def and_criterion(self, text, points, verdicts):
        return replace(self, criteria=(*self.criteria, (text, points, verdicts)))


def grade(team, planted, **fields):
    """The question and a finished run with these verdicts."""
    from rubric_studio.engine.document.canonical import canonical_bytes, content_hash
    from rubric_studio.engine.document.writing import document_json
    from rubric_studio.grading.models import Grade, Run, RunAnswer
    from rubric_studio.rubrics.draft import draft_document

    criteria = [{"text": text, "points": points} for text, points, _ in planted.criteria]
    for place, more in fields.items():
        criteria[int(place.removeprefix("c"))] |= more
    question = make_rubric(team, *criteria)
    document = draft_document(question)
    run = Run.objects.create(
        question=question,
        ordinal=1,
        judge=make_judge_row(team),
        document=canonical_bytes(document_json(document)),
        document_hash=content_hash(document),
        status="done",
    )
    grades = []
    for number, tier in enumerate(planted.tiers):
        answer = make_answer(question, f"Answer number {number}.", tier=tier)
        pinned = RunAnswer.objects.create(
            run=run, answer=answer, ordinal=number, text=answer.text, messages=answer.messages
        )
        for criterion, (_, _, verdicts) in zip(document.criteria, planted.criteria, strict=True):
            given = {"status": "not_applicable"}
            if verdicts[number] != "-":
                given = {"status": "graded", "value": float(verdicts[number])}
            grades.append(
                Grade(
                    run=run,
                    run_answer=pinned,
                    criterion_key=criterion.key,
                    repeat=0,
                    fingerprint="0" * 64,
                    **given,
                )
            )
    Grade.objects.bulk_create(grades)
    return question, run


def fix_first(team, planted, **fields):
    """What the report says to fix first, as programs read it, and the criteria's keys."""
    from rubric_studio.steering.report import report_json, report_of

    question, run = grade(team, planted, **fields)
    keys = list(question.criteria.order_by("position").values_list("key", flat=True))
    return report_json(report_of(run))["fix_first"], keys


CLEAN = Planted()
