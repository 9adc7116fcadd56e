"""What comparing and publishing say of grades, labels and the state on your samples."""

import pytest
from django.urls import reverse

from rubric_studio.grading.labels import set_label
from rubric_studio.rubrics.editing import delete_criterion, edit_criterion, edit_question
from tests.cast import make_answer, make_criterion, make_rubric, make_version
from tests.grading_cast import make_run, work
from tests.rubrics.pages import page
from tests.steering.graded import SIX, make_demo_judge, make_tested

pytestmark = pytest.mark.django_db


def compare(client, question, **query):
    return page(client.get(reverse("compare", args=[question.pk]), query))


def publish(client, question):
    return page(client.get(reverse("publish", args=[question.pk])))


@pytest.fixture
def judged(client, team, alice, judge):
    """Three published criteria, two answers, judged by the scripted judge; one label on each cell
    of the first criterion."""
    client.force_login(alice)
    question = make_rubric(team, "Says one.", "Says two.", "Says three.")
    answers = [make_answer(question, text) for text in ("First.", "Second.")]
    make_version(question)
    work(make_run(question, judge))
    for answer in answers:
        set_label(answer, question.criteria.first().key, alice, verdict="met")
    return question


def test_nothing_changed_leaves_nothing_to_bring_up_to_date(client, judged):
    html = compare(client, judged)

    assert "<b>0 of 6</b>" in html
    assert "<b>0 of 2</b>" in html
    assert "Label again" not in html
    assert reverse("run-start", args=[judged.pk]) not in html


def test_rewording_asks_judge_and_experts_again(client, judged, alice):
    edit_criterion(judged.criteria.first(), alice, 1, text="Says one plainly.")

    html = compare(client, judged)

    assert "<b>2 of 6</b>" in html
    assert "<b>2 of 2</b>" in html
    assert "<dd>4</dd>" in html
    assert "Judge 2 cells…" in html
    assert "Label again" in html


def test_points_ask_nobody_and_new_and_removed_criteria_count(client, judged, alice):
    first, second, _ = judged.criteria.all()
    edit_criterion(first, alice, 1, points=9)
    delete_criterion(second, alice)
    make_criterion(judged, "Says four.")

    html = compare(client, judged)

    assert "<b>2 of 6</b>" in html
    assert "<b>0 of 2</b>" in html
    assert "<dd>4</dd>" in html


def test_two_versions_are_compared_without_buttons(client, judged, alice):
    old = judged.versions.get()
    edit_criterion(judged.criteria.first(), alice, 1, text="Says one plainly.")
    new = make_version(judged, note="More.")

    html = compare(client, judged, **{"from": old.pk, "to": new.pk})

    assert "<b>2 of 6</b>" in html
    assert "Judge 2 cells…" not in html


def test_without_grades_or_labels_there_are_no_numbers(client, team, alice):
    client.force_login(alice)
    question = make_rubric(team, "Says one.")
    make_version(question)

    html = compare(client, question)

    assert "No judge has tried this question yet, and no expert has labelled" in html
    assert "Cells to judge again" not in html


def test_readers_get_no_buttons(client, judged, alice, bob):
    edit_criterion(judged.criteria.first(), alice, 1, text="Says one plainly.")
    client.force_login(bob)

    html = compare(client, judged)

    assert "<b>2 of 6</b>" in html
    assert "Judge 2 cells…" not in html


def test_comparing_takes_few_queries(client, judged, alice, django_assert_max_num_queries):
    edit_criterion(judged.criteria.first(), alice, 1, text="Says one plainly.")
    with django_assert_max_num_queries(25):
        compare(client, judged)


def test_publishing_says_how_the_draft_does_on_the_samples(client, team, alice):
    client.force_login(alice)
    question, run = make_tested(team, SIX)

    html = publish(client, question)

    assert "Steers on your samples, with warnings" in html
    assert "Look at lint and coverage (figure 11)." in html
    assert "Steer tests and exploit probes are not tested yet." in html
    assert f"{reverse('steering', args=[question.pk])}?run={run.pk}" in html
    assert "since run" not in html


def test_publishing_says_what_the_run_did_not_try(client, team, alice):
    client.force_login(alice)
    question, run = make_tested(team, SIX)
    first, second, *_ = question.criteria.all()

    edit_criterion(first, alice, 1, points=2)
    assert f"have changed since run {run.ordinal}: its verdicts still count" in publish(
        client, question
    )
    edit_criterion(second, alice, 1, text="Says thing 2 plainly")
    assert f"1 criterion has changed since run {run.ordinal}" in publish(client, question)
    edit_question(question, alice, 1, messages=[{"role": "user", "content": "And now?"}])
    assert "The question reads otherwise" in publish(client, question)


def test_publishing_untested_says_so(client, team, alice):
    client.force_login(alice)

    assert "No run has tried this rubric" in publish(client, make_rubric(team, "Says one."))


def test_publishing_after_the_demo_judge_is_a_rehearsal(client, team, alice):
    client.force_login(alice)
    question, _ = make_tested(team, SIX, judge=make_demo_judge(team))

    assert "read this as a rehearsal" in publish(client, question)


def test_publishing_takes_few_queries(client, team, alice, django_assert_max_num_queries):
    client.force_login(alice)
    question, _ = make_tested(team, SIX)
    publish(client, question)  # keeps the report
    with django_assert_max_num_queries(25):
        publish(client, question)
