"""Answers out of a JSONL file: one object, or transcript, per line; problems at their line."""

from typing import Any

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.grading.answers.editing import add_answers, row_problems
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.editing.refusals import InvalidEdit
from rubric_studio.rubrics.models import Question

LARGEST_LINE = 4_000_000  # bytes; an answer of 1 MB may be written in escapes


def upload_answers(question: Question, user: User, data: bytes) -> list[SampleAnswer]:
    """All answers of the file or none. Raises InvalidEdit; pointers start at the line, from 1."""
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = loads(line, max_bytes=LARGEST_LINE)
        except JsonError as error:
            problems.append(Problem(pointer(number), error.message))
            continue
        if isinstance(row, list):
            row = {"messages": row}
        if not isinstance(row, dict):
            problems.append(Problem(pointer(number), "Write one JSON object {…} on each line."))
            continue
        if "messages" in row:
            # Logs carry the tools' definitions beside the messages; the answer is what was said.
            row.pop("tools", None)
        problems += [Problem(pointer(number) + it.pointer, it.message) for it in row_problems(row)]
        rows.append(row)
    if not rows and not problems:
        problems.append(Problem("", "The file has no line with an answer."))
    if problems:
        raise InvalidEdit(problems)
    return add_answers(question, user, rows)
