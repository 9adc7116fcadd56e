"""What the tests of checks share: a spec decided about a text or a transcript."""

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.checks import decide, problems_of

FAMILY = "👩\u200d👩\u200d👧"


def content(answer):
    if isinstance(answer, str):
        return AnswerContent(text=answer)
    return AnswerContent(messages=tuple(answer))


def result_of(spec, answer):
    assert problems_of(spec) == []
    return decide(spec, content(answer))


def holds(spec, answer):
    """The verdict: True or False; the error's code where there is none."""
    result = result_of(spec, answer)
    text = content(answer).as_text()
    for quote in result.quotes:
        assert text[quote.start : quote.end] == quote.text
    if result.status == "failed":
        assert result.value is None
        assert result.error
        return result.error_code
    assert result.reason
    assert result.value in (0.0, 1.0)
    return result.value == 1.0


def pointers(spec):
    return [problem.pointer for problem in problems_of(spec)]


def calls(tool, arguments, call_id="1"):
    function = {"name": tool, "arguments": arguments}
    return {"tool_calls": [{"id": call_id, "type": "function", "function": function}]}


BOOKING = (
    Message("user", "Book me a room."),
    Message("assistant", "In which city?"),
    Message("user", "Rome."),
    Message("assistant", "I look.", calls("search", '{"city": "Rome", "nights": 2}')),
    Message("tool", "5 hotels", {"tool_call_id": "1"}),
    Message("assistant", None, calls("book", '{"city": "Rome"}', "2")),
    Message("assistant", "Booked."),
)
