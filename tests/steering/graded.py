"""Runs with verdicts as a judge would have given them, without a worker."""

from itertools import count

from tests.cast import make_answer, make_rubric

_ordinals = count(1)
TEN = [f"Says thing {number}" for number in range(1, 11)]


def make_demo_judge(team):
    from rubric_studio.grading.models import Judge

    return Judge.objects.create(
        team=team, kind="demo", name="Demo judge", base_url="http://127.0.0.1:1/v1", model="tiny"
    )


def make_judge_row(team, name="qwen3-32b"):
    from rubric_studio.grading.models import Judge

    return Judge.objects.create(
        team=team, name=name, base_url="https://judge.example/v1", model=name
    )


def make_graded_run(question, met, judge=None, repeats=1, status="done"):
    """A run whose answers met as many of the first criteria as `met` says: {answer: 7}.

    A list gives one number per repeat. None leaves the answer's cells without a verdict.
    """
    from rubric_studio.engine.document.canonical import canonical_bytes, content_hash
    from rubric_studio.engine.document.writing import document_json
    from rubric_studio.grading.models import Grade, Run, RunAnswer
    from rubric_studio.rubrics.draft import draft_document

    document = draft_document(question)
    run = Run.objects.create(
        question=question,
        ordinal=next(_ordinals),
        judge=judge or make_judge_row(question.collection.team),
        document=canonical_bytes(document_json(document)),
        document_hash=content_hash(document),
        repeats=repeats,
        status=status,
    )
    grades = []
    for number, (answer, given) in enumerate(met.items()):
        pinned = RunAnswer.objects.create(
            run=run, answer=answer, ordinal=number, text=answer.text, messages=answer.messages
        )
        for repeat in range(repeats):
            reached = given[repeat] if isinstance(given, list) else given
            for place, criterion in enumerate(document.criteria):
                verdict = {"status": "failed", "value": None}
                if reached is not None:
                    verdict = {"status": "graded", "value": float(place < reached)}
                grades.append(
                    Grade(
                        run=run,
                        run_answer=pinned,
                        criterion_key=criterion.key,
                        repeat=repeat,
                        fingerprint="0" * 64,
                        **verdict,
                    )
                )
    Grade.objects.bulk_create(grades)
    return run


def make_tested(team, met, **options):
    """A question of ten criteria of one point each, its answers and their run.

    `met` is a list of (criteria met, fields of the answer): the score is a tenth of the former.
    """
    # Guards, since what few answers never or always meet is beside the point here.
    criteria = [{"text": text, "points": 1, "guard": True} for text in TEN]
    question = make_rubric(team, *criteria)
    answers = {make_answer(question, **fields): reached for reached, fields in met}
    return question, make_graded_run(question, answers, **options)


SIX = [
    (9, {"tier": 3, "name": "Complete"}),
    (8, {"tier": 3}),
    (6, {"tier": 2}),
    (5, {"tier": 2}),
    (2, {"tier": 1}),
    (0, {"tier": 1}),
]
