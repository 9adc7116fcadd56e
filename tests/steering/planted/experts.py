"""Experts' labels on the graded answers, and a judge that was asked again."""

from tests.cast import make_user


def label(question, experts, criterion, verdicts):
    """Each of these people's labels on the criterion at that place: digits, a dash for none."""
    from rubric_studio.grading.labels import set_label

    key = question.criteria.order_by("position")[criterion].key
    for user in experts:
        for answer, said in zip(question.answers.order_by("ordinal"), verdicts, strict=True):
            if said != "-":
                words = {"1": "met", "0": "unmet", "n": "not_applicable", "?": "cannot_assess"}
                set_label(answer, key, user, verdict=words[said])


def label_all(question, experts, planted, **other):
    """Labels that are the planted verdicts, but for `other`: c3="11110000"."""
    for place, (_, _, verdicts) in enumerate(planted.criteria):
        label(question, experts, place, other.get(f"c{place}", verdicts))


def make_experts(team, many):
    return [make_user(f"Expert{number}", team, "reviewer") for number in range(many)]


def ask_again(run, **verdicts):
    """One more repeat of every cell, the same but for `verdicts`: c3="11110000"."""
    from rubric_studio.grading.models import Grade

    keys = list(run.question.criteria.order_by("position").values_list("key", flat=True))
    other = {keys[int(place.removeprefix("c"))]: said for place, said in verdicts.items()}
    grades = []
    for grade in run.grades.filter(repeat=0).select_related("run_answer"):
        grade.pk, grade.repeat = None, run.repeats
        if grade.criterion_key in other:
            grade.value = float(other[grade.criterion_key][grade.run_answer.ordinal])
        grades.append(grade)
    Grade.objects.bulk_create(grades)
    run.repeats += 1
    run.save()
