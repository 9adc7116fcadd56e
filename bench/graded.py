"""A finished run with all that a report can rest on: sections with caps, a gate, penalties, steer
tests and probes, verdicts in every cell, labels of two experts, choices in pairs. Call inside
`stage()`. Drawn with a fixed seed; better tiers meet more.
"""

from itertools import islice
from random import Random

TIERS = 4
# Of a hundred cells so many flip between repeats; experts say something else than the judge; a
# steer test's target stays where it was.
FLIPS, DISSENT, DEAF = 0.05, 0.1, 0.1
SECTIONS = 10
EXPLOITS, EDITED, EDITS_EACH, FORMS = 20, 6, 5, 10
MOST_LABELS, CHOICES = 10_000, 200
FAMILIES = ("stuffing", "padding", "compliance", "echo")


def make_graded(collection, experts, judge, number, criteria, answers, repeats, *, bare=False):  # type: ignore[no-untyped-def]
    """Of a `bare` one neither caps nor gates, probes, labels or choices are there."""
    from rubric_studio.grading.runs import pinning
    from rubric_studio.grading.runs.starting import start_run

    rows = answers + (0 if bare else EXPLOITS + EDITED * EDITS_EACH + FORMS)
    # Beyond what may run, to see how time grows.
    pinning.MOST_CELLS = max(pinning.MOST_CELLS, criteria * rows * repeats)
    random, user = Random(number), experts[0]
    document = _document(number, criteria, bare)
    question = _question(collection, user, document, answers)
    if not bare:
        _add_probes(question, user, document, random)
    run = start_run(question, user, judge=judge, version=None, repeats=repeats)
    met = _give_verdicts(run, random)
    if not bare:
        _label(question, experts, met, random)
        _choose(question, user, random)
    run.refresh_from_db()
    return run


def _document(number, criteria, bare):  # type: ignore[no-untyped-def]
    """Every fifth criterion a penalty; a section pays at most two thirds of its points."""
    from rubric_studio.engine.document.types import (
        Criterion,
        Document,
        Gate,
        Message,
        Question,
        Section,
    )

    points = [-4 if at % 5 == 4 else 1 + at % 7 for at in range(criteria)]
    parts = [None if bare else f"s-{at % SECTIONS}" for at in range(criteria)]
    sections = []
    for key in sorted(set(parts) - {None}):
        due = sum(it for it, part in zip(points, parts, strict=True) if part == key and it > 0)
        sections.append(Section(key, f"Part {key}", cap=max(1, due * 2 // 3)))
    return Document(
        Question(key=f"q-{number}", messages=(Message("user", "What should I do now?"),)),
        tuple(sections),
        tuple(
            Criterion(
                f"c-{at}",
                f"Says thing {at} of question {number}.",
                points[at],
                section=parts[at],
                gate=None if bare or at != 4 else Gate(0.5),
            )
            for at in range(criteria)
        ),
    )


def _question(collection, user, document, answers):  # type: ignore[no-untyped-def]
    from rubric_studio.engine.formats import Imported, ImportedQuestion
    from rubric_studio.grading.answers.editing import add_answers
    from rubric_studio.rubrics.importing import import_questions

    [question] = import_questions(collection, user, Imported((ImportedQuestion(document),)))
    texts = [{"text": f"Answer {at}. " + "It says a few words. " * 40} for at in range(answers)]
    add_answers(question, user, texts)
    rows = list(question.answers.order_by("ordinal"))
    for place, answer in enumerate(rows):
        answer.tier = 1 + place % TIERS
    question.answers.bulk_update(rows, ["tier"])
    return question


def _add_probes(question, user, document, random):  # type: ignore[no-untyped-def]
    from rubric_studio.grading.probes.keeping import NewProbe, keep_probes

    bases = list(question.answers.order_by("ordinal"))
    keys = [it.key for it in document.criteria]
    new = []
    for at in range(EXPLOITS):
        base = bases[at % len(bases)]
        text = f"{base.text} Stuffed {at}."
        family = FAMILIES[at % len(FAMILIES)]
        new.append(NewProbe("exploit", family, family, text, base, inserted=[(0, 10)]))
    for at in range(EDITED * EDITS_EACH):
        base, key = random.choice(bases), keys[at % EDITED]
        told = {"criterion_key": key, "expected": {key: "down"}}
        new.append(NewProbe("steer", "by_hand", "edit", f"{base.text} Edit {at}.", base, **told))
    for at in range(FORMS):
        base = random.choice(bases)
        new.append(NewProbe("invariant", "bullets", "form", f"{base.text} - {at}", base))
    keep_probes(question, user, document, new)


def _give_verdicts(run, random):  # type: ignore[no-untyped-def]
    """Settled verdicts by answer and criterion."""
    from django.db import connection
    from django.utils.timezone import now

    from rubric_studio.grading.models import Probe

    answers = {it.pk: it for it in run.question.answers.all()}
    probes = {it.answer_id: it for it in Probe.objects.filter(answer__in=answers)}
    met, ids, values = {}, [], []
    rows = run.grades.values_list("pk", "run_answer__answer_id", "criterion_key")
    # Bases stand before what was made of them.
    for pk, answer, key in rows.order_by("run_answer__ordinal", "pk").iterator():
        if (answer, key) not in met:
            met[answer, key] = _settled(answers[answer], probes.get(answer), key, met, random)
        ids.append(pk)
        values.append(float(met[answer, key] != (random.random() < FLIPS)))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grading_grade g SET status = 'graded', value = n.value, graded_at = now()"
            " FROM unnest(%s::bigint[], %s::float8[]) AS n(id, value) WHERE g.id = n.id",
            [ids, values],
        )
        cursor.execute("ANALYZE")
    run.run_answers.update(finished_at=now())
    type(run).objects.filter(pk=run.pk).update(status="done", finished_at=now())
    return met


def _settled(answer, probe, key, met, random) -> bool:  # type: ignore[no-untyped-def]
    if probe is None:
        return random.random() < answer.tier / (TIERS + 1)
    if probe.kind == "exploit":
        return random.random() < met[probe.base_id, key] * 0.9 + 0.05
    if key in probe.expected:
        return random.random() < DEAF
    return met[probe.base_id, key] != (random.random() < FLIPS / 5)


def _label(question, experts, met, random):  # type: ignore[no-untyped-def]
    """Each expert on the same answers, all their criteria."""
    from rubric_studio.grading.answers.editing import answer_hash, content_of
    from rubric_studio.grading.labels import grading_hashes
    from rubric_studio.grading.models import Label
    from rubric_studio.rubrics.draft import draft_document

    hashes = grading_hashes(draft_document(question))
    own = list(question.answers.exclude(origin="probe").order_by("ordinal"))
    labels = (
        Label(
            answer=answer,
            criterion_key=key,
            author=expert,
            status="graded",
            value=float(met[answer.pk, key] != (random.random() < DISSENT)),
            grading_hash=grading_hash,
            answer_hash=answer_hash(content_of(answer)),
        )
        for answer in own
        for key, grading_hash in hashes.items()
        for expert in experts
    )
    Label.objects.bulk_create(islice(labels, MOST_LABELS), batch_size=1000)


def _choose(question, user, random):  # type: ignore[no-untyped-def]
    from rubric_studio.grading.models import Comparison

    own = list(question.answers.exclude(origin="probe"))
    pairs = [sorted(random.sample(own, 2), key=lambda it: -it.tier) for _ in range(CHOICES)]
    Comparison.objects.bulk_create(
        Comparison(question=question, author=user, better=a, worse=b, is_tie=a.tier == b.tier)
        for a, b in pairs
    )
