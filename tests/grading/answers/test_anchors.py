"""Known ends of the scale: offered where they lack, made where a rule can."""

import pytest
from django.urls import reverse

from rubric_studio.grading.answers.anchoring import (
    AnchorThere,
    NotByRule,
    make_anchor,
    off_topic_text,
)
from rubric_studio.grading.answers.editing import delete_answer
from rubric_studio.grading.answers.gathered import gathered
from rubric_studio.grading.answers.off_topic import NEUTRAL_TEXTS
from rubric_studio.steering.report import report_of
from tests.cast import make_answer, make_collection, make_question, make_rubric
from tests.rubrics.pages import page
from tests.steering.graded import make_graded_run

FLUENT = (
    "Prune apple trees late in winter, while they sleep and before buds swell. Take out dead wood "
    "first, then whatever crosses or grows inward, so light reaches every branch. Cut just above a "
    "bud that faces outward, at a slant, with sharp clean blades. Never remove more than a fifth "
    "within one season."
)


@pytest.fixture
def question(team, alice, client):
    client.force_login(alice)
    found = make_rubric(team, *[f"Says thing {it}" for it in range(10)])
    make_answer(found, "Call an ambulance.")
    return found


def make(client, question, anchor, follow=True):
    url = reverse("anchor-make", args=[question.pk])
    return client.post(url, {"anchor": anchor}, follow=follow)


def test_what_lacks_is_offered_and_no_longer_when_it_is_there(client, question):
    offered = page(client.get(reverse("answers", args=[question.pk])))
    for words in ("at most 0.05", "at most 0.15", "at least 0.90", "below your other acceptable"):
        assert words in offered
    assert page(make(client, question, "empty")).count("Make it") == 1
    empty = question.answers.get(anchor="empty")
    assert (empty.text, empty.origin, empty.tier, empty.band) == ("", "synthetic", None, None)
    assert [it.anchor for it in gathered(question).anchors] == [
        "off_topic",
        "ideal",
        "worst_acceptable",
    ]


def test_an_anchor_in_the_trash_is_offered_again(question, alice):
    made = make_anchor(question, alice, "empty")
    delete_answer(made, alice)
    assert "empty" in [it.anchor for it in gathered(question).anchors]


def test_one_of_each_is_enough(client, question, alice):
    make_anchor(question, alice, "empty")
    with pytest.raises(AnchorThere, match="Answer B is this known end of the scale already"):
        make_anchor(question, alice, "empty")
    assert "already" in page(make(client, question, "empty"))
    assert question.answers.filter(anchor="empty").count() == 1


@pytest.mark.parametrize("anchor", ["ideal", "worst_acceptable", "best", ""])
def test_what_only_an_expert_knows_is_not_made(client, question, alice, anchor):
    with pytest.raises(NotByRule):
        make_anchor(question, alice, anchor)
    assert "for you to write" in page(make(client, question, anchor))
    assert question.answers.count() == 1


def test_the_form_opens_as_the_anchor_that_is_to_be_written(client, question):
    url = reverse("answer-add", args=[question.pk])
    form = client.get(url, {"anchor": "ideal"}).context["form"]
    assert (form["anchor"].value(), form["origin"].value()) == ("ideal", "expert")
    assert not client.get(url, {"anchor": "best"}).context["form"]["anchor"].value()


def test_an_answer_to_another_question_of_the_collection_is_off_topic(question, alice):
    other = make_question(question.collection, "How do I prune a tree?")
    make_answer(other, "Call an ambulance.")  # too short to be fluent
    make_answer(other, FLUENT)
    assert make_anchor(question, alice, "off_topic").text == FLUENT


def test_our_own_text_stands_in_where_the_others_speak_of_the_same(question, team):
    assert off_topic_text(question) in NEUTRAL_TEXTS
    akin = make_question(question.collection, "What should I do about chest pain?")
    make_answer(akin, "Chest pain should be taken seriously. " * 12)
    elsewhere = make_question(make_collection(team, "Gardens"), "How do I prune a tree?")
    make_answer(elsewhere, FLUENT)
    assert off_topic_text(question) in NEUTRAL_TEXTS


def test_the_text_that_is_further_from_the_question_is_taken(team):
    baking = make_rubric(team, "Feeds the sourdough starter with rye flour", asked="A loaf?")
    assert off_topic_text(baking) == NEUTRAL_TEXTS[1]
    bicycle = make_rubric(team, "Oils the bicycle chain", asked="Why does it squeak?")
    assert off_topic_text(bicycle) == NEUTRAL_TEXTS[0]


@pytest.mark.parametrize("hidden", [{"is_held_out": True}, {"origin": "probe"}])
def test_what_must_not_be_read_elsewhere_is_not_taken(question, hidden):
    other = make_question(question.collection, "How do I prune a tree?")
    make_answer(other, FLUENT, **hidden)
    assert off_topic_text(question) in NEUTRAL_TEXTS


def test_anchors_that_were_made_are_tried_by_the_report(question, alice):
    empty, off = (make_anchor(question, alice, it) for it in ("empty", "off_topic"))
    run = make_graded_run(question, {empty: 0, off: 4})
    bands = report_of(run).bands
    assert [(it.anchor, it.is_hit) for it in bands.measured.anchors] == [
        ("empty", True),
        ("off_topic", False),
    ]
    assert bands.findings[0].kind == "anchor_missed"
    assert bands.status == "stop"


@pytest.mark.parametrize("who, status", [("bob", 403), ("rita", 403), ("charlie", 404)])
def test_only_who_may_write_makes_one(client, question, request, who, status):
    client.force_login(request.getfixturevalue(who))
    assert make(client, question, "empty").status_code == status
    assert client.get(reverse("anchor-make", args=[question.pk])).status_code == 405
    assert not question.answers.exclude(anchor="").exists()


def test_readers_are_offered_nothing(client, question, bob):
    client.force_login(bob)
    assert "Known ends" not in page(client.get(reverse("answers", args=[question.pk])))
