from itertools import combinations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.grading.answers.editing import delete_answer
from rubric_studio.grading.labelling.assigning import (
    NotAssignable,
    assign,
    progress_of,
    shared,
    withdraw,
)
from rubric_studio.grading.labelling.queue import queue_of
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Assignment, Label, SampleAnswer
from rubric_studio.rubrics.draft import draft_document
from tests.cast import make_rubric
from tests.grading_cast import make_answers


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks")


@pytest.fixture
def answers(question):
    return make_answers(question, *[f"Answer {n}." for n in range(6)])


@given(st.integers(1, 30), st.integers(1, 6), st.data())
def test_every_answer_gets_its_experts_and_the_work_is_shared_evenly(answers, experts, data):
    each = data.draw(st.integers(1, experts))
    added = shared(range(answers), range(experts), each)
    assert len(set(added)) == len(added) == answers * each
    assert all(sum(it == answer for it, _ in added) == each for answer in range(answers))
    loads = [sum(it == expert for _, it in added) for expert in range(experts)]
    assert max(loads) - min(loads) <= 1


def test_every_two_of_three_experts_share_answers():
    added = set(shared(range(9), "abc", 2))
    for one, other in combinations("abc", 2):
        assert sum({(it, one), (it, other)} <= added for it in range(9)) == 3


def test_what_is_assigned_already_counts(question, answers, alice, rita, olga):
    assert assign(question, alice, [rita], answers, 1) == 6
    assert assign(question, alice, [rita, olga], answers, 1) == 0
    assert assign(question, alice, [rita, olga], answers, 2) == 6
    assert Assignment.objects.standing().count() == 12


def test_an_expert_labels_what_is_assigned_and_without_that_everything(
    question, answers, alice, rita
):
    assert len(queue_of(question, rita).answers) == 6
    assign(question, alice, [rita], answers[:2], 1)
    assert {it.pk for it in queue_of(question, rita).answers} == {it.pk for it in answers[:2]}
    delete_answer(answers[0], alice)
    assert [it.pk for it in queue_of(question, rita).answers] == [answers[1].pk]


def test_who_is_asked_no_more_keeps_their_labels(question, answers, alice, rita):
    assign(question, alice, [rita], answers, 1)
    set_label(answers[0], draft_document(question).criteria[0].key, rita, verdict="met")
    [progress] = progress_of(question)
    assert (progress.expert, progress.cells, progress.left) == (rita, 6, 5)
    assert withdraw(question, rita) == 6
    assert progress_of(question) == []
    assert Label.objects.current().count() == 1
    assert assign(question, alice, [rita], answers, 1) == 6


def test_who_may_not_label_is_not_asked(question, answers, alice, bob):
    with pytest.raises(NotAssignable, match="owners, authors and reviewers"):
        assign(question, alice, [bob], answers, 1)
    with pytest.raises(NotAssignable, match="at least one"):
        assign(question, alice, [], answers, 1)
    assert not Assignment.objects.exists()


def test_an_author_gives_answers_out(client, question, answers, alice, rita, olga):
    client.force_login(alice)
    page = client.get(reverse("assignments", args=[question.pk]))
    assert "Rita" in page.text
    assert "Bob" not in page.text
    chosen = {"experts": [rita.pk, olga.pk], "answers": [it.pk for it in answers], "each": 2}
    said = client.post(reverse("assignments", args=[question.pk]), chosen, follow=True)
    assert "12 answers given out" in said.text
    assert "6 of 6 left" in said.text
    gone = client.post(
        reverse("assignment-withdraw", args=[question.pk]), {"expert": rita.pk}, follow=True
    )
    assert "Rita is asked no more" in gone.text
    assert Assignment.objects.standing().count() == 6


def test_probes_are_folded_and_given_out_when_ticked(client, question, answers, alice, rita):
    SampleAnswer.objects.filter(pk=answers[-1].pk).update(origin=SampleAnswer.Origin.PROBE)
    client.force_login(alice)
    form = client.get(reverse("assignments", args=[question.pk])).context["form"]
    assert len(form["answers"].initial) == len(form["answers"].field.choices) == 5
    assert [pk for pk, _ in form["probes"].field.choices] == [str(answers[-1].pk)]
    chosen = {"experts": [rita.pk], "answers": [answers[0].pk], "probes": [answers[-1].pk]}
    said = client.post(reverse("assignments", args=[question.pk]), {**chosen, "each": 1})
    assert said.status_code == 302
    given = set(Assignment.objects.values_list("answer", flat=True))
    assert given == {answers[0].pk, answers[-1].pk}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"experts": []}, "Choose who is to label."),
        ({"answers": []}, "Choose at least one answer."),
        ({"each": 3}, "more than the experts you chose"),
        ({"each": 0}, "greater than or equal to 1"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_beside_its_field(
    client, question, answers, alice, rita, change, said
):
    client.force_login(alice)
    chosen = {"experts": [rita.pk], "answers": [answers[0].pk], "each": 1, **change}
    refused = client.post(reverse("assignments", args=[question.pk]), chosen)
    assert refused.status_code == 422
    assert said in refused.text
    assert not Assignment.objects.exists()


def test_only_authors_give_answers_out(client, question, answers, rita, bob, charlie):
    for user, status in [(rita, 403), (bob, 403), (charlie, 404)]:
        client.force_login(user)
        assert client.get(reverse("assignments", args=[question.pk])).status_code == status
        url = reverse("assignment-withdraw", args=[question.pk])
        assert client.post(url, {"expert": rita.pk}).status_code == status
