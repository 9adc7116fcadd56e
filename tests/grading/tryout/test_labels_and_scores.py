"""What follows from a try: one's own label, other scores."""

import re

from django.urls import reverse

from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Label
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_answer, make_criterion, make_rubric
from tests.grading.tryout.tries import label_fields, try_out, typed, verdicts
from tests.grading_cast import make_answers, make_judge, make_run, work
from tests.rubrics.pages import HTMX, page


def test_disagreeing_makes_a_label_under_the_words_that_were_tried(client, criterion, alice):
    answer = criterion.question.answers.first()
    url = reverse("try-label", args=[criterion.pk])

    fields = label_fields(criterion, answer, "unmet", text="Says to call at once")
    html = page(client.post(url, fields, headers=HTMX))

    assert "you: not met" in html
    label = Label.objects.get()
    assert (label.value, label.author, label.is_current) == (0.0, alice, True)
    parts = try_out(client, criterion, text="Says to call at once")
    assert "you: not met" in "".join(parts[1:])
    assert "you: not met" not in "".join(try_out(client, criterion))
    edit_criterion(criterion, alice, 1, text="Says to call at once")
    criterion.refresh_from_db()
    assert "you: not met" in "".join(try_out(client, criterion))
    html = page(client.post(url, {**fields, "verdict": ""}, headers=HTMX))
    assert "you:" not in html
    assert not Label.objects.current().exists()


def beside(client, criterion):
    """The editor with what the newest run says."""
    return page(client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX))


def test_the_verdicts_of_a_run_can_be_disagreed_with_where_one_writes(
    client, criterion, alice, judge
):
    run = work(make_run(criterion.question, judge))
    answer = criterion.question.answers.first()
    assert beside(client, criterion).count(f'data-run="{run.pk}"') == 2
    url = reverse("try-label", args=[criterion.pk])
    fields = label_fields(criterion, answer, "unmet", text="Typed since, and not saved")

    html = page(client.post(url, {**fields, "run": run.pk}, headers=HTMX))

    assert "you: not met" in html
    assert f'data-run="{run.pk}"' in html
    assert Label.objects.get().value == 0.0
    shown = beside(client, criterion)
    assert shown.count("you: not met") == 1
    assert re.search(r"Alike in <b>0 of 1</b>", shown)
    edit_criterion(criterion, alice, 1, text="Says to call at once")
    assert "data-opinion=" not in beside(client, criterion)


def test_what_a_colleague_said_of_a_runs_verdict_is_not_shown_as_ones_own(
    client, criterion, judge, rita
):
    work(make_run(criterion.question, judge))
    set_label(criterion.question.answers.first(), criterion.key, rita, verdict="unmet")
    shown = beside(client, criterion)
    assert "you: " not in shown
    assert "Alike in" in shown


def test_no_opinion_is_asked_for_where_a_run_has_no_one_verdict(client, criterion, scripted_judge):
    turns = iter([1, 0] * 2)
    scripted_judge.script({"kind": "prose", "answer": "Wait"})
    question = criterion.question
    run = work(make_run(question, make_judge(question.collection.team, scripted_judge), repeats=2))
    good = run.grades.filter(run_answer__answer__name="Good")
    for grade in good:
        grade.value = next(turns)
        grade.save()
    html = beside(client, criterion)
    assert html.count('class="tried-card"') == 2
    assert "data-opinion=" not in html


def test_only_a_run_that_judged_the_criterion_can_be_disagreed_with(client, criterion, judge):
    run = work(make_run(criterion.question, judge))
    later = make_criterion(criterion.question, "Names the number")
    answer = criterion.question.answers.first()
    fields = {**label_fields(later, answer, "met"), "run": run.pk}
    assert client.post(reverse("try-label", args=[later.pk]), fields).status_code == 404
    fields = {**label_fields(criterion, answer, "met"), "run": "nonsense"}
    assert client.post(reverse("try-label", args=[criterion.pk]), fields).status_code == 404
    assert not Label.objects.exists()


def test_a_label_needs_a_verdict_of_the_criterion_and_the_answer_as_tried(client, criterion):
    answer = criterion.question.answers.first()
    url = reverse("try-label", args=[criterion.pk])
    bad = client.post(url, label_fields(criterion, answer, "mostly"), headers=HTMX)
    assert "Choose one of: met, unmet" in page(bad)
    old = {**label_fields(criterion, answer, "met"), "answer_revision": 7}
    assert "has changed since it was tried" in page(client.post(url, old, headers=HTMX))
    other = make_answer(make_rubric(criterion.question.collection.team, "Else"))
    fields = label_fields(criterion, other, "met")
    assert client.post(url, fields, headers=HTMX).status_code == 404


def test_levels_are_offered_against_the_one_that_was_chosen(client, criterion, scripted_judge):
    levels = {
        "level_label": ["none", "some", "all"],
        "level_value": ["0", "0.5", "1"],
        "level_description": ["", "", ""],
    }
    scripted_judge.answer_with(lambda criterion, answer: criterion.verdicts[1])

    parts = try_out(client, criterion, **levels)

    assert verdicts(parts) == {"A": "some", "B": "some"}
    opinion = parts[1].split("tried-others")[1]
    assert re.findall(r'data-verdict="(\w+)"', opinion) == ["none", "all"]


def scores(client, criterion, **fields):
    url = reverse("try-scores", args=[criterion.pk])
    return client.post(url, typed(criterion, **fields), headers=HTMX)


def test_other_points_move_the_scores_without_a_call(client, criterion, judge, scripted_judge):
    make_criterion(criterion.question, "Names the number", points=5)
    scripted_judge.answer_with(
        lambda asked, answer: "met" if "now" in answer and "call" in asked.text else "unmet"
    )
    work(make_run(criterion.question, judge))
    scripted_judge.reset()

    html = page(scores(client, criterion, points="15"))

    said = re.sub(r"<[^>]+>|\s+", " ", html)
    assert re.search(r"Answer A\s+0\.50\s+→\s+, now\s+0\.75", said)
    assert re.search(r"Answer B\s+0\.00 ", said)
    assert scripted_judge.stats()["calls"] == 0
    assert "scores stay as they are" in page(scores(client, criterion))


def test_other_words_leave_the_score_between_two_ends(client, criterion, judge):
    make_criterion(criterion.question, "Names the number", points=5)
    work(make_run(criterion.question, judge))

    html = page(scores(client, criterion, text="Says something else"))

    assert "0.50 to 1.00" in html
    assert "1 criterion not judged in these words yet" in html


def test_there_are_no_scores_before_a_run_or_for_what_cannot_stand(client, criterion, judge):
    assert scores(client, criterion).status_code == 204
    work(make_run(criterion.question, judge))
    assert scores(client, criterion, points="").status_code == 204


def test_at_most_three_answers_are_pinned(client, criterion):
    make_answers(criterion.question, "C", "D")
    first, *others, last = criterion.question.answers.all()
    for answer in (first, *others):
        assert client.post(reverse("answer-pin", args=[answer.pk]), {"pinned": "on"}).url
    refused = client.post(reverse("answer-pin", args=[last.pk]), {"pinned": "on"}, headers=HTMX)
    assert "3 answers are pinned already" in page(refused)
    html = page(client.post(reverse("answer-pin", args=[first.pk]), headers=HTMX))
    assert "Pin<" in html
    assert "Unpin" in page(
        client.post(reverse("answer-pin", args=[last.pk]), {"pinned": "on"}, headers=HTMX)
    )
