"""A verdict shows its evidence where it is, and leads to what was asked and answered."""

from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.evidence import locate_quotes
from rubric_studio.grading.answers.readable import Readable
from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Call
from rubric_studio.grading.runs.starting import document_of
from tests.browser import check_look
from tests.cast import author_of, make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, work

HTMX = {"HX-Request": "true"}
ODD = (
    "é e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd "
    "שלום مرحبا a\r\nb <b>&amp;\"' \u202e x"
)
letters = st.one_of(
    st.sampled_from([*ODD, "\r\n", "e\u0301", "\U0001f44d\U0001f3fd", "<mark>", "</mark>", "&lt;"]),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
texts = st.lists(letters, max_size=60).map("".join)


class Page(HTMLParser):
    """The text under each quote's marks, and whether what was opened was closed in its order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.text, self.marked = [], [], "", {}
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        if tag in ("input", "path", "circle", "rect", "line", "use", "ellipse"):
            return
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.stack.append((tag, (attrs.get("data-quotes") or "").split()))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag in ("path", "circle", "rect", "line", "use", "ellipse"):
            return
        opened, _ = self.stack.pop()
        assert opened == tag

    def handle_data(self, data):
        self.text += data
        for _, quotes in self.stack:
            for quote in quotes:
                self.marked[quote] = self.marked.get(quote, "") + data


def shown(content, spans):
    readable = Readable(content, spans)
    html = render_to_string(
        "grading/_readable.html", {"readable": readable, "is_cut": False, "is_result": False}
    )
    return Page(html)


@st.composite
def quoted(draw, text):
    places = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(places, places).map(sorted), max_size=5))
    return [(low, high) for low, high in pairs if low < high]


@settings(max_examples=200, deadline=None)
@given(st.data(), texts)
def test_u6_what_is_highlighted_is_the_quote_as_it_stands_in_the_answer(data, text):
    spans = data.draw(quoted(text))
    page = shown(AnswerContent(text), spans)
    for number, (start, end) in enumerate(spans, start=1):
        assert page.marked[str(number)] == text[start:end]
        assert page.ids.count(f"quote-{number}") == 1
    assert len(page.ids) == len(spans)
    assert text in page.text or not text


@settings(max_examples=200, deadline=None)
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


def test_a_reader_follows_a_grade_to_prompt_reply_attempts_and_cost(
    client, question, team, bob, allow_loopback, scripted_judge
):
    scripted_judge.script({"kind": "prose", "criterion": "risks", "first": 1})
    prices = {"price_in": 3, "price_out": 9}
    judge = make_judge(team, scripted_judge, name="Dear", api_key="sk-canary-1", **prices)
    run = work(make_run(question, judge))
    call = Call.objects.get(criterion_keys=[document_of(run).criteria[0].key])
    text = page(client, bob, address(run))
    asked = [it for it in scripted_judge.requests() if it["criteria"] == ["Explains the risks"]][-1]
    shown = Page(text[text.index("<main") : text.index("</main>") + 7])
    for message in asked["body"]["messages"]:
        assert message["content"] in shown.text
    assert call.reply in shown.text
    assert "The exact prompt" in shown.text
    assert call.prompt_hash in shown.text
    assert "Attempts 2" in shown.text
    assert "not_json" in shown.text
    assert f"{call.prompt_tokens} in, {call.completion_tokens} out" in shown.text
    assert "Dear" in shown.text
    assert "sk-canary-1" not in text
    assert "<b>& wait</b>" not in text
    cell = client.get(
        reverse("cell", args=[question.pk]),
        {"run": run.pk, "cell": f"A.{document_of(run).criteria[0].key}"},
        headers=HTMX,
    ).content.decode()
    assert address(run).replace("&", "&amp;") in cell


def test_a_prompt_that_is_not_the_same_to_the_letter_is_not_shown(client, question, bob, judge):
    run = work(make_run(question, judge))
    Call.objects.update(prompt_hash="0" * 64)
    text = page(client, bob, address(run))
    assert "The prompt cannot be shown" in text
    assert "The exact prompt" not in text
    assert "You grade an answer" not in text


def test_a_copied_grade_leads_to_the_call_that_it_was_given_in(client, question, bob, judge):
    first = work(make_run(question, judge))
    again = make_run(question, judge)
    text = page(client, bob, address(again))
    assert "from Run 1 of" in text
    assert "The exact prompt" in text
    assert Call.objects.filter(run_answer__run=first).count() == 2 == Call.objects.count()


def test_repeats_are_drawn_and_each_has_its_own_evidence(client, question, bob, judge):
    run = work(make_run(question, judge, repeats=3))
    text = page(client, bob, address(run, repeat=2))
    assert "of 3 alike" in text
    call = Call.objects.get(criterion_keys=[document_of(run).criteria[0].key], repeat=2)
    assert call.prompt_hash in text
    assert text.count("?cell=A.") >= 3


def test_a_cell_that_was_not_asked_says_why(client, question, bob, judge):
    run = make_run(question, judge)
    assert "Not judged yet" in page(client, bob, address(run))
    by_labels = make_run(question)
    assert "your team’s labels" in page(client, bob, address(by_labels))


def test_a_cell_that_a_program_decided_has_no_prompt_and_says_so(client, team, bob, judge):
    check = {"kind": "contains", "values": ["ambulance"]}
    question = make_rubric(team, {"text": "Says ambulance", "check": check})
    make_answers(question, "Call an ambulance now.")
    run = work(make_run(question, judge))
    text = page(client, bob, address(run))
    assert "A program decided this cell" in text
    assert "The exact prompt" not in text


def test_a_panels_cell_leads_to_what_each_of_its_judges_was_asked(
    client, question, team, bob, allow_loopback, scripted_judge
):
    names = ("Ada", "Ben", "Cyd")
    judges = [make_judge(team, scripted_judge, name=it) for it in names]
    panel = make_panel(team, author_of(team), name="Panel", members=judges)
    run = make_run(question, panel)
    for part in run.members.all():
        work(part)
    text = page(client, bob, address(run))
    assert "What each judge of the panel said" in text
    for part in run.members.select_related("judge"):
        assert f"{part.judge}: " in text
        assert address(part, repeat=0).replace("&", "&amp;") in text
        assert "The exact prompt" in page(client, bob, address(part))


@pytest.mark.parametrize("bad", ["Z.c-1", "A.nothing", "", "A", "." * 300])
def test_a_cell_that_is_not_there_is_not_found(client, question, bob, judge, bad):
    run = make_run(question, judge)
    page(client, bob, f"{reverse('evidence', args=[run.pk])}?{urlencode({'cell': bad})}", 404)
    page(client, bob, address(run, repeat=7), 404)


def test_only_the_team_sees_what_was_asked_and_only_reading_is_possible(
    client, question, bob, charlie, judge
):
    run = work(make_run(question, judge))
    page(client, charlie, address(run), 404)
    client.force_login(bob)
    assert client.post(address(run)).status_code == 405
    client.logout()
    assert client.get(address(run)).status_code == 302


def test_the_number_of_queries_is_the_same_whatever_the_runs_size(
    client, team, bob, judge, django_assert_max_num_queries
):
    for answers in (1, 8):
        question = make_rubric(team, *["Explains the risks"] * answers)
        make_answers(question, *["Call."] * answers)
        run = work(make_run(question, judge, repeats=2))
        client.force_login(bob)
        with django_assert_max_num_queries(20):
            assert client.get(address(run)).status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_u6_clicking_a_quote_scrolls_to_it_and_focuses_it_also_across_a_fold(
    signed_in_page, team, bob, judge, scripted_judge
):
    question = make_rubric(team, "Looks the price up")
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "price", "arguments": '{"of":"tea"}'},
    }
    messages = [
        {"role": "user", "content": "What is tea?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "row\n" * 900 + "tea costs 4 euros"},
        {"role": "assistant", "content": "It costs four euros."},
    ]
    make_answers(question, None, messages=messages, name="Agent")
    run = work(make_run(question, judge))
    grade = run.grades.get()
    text = AnswerContent(
        messages=tuple(
            Message(
                it["role"],
                it["content"],
                {k: v for k, v in it.items() if k not in ("role", "content")},
            )
            for it in messages
        )
    ).as_text()
    start = text.index("tea costs 4 euros")
    grade.quotes = [
        {"text": "tea costs 4 euros", "start": start, "end": start + 17, "found": True},
        {"text": "call 911", "start": None, "end": None, "found": False},
    ]
    grade.save()
    at = f"{run.get_absolute_url()}&cell=A.{grade.criterion_key}"
    shown = signed_in_page(bob)
    shown.goto(at)
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
    assert page.get_by_text("Marked: where criterion 2 meets this answer").is_visible()
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
