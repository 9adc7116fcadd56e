"""An agent's run is a sample answer like any other: pasted, uploaded, shown, judged, quoted."""

import json
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import AnswerContent, parts, transcript
from rubric_studio.engine.judging.transcripts import (
    TranscriptError,
    read_pasted,
    transcript_problems,
)
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.answers.readable import LONGEST_OPEN, Readable
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run, work


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


@pytest.mark.parametrize(
    ("written", "left_out"),
    [
        (json.dumps(RUN), ()),
        (json.dumps(RUN, indent=2), ()),
        (json.dumps({"messages": RUN}), ()),
        (json.dumps({"model": "m", "messages": RUN, "tools": TOOLS}), ("model", "tools")),
        ("\n".join(map(json.dumps, RUN)), ()),
        ("\ufeff" + "\r\n\r\n".join(map(json.dumps, RUN)) + "\r\n", ()),
    ],
)
def test_a_transcript_is_recognised_in_every_form_that_logs_have(written, left_out):
    pasted = read_pasted(written)
    assert (pasted.messages, pasted.left_out) == (RUN, left_out)
    assert transcript_problems(pasted.messages) == []


@pytest.mark.parametrize(
    "text",
    [
        "Call 911.",
        "",
        "[1] See the guideline.",
        "[1, 2]",
        '{"verdict": "met"}',
        '[{"name": "Ada", "age": 36}]',
        '{"a": 1}\n{"a": 2}',
        "{not json}",
        'I answer [{"role": "user"}]',
    ],
)
def test_a_text_stays_a_text(text):
    assert read_pasted(text) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[{"role": "user", "content": "a"},\n {"role": "user" "content": "b"}]', "ine 2"),
        ('{"role": "user", "content": "a"}\n{"role": "user", "content": }', "ine 2"),
        ('{"messages": [{"role": "user", "content": "a"}', "ine 1"),
    ],
)
def test_a_broken_transcript_says_where_instead_of_passing_for_a_text(text, place):
    with pytest.raises(TranscriptError, match=place):
        read_pasted(text)


@pytest.mark.parametrize(
    ("messages", "place", "words"),
    [
        ([], "", "at least one message"),
        ({"role": "user"}, "", "at least one message"),
        ([{"role": "user", "content": "a"}] * 2_001, "", "at most 2,000"),
        (["hello"], "/0", "Message 1 is no object"),
        ([{"content": "a"}], "/0/role", "no role"),
        ([{"role": "human", "content": "a"}], "/0/role", "“human”; write user"),
        ([{"role": "user", "content": 5}], "/0/content", "neither text nor a list"),
        ([{"role": "user", "content": [{"text": "a"}]}], "/0/content/0", "part 1 without a type"),
        ([RUN[2]], "/0/tool_call_id", "no call has that id"),
        ([RUN[0], RUN[2], RUN[1]], "/1/tool_call_id", "only in message 3; put the result after"),
        ([{"role": "tool", "content": "a"}], "/0", "no call stands before it"),
        ([{"role": "user", "content": "", "tool_calls": [call()]}], "/0/tool_calls", "only the"),
        ([{**RUN[1], "tool_calls": "search"}], "/0/tool_calls", "no list"),
        ([{**RUN[1], "tool_calls": [{"id": "c1"}]}], "/0/tool_calls/0", "function.name"),
        ([{**RUN[1], "tool_calls": [call(), call()]}], "/0/tool_calls/1/id", "two calls"),
        ([{**RUN[1], "tool_calls": [call(id=7)]}], "/0/tool_calls/0/id", "no text"),
        (
            [{**RUN[1], "tool_calls": [call(arguments=5)]}],
            "/0/tool_calls/0/function/arguments",
            "“search”",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(messages, place, words):
    (problem,) = transcript_problems(messages)
    assert problem.pointer == place
    assert words in problem.message


def test_what_agents_really_log_is_taken_as_it_is():
    assert transcript_problems([RUN[0], {**RUN[1], "tool_calls": [call(arguments="{oops")]}]) == []
    without_ids = [{**RUN[1], "tool_calls": [call(id=None)]}, {"role": "tool", "content": "a"}]
    assert transcript_problems(without_ids) == []
    assert transcript_problems([{"role": "assistant", "tool_calls": [call()]}, RUN[2]]) == []
    used_again = [RUN[1], RUN[2], RUN[1], RUN[2]]
    assert transcript_problems(used_again) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "tool_calls", "tool_call_id", "id", "function"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_no_json_value_breaks_the_reading(value):
    for problem in transcript_problems(value):
        assert problem.message
    try:
        read_pasted(json.dumps(value))
    except TranscriptError as error:
        assert error.message


messages = st.lists(
    st.builds(
        Message,
        st.sampled_from(["user", "assistant", "tool"]),
        st.none()
        | st.text(max_size=12)
        | st.lists(st.text(max_size=5) | st.just({"type": "image_url"}), max_size=3),
        st.fixed_dictionaries(
            {},
            optional={
                "name": st.text(max_size=4),
                "tool_call_id": st.just("c1"),
                "tool_calls": st.lists(st.builds(call), max_size=2),
            },
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(messages)
def test_every_part_stands_where_it_is_said_to_stand(messages):
    text = transcript(messages)
    found = parts(messages)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for part in found:
        message, said = messages[part.message], text[part.start : part.end]
        content = message.content
        if part.kind == "text":
            assert said == content or said in content
        elif part.kind == "call":
            assert said == '{"city":"Oslo"}'
        elif part.kind == "image":
            assert json.loads(said) == {"type": "image_url"}
        else:
            assert said == message.extra[part.name]


def test_results_stand_beneath_their_calls_and_arguments_are_laid_out():
    both = [call(), call("look", "{oops", id="c2")]
    late = {"role": "tool", "tool_call_id": "c2", "content": "x" * (LONGEST_OPEN + 1)}
    content = AnswerContent(
        messages=tuple(
            Message(it["role"], it.get("content"), {k: it[k] for k in it if "tool_c" in k})
            for it in [{"role": "assistant", "tool_calls": both}, RUN[2], late, RUN[3]]
        )
    )
    first, last = Readable(content).turns
    search, look = first.blocks
    assert search.pretty == '{\n  "city": "Oslo"\n}'
    assert [it.number for it in search.results] == [2]
    assert (look.pretty, [it.number for it in look.results]) == ("", [3])
    assert "no JSON" in look.note
    assert look.results[0].blocks[0].folded_letters > 1_000
    assert (last.number, last.role) == (4, "assistant")


def test_a_run_is_fenced_whole_for_the_judge_and_quoted_by_message(
    client, question, bob, judge, scripted_judge
):
    answer = make_answers(question, None, messages=RUN)[0]
    run = work(make_run(question, judge))
    asked = scripted_judge.requests()[0]["body"]["messages"][1]["content"]
    assert content_of(answer).as_text() in asked
    grade = run.grades.first()
    start = content_of(answer).as_text().index('"city"')
    grade.quotes = [{"text": '"city"', "start": start, "end": start + 6, "found": True}]
    grade.save()
    client.force_login(bob)
    cell = {"run": run.pk, "cell": f"A.{grade.criterion_key}"}
    text = client.get(reverse("grade", args=[question.pk]), cell).content.decode()
    assert "message 2, call of search" in text
    assert 'tabindex="-1">&quot;city&quot;</mark>' in text
    assert text.count('<details class="tool" open>') == 1
