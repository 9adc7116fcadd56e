import uuid

import pytest
from django.urls import reverse

from tests.cast import make_answer, make_rubric
from tests.steering.graded import SIX, make_demo_judge, make_graded_run, make_tested

pytestmark = pytest.mark.django_db


def page(client, user, question, **query):
    client.force_login(user)
    return client.get(reverse("steering", args=[question.pk]), query)


def test_it_says_the_verdict_and_draws_twelve_figures(client, alice, team):
    question, _ = make_tested(team, SIX)
    html = page(client, alice, question).content.decode()
    assert "Steers on your samples" in html
    assert "Steer tests and exploit probes are not tested yet." in html
    for figure in range(1, 13):
        assert f'id="figure-{figure}"' in html
    assert "style=" not in html
    assert "1 of 5 pass" in html


def test_reader_may_read(client, bob, team):
    question, _ = make_tested(team, SIX)
    assert page(client, bob, question).status_code == 200


def test_outsider_finds_nothing(client, charlie, team):
    question, _ = make_tested(team, SIX)
    assert page(client, charlie, question).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, team):
    question, _ = make_tested(team, SIX)
    response = client.get(reverse("steering", args=[question.pk]))
    assert response.status_code == 302
    assert reverse("sign-in") in response.url


def test_nothing_can_be_posted(client, alice, team):
    question, _ = make_tested(team, SIX)
    client.force_login(alice)
    assert client.post(reverse("steering", args=[question.pk])).status_code == 405


def test_without_answers_it_offers_to_add_some(client, alice, team):
    question = make_rubric(team, "Explains the risks")
    html = page(client, alice, question).content.decode()
    assert "Not tested yet" in html
    assert f'href="{reverse("answers", args=[question.pk])}">' in html


def test_without_a_run_it_offers_to_start_one(client, alice, team):
    question = make_rubric(team, "Explains the risks")
    make_answer(question)
    html = page(client, alice, question).content.decode()
    assert "Start a run" in html


def test_too_few_say_how_many_more(client, alice, team):
    question, _ = make_tested(team, SIX[:3])
    html = page(client, alice, question).content.decode()
    assert "Too little data to say" in html
    assert "Add 2 more ranked answers" in html
    assert ">2 more<" in html
    assert "Open answers" in html


def test_ranked_answers_outside_the_run_are_pointed_at(client, alice, team):
    question, _ = make_tested(team, SIX[:3])
    make_answer(question, tier=1)
    html = page(client, alice, question).content.decode()
    assert "1 other answer with a tier is not in this run." in html
    assert "Run them too" in html


def test_a_swap_leads_to_the_criterion_that_makes_it(client, alice, team):
    question, _ = make_tested(team, [(1, SIX[0][1]), *SIX[1:]])
    html = page(client, alice, question).content.decode()
    criterion = question.criteria.all()[1]
    assert "Does not steer on your samples" in html
    assert f"?open={criterion.pk}" in html


def test_a_criterion_in_the_trash_leaves_the_way_to_the_grades(client, alice, team):
    from rubric_studio.rubrics.editing import delete_criterion

    question, run = make_tested(team, [*SIX[:3], (1, SIX[3][1]), *SIX[4:]])
    criterion = question.criteria.all()[1]
    delete_criterion(criterion, alice, criterion.revision)
    html = page(client, alice, question).content.decode()
    assert "?open=" not in html
    assert f"?run={run.pk}&amp;answer=" in html
    assert "The draft has changed since this run." in html


def test_the_run_can_be_chosen(client, alice, team):
    question, older = make_tested(team, SIX)
    answers = question.answers.all()
    make_graded_run(question, dict(zip(answers, (0, 2, 5, 6, 8, 9), strict=True)))
    assert "Does not steer" in page(client, alice, question).content.decode()
    assert "Steers on" in page(client, alice, question, run=older.pk).content.decode()


@pytest.mark.parametrize("run", [uuid.uuid4(), "nonsense"])
def test_an_unknown_run_is_not_found(client, alice, team, run):
    question, _ = make_tested(team, SIX)
    assert page(client, alice, question, run=run).status_code == 404


def test_a_run_of_another_question_is_not_found(client, alice, team):
    question, _ = make_tested(team, SIX)
    _, other = make_tested(team, SIX)
    assert page(client, alice, question, run=other.pk).status_code == 404


def test_a_finished_run_comes_before_a_newer_live_one(client, alice, team):
    question, older = make_tested(team, SIX)
    make_graded_run(question, dict.fromkeys(question.answers.all()), status="running")
    assert page(client, alice, question).context["run"] == older


def test_a_live_run_says_that_it_is_not_finished(client, alice, team):
    question, _ = make_tested(team, SIX, status="running")
    assert "This run is not finished" in page(client, alice, question).content.decode()


def test_the_demo_judges_verdicts_carry_a_warning(client, alice, team):
    question, _ = make_tested(team, SIX, judge=make_demo_judge(team))
    html = page(client, alice, question).content.decode()
    assert "no better than chance" in html
    assert reverse("judges") in html
    labelled = page(client, alice, question, verdicts="labels").content.decode()
    assert "no better than chance" not in labelled
    assert "No expert’s label fits" in labelled


def test_names_are_written_as_text(client, alice, team):
    question, _ = make_tested(
        team, [*SIX[:5], (9, {"tier": 1, "name": "<script>alert(1)</script>"})]
    )
    html = page(client, alice, question).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_few_queries_are_enough_for_a_kept_report(
    client, alice, team, django_assert_max_num_queries
):
    question, _ = make_tested(
        team,
        [([reached, 9 - reached], {**fields, "anchor": "ideal"}) for reached, fields in SIX],
        repeats=2,
    )
    client.force_login(alice)
    client.get(reverse("steering", args=[question.pk]))
    with django_assert_max_num_queries(23):
        client.get(reverse("steering", args=[question.pk]))
