"""A collection with labels by experts and grades by judges, as rows."""

from uuid import uuid4

from tests.cast import make_collection, make_user
from tests.steering.planted.collection import CLEAN, grade
from tests.steering.planted.experts import label_all


def make_labelled(team, questions=2, experts=2, planted=CLEAN, **other):
    """Questions of one collection, each with a finished run by the same judge and labels by the
    same experts: the judge's verdicts but for `other`. Returns the collection and its runs."""
    from rubric_studio.grading.models import Judge, Run

    collection = make_collection(team, slug=f"labelled-{team.pk}")
    people = [make_user(f"Expert {number}", team, "reviewer") for number in range(experts)]
    runs = []
    for _ in range(questions):
        question, run = grade(team, planted)
        type(question).objects.filter(pk=question.pk).update(collection=collection)
        question.refresh_from_db()
        if runs:
            extra = run.judge
            Run.objects.filter(pk=run.pk).update(judge=runs[0].judge)
            Judge.objects.filter(pk=extra.pk).delete()
            run.refresh_from_db()
        label_all(question, people, planted, **other)
        runs.append(run)
    return collection, runs


def judge_again(run, name, cost=0, **other):
    """The same answers graded by another judge, the same but for `other`: c3="11110000"."""
    from rubric_studio.grading.models import Grade, Judge
    from tests.steering.graded import make_judge_row

    keys = list(run.question.criteria.order_by("position").values_list("key", flat=True))
    changed = {keys[int(place.removeprefix("c"))]: said for place, said in other.items()}
    pinned, grades = list(run.run_answers.all()), list(run.grades.all())
    judge = Judge.objects.filter(name=name, team=run.question.collection.team).first()
    run.judge = judge or make_judge_row(run.question.collection.team, name)
    run.pk, run.ordinal, run.cost = uuid4(), run.ordinal + 1, cost
    run.save(force_insert=True)
    places = {}
    for it in pinned:
        was = it.pk
        it.pk, it.run = None, run
        it.save(force_insert=True)
        places[was] = it
    for it in grades:
        it.pk, it.run = None, run
        it.run_answer = places[it.run_answer_id]
        if it.criterion_key in changed:
            it.value = float(changed[it.criterion_key][it.run_answer.ordinal])
    Grade.objects.bulk_create(grades)
    return run
