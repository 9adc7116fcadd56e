"""Transcripts as people paste, read, edit and upload them."""

import json

import pytest
from django.urls import reverse

from rubric_studio.grading.answers.uploading import upload_answers
from rubric_studio.rubrics.editing import InvalidEdit
from tests.browser import check_look
from tests.cast import make_rubric
from tests.grading_cast import make_answers


def call(name="search", arguments='{"city":"Oslo"}', id="c1"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


RUN = [
    {"role": "user", "content": "Will it rain?"},
    {"role": "assistant", "content": None, "tool_calls": [call()], "refusal": None},
    {"role": "tool", "tool_call_id": "c1", "content": "rain at 14:00"},
    {"role": "assistant", "content": "Yes, at two."},
]


TOOLS = [{"type": "function", "function": {"name": "search"}}]


@pytest.fixture
def question(team):
    return make_rubric(team, "Looks the weather up", "Says when it rains")


def test_a_pasted_run_is_recognised_and_shown_as_what_it_is(at_desk, question):
    written = json.dumps({"messages": RUN, "tools": TOOLS})
    add = reverse("answer-add", args=[question.pk])
    page = at_desk.post(add, {"text": written, "origin": "model"}, follow=True)
    text = page.content.decode()
    assert "Answer A is added as a transcript of 4 messages" in text
    assert "without what stood beside them (tools)" in text
    assert question.answers.get().messages == RUN
    assert "rain at 14:00" in text
    assert "&quot;city&quot;: &quot;Oslo&quot;" in text


def test_the_same_may_be_kept_as_text(at_desk, question):
    add = reverse("answer-add", args=[question.pk])
    at_desk.post(add, {"text": json.dumps(RUN), "origin": "model", "as_text": "on"})
    answer = question.answers.get()
    assert (answer.text, answer.messages) == (json.dumps(RUN), None)
    form = at_desk.get(reverse("answer-edit", args=[answer.pk])).context["form"]
    assert form["as_text"].value() is True


def test_a_transcript_is_edited_in_the_same_box_and_kept_as_it_was(at_desk, question):
    odd = [*RUN, {"role": "user", "content": "a\r\nb\u2028 \U0001f468\u200d\U0001f469"}]
    (answer,) = make_answers(question, None, messages=odd)
    edit = reverse("answer-edit", args=[answer.pk])
    form = at_desk.get(edit).context["form"]
    shown = form["text"].value().replace("\n", "\r\n")
    sent = {"text": shown, "origin": "model", "tier": "2", "revision": "1"}
    assert at_desk.post(edit, sent).status_code == 302
    answer.refresh_from_db()
    assert (answer.messages, answer.tier, answer.text) == (odd, 2, None)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (json.dumps([RUN[0], RUN[2], RUN[1]]), "Message 2 is a tool result"),
        (json.dumps(RUN)[:-1], "begins like a transcript"),
    ],
)
def test_nothing_typed_is_lost_when_a_run_is_refused(at_desk, question, written, words):
    add = reverse("answer-add", args=[question.pk])
    page = at_desk.post(add, {"text": written, "origin": "model", "name": "Mine"})
    assert page.status_code == 422
    assert any(words in it for it in page.context["form"].errors["text"])
    assert page.context["form"]["text"].value() == written
    assert page.context["form"]["name"].value() == "Mine"
    assert not question.answers.exists()


def test_runs_are_uploaded_with_every_problem_at_its_line(question, alice):
    lines = [{"messages": RUN, "tools": TOOLS, "tier": 3}, RUN, {"text": "It may."}]
    added = upload_answers(question, alice, "\n".join(map(json.dumps, lines)).encode())
    assert [it.messages for it in added] == [RUN, RUN, None]
    bad = [{"messages": [RUN[2]]}, {"messages": RUN}, {"messages": [{"role": "x"}]}]
    with pytest.raises(InvalidEdit) as refusal:
        upload_answers(question, alice, "\n".join(map(json.dumps, bad)).encode())
    places = [it.pointer for it in refusal.value.problems]
    assert places == ["/1/messages/0/tool_call_id", "/3/messages/0/role"]
    assert question.answers.count() == 3


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_run_reads_well_everywhere_and_paper_opens_its_folds(signed_in_page, team, bob, judge):
    question = make_rubric(team, "Looks the weather up")
    image = [{"type": "image_url", "image_url": {"url": "https://example.com/sky.png"}}]
    long = {"role": "assistant", "content": "It will rain. " * 250}
    ask = {"role": "user", "content": [{"type": "text", "text": "Like this?"}, *image]}
    (answer,) = make_answers(question, None, messages=[*RUN, ask, long], name="Agent", tier=3)
    page = signed_in_page(bob)
    page.goto(reverse("answer", args=[answer.pk]))
    assert not page.get_by_text("rain at 14:00").is_visible()
    page.locator("summary", has_text="search").click()
    assert page.get_by_text("rain at 14:00").is_visible()
    assert page.get_by_text("more characters").is_visible()
    check_look(page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.tool:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.tool[open]").count() == 1
    for name in ("answers", "write"):
        page.goto(reverse(name, args=[question.pk]))
        assert page.locator("details.tool").count() == 3
