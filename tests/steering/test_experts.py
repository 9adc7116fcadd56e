"""Figure 1 on experts who compared answers: their ceiling, and what each one's choices say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Document, Question
from rubric_studio.grading.answers.comparisons import compare_answers
from rubric_studio.grading.answers.knowing import note_seen
from rubric_studio.steering.experts import experts_of
from rubric_studio.steering.material import Compared, Material
from rubric_studio.steering.report import report_json, report_of
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.storing import report_as_text, report_from_text
from tests.steering.graded import SIX, make_tested


def choose(user, answers):
    """Every answer is better than the next one."""
    for better, worse in pairwise(answers):
        compare_answers(better, worse, user)


@pytest.mark.django_db
def test_two_experts_give_a_ceiling_and_each_ones_agreement_with_the_scores(team, alice, rita):
    question, run = make_tested(team, SIX)
    a, b, c, d, e, f = question.answers.all()
    choose(alice, [a, b, c, d, e, f])
    note_seen(run, rita)
    choose(rita, [b, a, c, d, e, f])
    report = report_of(run)
    shown = report_json(report)["figures"]["order"]
    ceiling = shown["ceiling"]
    assert (ceiling["experts"], ceiling["answers"], ceiling["pairs"]) == (2, 6, 15)
    assert ceiling["share"] == pytest.approx(14 / 15)
    low, high = ceiling["interval"]
    assert low < 14 / 15 <= high
    rows = {it["expert"]: it for it in shown["experts"]}
    assert {name: (it["late"], it["followed"]) for name, it in rows.items()} == {
        "Alice": (0, 15),
        "Rita": (5, 14),
    }
    said = report.order.experts.sentence
    assert said.startswith("The 2 experts agree with each other on 93 % of the pairs")
    assert said.endswith(
        ", and no more than that can be asked of the rubric; the scores agree with them on 97 %."
    )
    assert ceiling["followed"] == pytest.approx(29 / 30)
    assert report_from_text(report_as_text(report)) == report


@pytest.mark.django_db
def test_one_expert_is_told_what_a_second_one_would_show(team, alice):
    question, run = make_tested(team, SIX)
    choose(alice, list(question.answers.all()))
    figure = report_of(run).order
    assert figure.experts.sentence.startswith("One expert compared these answers")
    assert figure.as_json()["ceiling"]["share"] is None


@pytest.mark.django_db
def test_the_page_says_the_ceiling_and_lists_who_compared(client, team, alice, rita):
    question, _ = make_tested(team, SIX)
    for user in (alice, rita):
        choose(user, list(question.answers.all()))
    client.force_login(alice)
    page = client.get(f"/q/{question.pk}/steering").content.decode()
    assert "The 2 experts agree with each other on 100 % of the pairs" in page
    assert '<th scope="row">Rita</th>' in page


def test_nobody_who_compared_says_nothing():
    found = experts_of(Material(Document(Question("q", ()))))
    assert (found.sentence, found.rows) == ("", ())


letters = st.sampled_from("abcdef")
choices = st.lists(
    st.builds(
        Compared, letters, letters, st.booleans(), st.sampled_from("xyz"), st.booleans()
    ).filter(lambda it: it.better != it.worse),
    max_size=20,
)


@given(choices, st.lists(st.none() | st.integers(-2, 2), min_size=6, max_size=6))
def test_any_choices_give_one_true_sentence(given_choices, scores):
    samples = tuple(Sample(it, it, score=score) for it, score in zip("abcdef", scores, strict=True))
    found = experts_of(
        Material(Document(Question("q", ())), samples, comparisons=tuple(given_choices))
    )
    assert len(found.rows) == len({it.rater for it in given_choices})
    assert sum(it.choices for it in found.rows) == len(given_choices)
    assert sum(it.late for it in found.rows) == sum(it.is_late for it in given_choices)
    ceiling = found.ceiling
    if ceiling.share is not None and ceiling.share < 1:
        assert " 100 % of the pairs" not in found.sentence
    assert (found.sentence == "") == (not given_choices)
    assert found.as_json()["ceiling"]["share"] == ceiling.share
