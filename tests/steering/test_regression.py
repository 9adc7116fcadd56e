"""What a new version did to the answers, by real grades, and the button that judges it again."""

from dataclasses import replace

import pytest
from django.urls import reverse

from rubric_studio.grading.models import Grade, Run
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import delete_criterion, edit_criterion
from rubric_studio.rubrics.publishing import published_document
from rubric_studio.steering.moves import compared_runs
from rubric_studio.steering.regression import regression_sentence
from rubric_studio.steering.rerunning import NothingToRepeat, run_again
from tests.cast import make_answer, make_rubric, make_version
from tests.grading_cast import make_run, work
from tests.rubrics.pages import page
from tests.steering.graded import SIX, make_graded_run, make_judge_row, make_tested

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(team, alice):
    """A published and tested rubric whose first criterion now pays 12 in place of 1."""
    judge = make_judge_row(team)
    question, first = make_tested(team, SIX, judge=judge)
    version = make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=12)
    return question, version, first


def again(question, first, reached):
    answers = list(question.answers.order_by("ordinal"))
    return make_graded_run(question, dict(zip(answers, reached, strict=True)), judge=first.judge)


def found(question, version):
    return compared_runs(question, published_document(version), draft_document(question))


def test_without_a_run_of_the_new_side_nothing_is_claimed(changed):
    question, version, first = changed
    compared = found(question, version)
    assert (compared.before, compared.after, compared.regression) == (first, None, None)


def test_every_moved_score_is_named_with_what_moved_it(changed):
    question, version, first = changed
    run = again(question, first, [9, 8, 6, 5, 2, 0])
    compared = found(question, version)
    assert (compared.before, compared.after, compared.other_judge) == (first, run, False)
    moved = {it.sample.letter: it for it in compared.regression.moved}
    # A met 9 of 10 points and meets 12 + 8 of 21 now.
    assert moved["A"].before == pytest.approx(0.9)
    assert moved["A"].after == pytest.approx(20 / 21)
    assert moved["E"].cause.number == 1
    assert not moved["E"].cause.is_itself_same
    assert compared.regression.same == 1
    assert (compared.regression.lost, compared.regression.won) == ((), ())
    assert "5 scores moved, 1 stayed." in regression_sentence(compared.regression)


def test_scores_of_probes_and_small_moves_are_counted_apart(changed):
    question, version, first = changed
    again(question, first, [9, 8, 6, 5, 2, 0])
    found_now = found(question, version).regression
    first_moved = replace(found_now.moved[0], is_probe=True)
    hardly = replace(found_now.moved[1], after=found_now.moved[1].before + 0.004)
    said = regression_sentence(
        replace(found_now, moved=(hardly, *found_now.moved[2:], first_moved))
    )
    assert said.startswith(
        "4 scores of answers and 1 of probes moved, 1 of them by less than 0.01, 1 stayed."
    )


def test_a_share_that_others_moved_is_said_to_be_so(team, alice):
    question, first = make_tested(team, [(0, {"tier": 1})] * 2)
    version = make_version(question)
    keys = list(question.criteria.order_by("position").values_list("key", flat=True))
    edit_criterion(question.criteria.get(key=keys[0]), alice, 1, points=12)
    run = again(question, first, [0, 0])
    for one in (first, run):
        one.grades.filter(criterion_key=keys[1]).update(value=1.0)
    moved = found(question, version).regression.moved
    assert {(it.cause.key, it.cause.is_itself_same) for it in moved} == {(keys[1], True)}
    assert all(it.after == pytest.approx(1 / 21) for it in moved)


def test_pairs_that_leave_and_enter_the_order_are_named(changed):
    question, version, first = changed
    again(question, first, [9, 8, 6, 0, 2, 0])
    regression = found(question, version).regression
    assert [(it.better.letter, it.worse.letter) for it in regression.lost] == [
        ("D", "E"),
        ("D", "F"),
    ]
    assert "2 pairs have left your order." in regression_sentence(regression)


def test_a_removed_criterion_is_named_as_removed(team, alice):
    question, first = make_tested(team, SIX)
    version = make_version(question)
    criterion = question.criteria.first()
    delete_criterion(criterion, alice, 1)
    again(question, first, [9, 7, 5, 4, 1, 0])
    regression = found(question, version).regression
    assert criterion.key in {it.cause.key for it in regression.moved if it.cause}
    assert None in {it.cause.number for it in regression.moved if it.cause}


def test_incomplete_and_new_answers_have_no_change(changed):
    question, version, first = changed
    make_answer(question, tier=1)
    again(question, first, [9, 8, 6, 5, 2, None, 3])
    regression = found(question, version).regression
    rest = {it.sample.letter: it for it in regression.moved if it.change is None}
    assert not rest["F"].is_new
    assert rest["F"].after is None
    assert rest["G"].is_new
    assert rest["G"].after is not None


def test_other_judges_are_said_to_be_others(changed):
    question, version, _ = changed
    answers = list(question.answers.order_by("ordinal"))
    make_graded_run(question, dict(zip(answers, [9, 8, 6, 5, 2, 0], strict=True)))
    assert found(question, version).other_judge


def test_the_same_document_is_not_compared_with_its_own_run(changed):
    question, version, first = changed
    document = published_document(version)
    assert compared_runs(question, document, document).before is None
    second = again(question, first, [9, 8, 6, 5, 2, 0])
    assert second != first


def test_the_page_offers_to_judge_what_changed_and_then_shows_what_moved(client, changed, alice):
    client.force_login(alice)
    question, _, first = changed
    compare = reverse("compare", args=[question.pk])
    html = page(client.get(compare))
    assert "Judge what changed on all answers" in html
    assert "Only real grades are compared." in html
    again(question, first, [9, 8, 6, 0, 2, 0])
    html = page(client.get(compare))
    assert "Judge what changed on all answers" not in html
    assert "E is no longer below D" in html
    assert "E is no longer below D" in page(client.get(reverse("publish", args=[question.pk])))


def test_only_what_changed_is_judged_again(client, team, alice, judge):
    client.force_login(alice)
    question = make_rubric(team, "Says one.", "Says two.")
    for text in ("First.", "Second."):
        make_answer(question, text)
    make_version(question)
    work(make_run(question, judge))
    edit_criterion(question.criteria.first(), alice, 1, text="Says one plainly.")
    response = client.post(reverse("run-again", args=[question.pk]))
    run = Run.objects.first()
    assert response["Location"] == run.get_absolute_url()
    assert (run.version, run.judge) == (None, judge)
    grades = Grade.objects.filter(run=run)
    assert grades.filter(reused=True, status="graded").count() == 2
    assert grades.filter(status="pending").count() == 2


def test_a_version_can_be_judged_again_and_others_versions_not(client, changed, alice, team):
    client.force_login(alice)
    question, version, _ = changed
    address = reverse("run-again", args=[question.pk])
    client.post(address, {"version": version.pk})
    assert Run.objects.first().version == version
    other = make_version(make_rubric(team, "Says one."))
    assert client.post(address, {"version": other.pk}).status_code == 404


def test_without_a_judge_there_is_nothing_to_repeat(team, alice):
    question = make_rubric(team, "Says one.")
    with pytest.raises(NothingToRepeat):
        run_again(question, alice, None)


def test_readers_may_not_and_strangers_find_nothing(client, changed, bob, charlie):
    address = reverse("run-again", args=[changed[0].pk])
    client.force_login(bob)
    assert client.post(address).status_code == 403
    client.force_login(charlie)
    assert client.post(address).status_code == 404
