"""Quotes of a judge, highlighted where they stand in the answer."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.evidence import locate_quotes
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.answers.readable import Readable
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.runs.starting import document_of
from tests.browser import check_look
from tests.cast import make_rubric
from tests.grading.page.marked import shown
from tests.grading_cast import make_answers, make_run, work

ODD = (
    "é e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd "
    "שלום مرحبا a\r\nb <b>&amp;\"' \u202e x"
)
letters = st.one_of(
    st.sampled_from([*ODD, "\r\n", "e\u0301", "\U0001f44d\U0001f3fd", "<mark>", "</mark>", "&lt;"]),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
texts = st.lists(letters, max_size=60).map("".join)


@st.composite
def quoted(draw, text):
    places = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(places, places).map(sorted), max_size=5))
    return [(low, high) for low, high in pairs if low < high]


@settings(max_examples=200)
@given(st.data(), texts)
def test_u6_what_is_highlighted_is_the_quote_as_it_stands_in_the_answer(data, text):
    spans = data.draw(quoted(text))
    page = shown(AnswerContent(text), spans)
    for number, (start, end) in enumerate(spans, start=1):
        assert page.marked[str(number)] == text[start:end]
        assert page.ids.count(f"quote-{number}") == 1
    assert len(page.ids) == len(spans)
    assert text in page.text or not text


@settings(max_examples=200)
@given(st.data(), st.lists(texts.filter(str.strip), min_size=3, max_size=3))
def test_u6_quotes_stand_in_their_message_also_in_calls_and_results(data, said):
    call = {"id": "1", "function": {"name": "look_up", "arguments": said[1]}}
    messages = (
        Message("assistant", said[0], {"tool_calls": [call]}),
        Message("tool", said[2], {"tool_call_id": "1"}),
    )
    content = AnswerContent(messages=messages)
    text = content.as_text()
    wholes, at = [], 0
    for before, it in zip(("assistant:\n", "look_up(", "tool:\n"), said, strict=True):
        wholes.append(text.index(before + it, at) + len(before))
        at = wholes[-1] + len(it)
    spans = [(at, at + len(it)) for at, it in zip(wholes, said, strict=True)]
    for start, end in list(spans):
        low, high = data.draw(st.tuples(*[st.integers(start, end)] * 2).map(sorted))
        if low < high:
            spans.append((low, high))
    page = shown(content, spans)
    for number, (start, end) in enumerate(spans, start=1):
        assert page.marked[str(number)] == text[start:end]
    assert len(page.ids) == len(set(page.ids)) == len(spans)
    where = [Readable(content).place(span) for span in spans[:3]]
    assert where == ["message 1, assistant", "message 1, call of look_up", "message 2, tool result"]


def test_u6_what_a_judge_quotes_is_found_and_highlighted_in_answers_of_any_script():
    text = ODD * 3 + "Rest quietly for 15\u00a0minutes\r\nand “watch” it."
    quotes = locate_quotes(['rest quietly for 15 minutes and "watch" it', "call 911", "שלום"], text)
    assert [it.found for it in quotes] == [True, False, True]
    spans = [(it.start, it.end) for it in quotes if it.found]
    page = shown(AnswerContent(text), spans)
    assert page.marked["1"] == "Rest quietly for 15\u00a0minutes\r\nand “watch” it"
    assert page.marked["2"] == "שלום"


def test_u6_an_answer_of_200_kb_of_emoji_is_shown_whole_with_its_last_letter_quoted():
    text = "\U0001f468\u200d\U0001f469 " * 17_500
    assert len(text.encode()) > 200_000
    spans = [
        (0, len(text)),
        (len(text) - 2, len(text) - 1),
        *((at, at + 900) for at in range(0, 40_000, 50)),
    ]
    page = shown(AnswerContent(text), spans)
    assert page.marked["1"] == text
    assert page.marked["2"] == text[-2]
    assert page.marked["3"] == text[0:900]
    assert page.marked["802"] == text[39_950:40_850]


@pytest.fixture
def question(team):
    question = make_rubric(team, "Explains the risks", "Says when to call")
    make_answers(question, "Call an ambulance now <b>& wait</b>.", name="Good")
    return question


def address(run, number=0, **more):
    key = document_of(run).criteria[number].key
    return f"{reverse('evidence', args=[run.pk])}?{urlencode({'cell': f'A.{key}', **more})}"


def page(client, user, address, status=200):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def judged_transcript(team, judge):
    """The one grade of an agent's run: one quote from a long result of a tool, one invented."""
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "price", "arguments": '{"of":"tea"}'},
    }
    result = {"tool_call_id": "c1", "content": "row\n" * 900 + "tea costs 4 euros"}
    messages = [
        {"role": "user", "content": "What is tea?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", **result},
        {"role": "assistant", "content": "It costs four euros."},
    ]
    question = make_rubric(team, "Looks the price up")
    [answer] = make_answers(question, None, messages=messages, name="Agent")
    grade = work(make_run(question, judge)).grades.get()
    start = content_of(answer).as_text().index("tea costs 4 euros")
    grade.quotes = [
        {"text": "tea costs 4 euros", "start": start, "end": start + 17, "found": True},
        {"text": "call 911", "start": None, "end": None, "found": False},
    ]
    grade.save()
    return grade


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_u6_clicking_a_quote_scrolls_to_it_and_focuses_it_also_across_a_fold(
    signed_in_page, team, bob, judge, scripted_judge
):
    grade = judged_transcript(team, judge)
    shown = signed_in_page(bob)
    shown.goto(f"{grade.run.get_absolute_url()}&cell=A.{grade.criterion_key}")
    shown.evaluate(
        "document.querySelectorAll('details.tool').forEach((it) => { it.open = false; })"
    )
    assert not shown.locator("mark").is_visible()
    shown.get_by_role("link", name="tea costs 4 euros").click()
    mark = shown.locator("mark")
    assert mark.evaluate("it => document.activeElement === it")
    assert mark.inner_text() == "tea costs 4 euros"
    box = shown.locator(".cell-answer").bounding_box()
    stands = mark.bounding_box()
    assert box["y"] <= stands["y"] <= box["y"] + box["height"]
    assert shown.get_by_text("message 3, tool result").is_visible()
    assert shown.get_by_text("not in the answer", exact=True).is_visible()
    check_look(shown)
    shown.get_by_role("link", name="Prompt and reply").click()
    shown.get_by_role("heading", name="The exact prompt").wait_for()
    check_look(shown)


def test_what_is_quoted_of_an_answer_stands_with_the_verdict(client, question, alice, judge):
    run = work(make_run(question, judge))
    first = question.criteria.first()
    run.grades.filter(criterion_key=first.key).update(
        value=0, quotes=[{"text": "", "start": 0, "end": 4, "found": True}]
    )
    client.force_login(alice)
    shown = client.get(reverse("marked", args=[question.pk]), {"criterion": first.pk}).text
    assert "what Run 1 quotes for criterion 1. Its verdict: not met." in shown


def test_probes_stand_beside_the_rubric_only_where_they_are_pinned(client, question, alice):
    loose, pinned = make_answers(question, "Loose.", "Pinned.", origin="probe")
    SampleAnswer.objects.filter(pk=pinned.pk).update(is_pinned=True)
    client.force_login(alice)
    shown = client.get(reverse("write", args=[question.pk])).text
    assert f'id="reading-{pinned.letter}"' in shown
    assert f'id="reading-{loose.letter}"' not in shown
    answers = question.answers.exclude(origin="probe").count()
    assert f'id="count-answers">{answers}</span>' in shown


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_u6_the_answers_beside_the_rubric_are_marked_for_the_criterion_that_is_opened(
    signed_in_page, client, question, alice, judge
):
    run = work(make_run(question, judge))
    first, second = question.criteria.all()
    spans = {first.key: (8, 21), second.key: (0, 4)}
    for grade in run.grades.all():
        start, end = spans[grade.criterion_key]
        grade.quotes = [{"text": "", "start": start, "end": end, "found": True}]
        grade.save()
    page = signed_in_page(alice)
    page.goto(reverse("write", args=[question.pk]))
    assert page.locator("#reading mark").count() == 0
    page.locator(f"#c-{second.pk} [data-open]").click()
    page.locator("#reading mark").wait_for()
    assert page.locator("#reading mark").inner_text() == "Call"
    assert page.get_by_text("quotes for criterion 2. Its verdict: met.").is_visible()
    page.goto(f"{reverse('write', args=[question.pk])}?open={first.pk}")
    assert page.locator("#reading mark").inner_text() == "ambulance now"
    client.force_login(alice)
    question.answers.update(text="Another answer by now.")
    marked = reverse("marked", args=[question.pk])
    assert "<mark" not in client.get(marked, {"criterion": first.pk}).content.decode()
    assert client.get(marked, {"criterion": question.pk}).status_code == 404
    assert client.get(marked, {"criterion": "x"}).status_code == 404


def test_a_strangers_answers_are_not_marked_for_anybody(client, question, charlie):
    client.force_login(charlie)
    asked = {"criterion": question.criteria.first().pk}
    assert client.get(reverse("marked", args=[question.pk]), asked).status_code == 404
