"""The rows of a file: JSON lines, a JSON array, or a single object."""

from collections.abc import Callable, Iterable, Iterator

import orjson

from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.document.types import Json

from .imported import FormatError, ImportedQuestion


def read_rows(data: bytes) -> list[Json]:
    """The values in `data`, in order. Raises FormatError: not JSON, not UTF-8, or no row at all."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise FormatError([Problem("", "The file is empty.")])
    lines = [line for line in data.split(b"\n") if line.strip()]
    if data.lstrip().startswith(b"[") or not _is_json(lines[0]):
        return _whole(data)
    return _each(lines)


def read_questions(
    data: bytes,
    read_row: Callable[[Json], tuple[ImportedQuestion, list[Problem]]],
    same_key: Callable[[int, str], Problem],
) -> tuple[ImportedQuestion, ...]:
    """One question a row. `same_key` words that an earlier row, counted from 1, has the key too.

    Raises FormatError with every problem found.
    """
    rows = read_rows(data)
    problems: list[Problem] = []
    questions: list[ImportedQuestion] = []
    first_with: dict[str, int] = {}
    for index, row in enumerate(rows):
        question, found = read_row(row)
        key = question.document.question.key
        if not found and first_with.setdefault(key, index) != index:
            found = [same_key(first_with[key] + 1, key)]
        problems.extend(name_rows(found, row_steps(rows, index), index))
        questions.append(question)
    if problems:
        raise FormatError(problems)
    return tuple(questions)


def row_steps(rows: list[Json], index: int) -> tuple[str | int, ...]:
    """The first steps of a JSON pointer into a row: none where the file is a single object."""
    return () if len(rows) == 1 else (index,)


def name_rows(
    problems: Iterable[Problem], steps: tuple[str | int, ...], index: int
) -> Iterator[Problem]:
    """The problems of one row, with its number where the file has more than one."""
    for problem in problems:
        message = f"Row {index + 1}: {problem.message}" if steps else problem.message
        yield Problem(pointer(*steps) + problem.pointer, message)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _whole(data: bytes) -> list[Json]:
    try:
        value = loads(data)
    except JsonError as error:
        raise FormatError([Problem("", str(error))]) from None
    rows = value if isinstance(value, list) else [value]
    if not rows:
        raise FormatError([Problem("", "The file holds an empty list.")])
    return rows


def _each(lines: list[bytes]) -> list[Json]:
    rows: list[Json] = []
    problems: list[Problem] = []
    for index, line in enumerate(lines):
        try:
            rows.append(loads(line))
        except JsonError as error:
            problems.append(Problem(pointer(index), f"Row {index + 1}: {error.message}"))
    if problems:
        raise FormatError(problems)
    return rows
