"""Whether an agent asks its user, and is answered, before it acts."""

from rubric_studio.engine.judging.answer import AnswerContent, content_places
from rubric_studio.engine.judging.evidence import Quote

from .calls import calls_of
from .child import Child
from .kinds import CheckResult, Field, Kind, Spec, no_problems, verdict
from .reading import LONGEST_QUOTE
from .tool_called import quotes_of

QUESTION_MARKS = "?？؟⸮\u037e՞፧꘏"


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    messages = answer.messages or ()
    calls = [call for call in calls_of(messages) if spec["tool"] in ("", call.tool)]
    ends = calls[0].message if calls else len(messages)
    asked = _question(answer, ends)
    tool = spec["tool"] or "any tool"
    if asked is None:
        said = f"Nothing was asked of the user before {tool} was called."
        if not calls:
            said = "Nothing was asked of the user."
        return verdict(False, said, quotes_of(answer, calls[:1]))
    return verdict(True, f"The user was asked and answered before {tool} was called.", [asked])


def _question(answer: AnswerContent, ends: int) -> Quote | None:
    """The first question of the assistant before message `ends` that the user's message follows."""
    messages = answer.messages or ()
    text, places = answer.as_text(), content_places(messages)
    for index in range(min(ends, len(messages)) - 1):
        start, end = places[index]
        if messages[index].role != "assistant" or messages[index + 1].role != "user":
            continue
        if index + 1 >= ends:
            break
        at = max(text.rfind(mark, start, end) for mark in QUESTION_MARKS)
        if at >= 0:
            first = max(start, at + 1 - LONGEST_QUOTE)
            return Quote(text[first : at + 1], first, at + 1, True)
    return None


def describe(spec: Spec) -> str:
    return f"Asks the user before calling {spec['tool'] or 'any tool'}"


KIND = Kind(
    name="asks_first",
    title="Asks before acting",
    hint="The assistant asks a question and the user answers before the tool is first called.",
    fields=(
        Field("tool", "Tool", "text", "Its exact name, or empty for any.", default="", longest=200),
    ),
    problems=no_problems,
    decide=decide,
    describe=describe,
    needs_transcript=True,
)
