import pytest
from django.template import Context, Template

from rubric_studio.steering.states import states_of
from rubric_studio.steering.storing import stored_report
from tests.cast import make_answer, make_rubric
from tests.steering.graded import SIX, make_graded_run, make_tested

pytestmark = pytest.mark.django_db


def test_each_state_has_its_words(team):
    steers, _ = make_tested(team, SIX)
    warned, _ = make_tested(team, [*SIX, (3, {"anchor": "empty"})])
    reversed_, _ = make_tested(team, [(9 - reached, fields) for reached, fields in SIX])
    little, _ = make_tested(team, SIX[:3])
    untested = make_rubric(team, "Explains the risks")
    states = states_of([steers, warned, reversed_, little, untested])
    assert [it.words for it in states.values()] == [
        "Steers",
        "Steers, warnings",
        "Does not steer",
        "Too little data, add 2",
        "Not tested",
    ]


def test_the_newest_finished_run_counts(team):
    question, _ = make_tested(team, [(9 - reached, fields) for reached, fields in SIX])
    answers = list(question.answers.all())
    newer = make_graded_run(question, dict(zip(answers, (9, 8, 6, 5, 2, 0), strict=True)))
    make_graded_run(question, dict.fromkeys(answers), status="running")
    state = states_of([question])[question.pk]
    assert (state.words, state.run) == ("Steers", newer)


def test_the_state_is_the_verdict_of_the_page_noise_included(team):
    from rubric_studio.steering.report import report_of

    met = [([8, 10], {"tier": 2})] * 3 + [([9, 7], {"tier": 1})] * 3
    question, run = make_tested(team, met, repeats=2)
    assert states_of([question])[question.pk].verdict == report_of(run).verdict
    assert report_of(run).verdict == "steers_with_warnings"


def test_warnings_of_the_other_figures_show_once_the_report_was_measured(team):
    question, run = make_tested(team, SIX)
    assert states_of([question])[question.pk].words == "Steers"
    assert stored_report(run).verdict == "steers_with_warnings"  # it has no penalty
    assert states_of([question])[question.pk].words == "Steers, warnings"


def test_queries_do_not_grow_with_the_list(team, django_assert_max_num_queries):
    questions = [make_tested(team, SIX)[0] for _ in range(3)]
    with django_assert_max_num_queries(5):
        assert len(states_of(questions)) == 3
    with django_assert_max_num_queries(3):
        assert len(states_of(questions)) == 3


def test_a_tier_stated_anew_changes_the_state(team):
    question, _ = make_tested(team, SIX)
    assert states_of([question])[question.pk].words == "Steers"
    answer = question.answers.first()
    answer.tier = 1
    answer.save()
    assert states_of([question])[question.pk].words == "Does not steer"
    answer.tier = None
    answer.save()
    question.answers.filter(tier=3).update(tier=None)
    assert states_of([question])[question.pk].words == "Too little data, add 1"


def test_a_run_resumed_and_finished_is_looked_at_again(team):
    from django.utils.timezone import now

    question, run = make_tested(team, [(None, SIX[0][1]), *SIX[1:]], status="incomplete")
    assert states_of([question])[question.pk].words == "Steers, warnings"
    run.grades.filter(status="failed").update(status="graded", value=1)
    run.finished_at = now()
    run.save()
    assert states_of([question])[question.pk].words == "Steers"


def test_no_questions_have_no_states(db):
    assert states_of([]) == {}


def test_the_tag_lists_shelves_with_their_states(team, django_assert_max_num_queries):
    from rubric_studio.rubrics.overview import shelves

    question, _ = make_tested(team, SIX)
    make_rubric(team, "Explains the risks", collection=question.collection)
    template = Template(
        "{% load steering %}{% steering_states shelves as states %}"
        "{% for row in shelves.0.questions %}{% steering_state row.question states %}{% endfor %}"
    )
    context = Context({"shelves": shelves([question.collection])})
    with django_assert_max_num_queries(5):
        html = template.render(context)
    assert "Steers" in html
    assert "Not tested" in html
    assert f'href="/q/{question.pk}/steering"' in html


def test_an_unranked_answer_does_not_count(team):
    question, _ = make_tested(team, [*SIX[:4], (3, {"tier": None})])
    make_answer(question, tier=1)
    assert states_of([question])[question.pk].words == "Too little data, add 1"
