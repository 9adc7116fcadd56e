"""Who knew what a run says, and since when."""

import pytest
from django.urls import reverse

from rubric_studio.accounts.models import ApiToken, Scope
from rubric_studio.grading.answers.comparisons import compare_answers
from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.answers.knowing import known_to, note_seen
from rubric_studio.grading.models import RunSeen
from tests.cast import make_answer
from tests.rubrics.pages import HTMX, editor_fields
from tests.steering.graded import SIX, make_graded_run, make_tested


@pytest.fixture
def tested(team, alice):
    return make_tested(team, SIX)


@pytest.mark.parametrize("name", ["steering", "grade", "write"])
def test_pages_with_scores_or_verdicts_are_remembered(client, tested, alice, bob, name):
    question, run = tested
    client.force_login(bob)
    for _ in range(2):
        assert client.get(reverse(name, args=[question.pk])).status_code == 200
    assert [(it.run, it.user) for it in RunSeen.objects.all()] == [(run, bob)]


@pytest.mark.parametrize("name", ["answers", "comparisons", "labelling", "probes"])
def test_pages_without_scores_leave_one_blind(client, tested, alice, name):
    question, _ = tested
    client.force_login(alice)
    assert client.get(reverse(name, args=[question.pk])).status_code == 200
    assert not RunSeen.objects.exists()


def test_scores_beside_a_criterion_are_remembered(client, tested, alice):
    question, _ = tested
    client.force_login(alice)
    criterion = question.criteria.first()
    url = reverse("try-scores", args=[criterion.pk])
    client.post(url, editor_fields(criterion), headers=HTMX)
    assert RunSeen.objects.filter(user=alice).exists()


def test_a_run_without_a_verdict_tells_nothing(team, alice):
    _, run = make_tested(team, [(None, {"tier": 1})])
    note_seen(run, alice)
    assert not RunSeen.objects.exists()


def test_whoever_saw_a_run_before_costs_one_query(tested, alice, django_assert_num_queries):
    _, run = tested
    note_seen(run, alice)
    with django_assert_num_queries(1):
        note_seen(run, alice)


def test_an_answer_that_no_run_graded_is_still_stated_blind(tested, alice):
    question, run = tested
    note_seen(run, alice)
    new = make_answer(question, "A new one.", ordinal=40)
    old = question.answers.first()
    for answer in (new, old):
        edit_answer(answer, alice, tier=4)
        answer.refresh_from_db()
    known = known_to(question)
    assert (known.is_late(new), known.is_late(old)) == (False, True)


def test_what_came_along_without_a_name_is_late_when_anybody_knew(tested, alice, rita):
    question, run = tested
    note_seen(run, rita)
    answer = question.answers.first()
    edit_answer(answer, alice, tier=2)
    answer.refresh_from_db()
    assert not known_to(question).is_late(answer)
    answer.expected_by = None
    assert known_to(question).is_late(answer)


def test_knowing_takes_one_query_however_many_runs(tested, alice, rita, django_assert_num_queries):
    question, run = tested
    answers = list(question.answers.all())
    for _ in range(3):
        note_seen(make_graded_run(question, dict.fromkeys(answers, 1)), rita)
    note_seen(run, alice)
    with django_assert_num_queries(1):
        known = known_to(question)
    assert len(known.since) == 12
    assert len(known.since_any) == 6


def test_programs_read_which_choices_were_late(client, tested, alice, rita):
    question, run = tested
    a, b, *_ = question.answers.all()
    note_seen(run, alice)
    for user in (alice, rita):
        compare_answers(a, b, user)
    _, token = ApiToken.issue(rita, "Tests", [Scope.RUBRICS_READ, Scope.RUBRICS_WRITE])
    headers = {"Authorization": f"Bearer {token}"}
    url = f"/api/v1/questions/{question.pk}/comparisons"
    rows = client.get(url, headers=headers).json()["results"]
    assert {it["author"]: it["late"] for it in rows} == {alice.email: True, rita.email: False}
    sent = {"better": str(b.pk), "worse": str(a.pk)}
    made = client.post(url, sent, content_type="application/json", headers=headers)
    assert (made.status_code, made.json()["late"]) == (201, False)
