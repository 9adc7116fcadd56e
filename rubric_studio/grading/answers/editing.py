"""Sample answers: adding, editing, the trash, and what a judge reads of them."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.reading import read_message
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.transcripts import transcript_problems
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers.history import record_answers
from rubric_studio.grading.models import RunAnswer, SampleAnswer
from rubric_studio.rubrics.editing.refusals import InvalidEdit, StaleWrite
from rubric_studio.rubrics.models import Question, Revision

LARGEST_ANSWER = 1_000_000  # bytes of UTF-8
HIGHEST_TIER = 9
LOWEST_BAND = -100  # penalties may outweigh what can be earned
MOST_ANSWERS = 2000  # of one question, the trash included
EXPECTATION = ("tier", "band", "anchor")
FIELDS = ("name", "text", "messages", "origin", "model", *EXPECTATION, "is_held_out")

Band = tuple[float, float]


class TooManyAnswers(DomainError):
    code = "too_many_answers"
    message = f"A question holds at most {MOST_ANSWERS} sample answers."


def add_answer(
    question: Question,
    user: User | None,
    *,
    name: str = "",
    text: str | None = None,
    messages: Json = None,
    origin: str = SampleAnswer.Origin.MODEL,
    model: str = "",
    tier: int | None = None,
    band: Band | None = None,
    anchor: str = "",
    is_held_out: bool = False,
) -> SampleAnswer:
    """One more answer of the question, under the next letter. Raises InvalidEdit."""
    fields = {
        "name": name,
        "text": text,
        "messages": messages,
        "origin": origin,
        "model": model,
        "tier": tier,
        "band": band,
        "anchor": anchor,
        "is_held_out": is_held_out,
    }
    return add_answers(question, user, [fields])[0]


@transaction.atomic
def add_answers(
    question: Question, user: User | None, rows: list[dict[str, Any]]
) -> list[SampleAnswer]:
    """All of them or, with an InvalidEdit whose pointers start at the row's number, none."""
    answers: list[SampleAnswer] = []
    problems: list[Problem] = []
    ordinal = _next_ordinal(question)
    if ordinal + len(rows) > MOST_ANSWERS:
        raise TooManyAnswers
    for number, fields in enumerate(rows):
        answer = SampleAnswer(question=question, ordinal=ordinal + number, created_by=user)
        found = write_answer(answer, fields, user)
        prefix = pointer(number) if len(rows) > 1 else ""
        problems += [Problem(prefix + it.pointer, it.message) for it in found]
        answers.append(answer)
    if problems:
        raise InvalidEdit(problems)
    made = SampleAnswer.objects.bulk_create(answers)
    record_answers(made, user, Revision.Action.CREATED)
    return made


@transaction.atomic
def edit_answer(
    answer: SampleAnswer, user: User, *, based_on: int | None = None, **changes: Any
) -> SampleAnswer:
    """The answer with these fields changed; runs made before keep the text that they judged.

    Raises InvalidEdit, and StaleWrite when `based_on` is not its revision any more.
    """
    current = SampleAnswer.objects.select_for_update().get(pk=answer.pk)
    if based_on is not None and based_on != current.revision:
        raise StaleWrite(current)
    problems = write_answer(current, {**fields_of(current), **changes}, user)
    if problems:
        raise InvalidEdit(problems)
    current.revision += 1
    current.changed_at = now()
    current.save()
    record_answers([current], user, Revision.Action.EDITED)
    return current


@transaction.atomic
def delete_answer(answer: SampleAnswer, user: User) -> None:
    """Into the trash: its grades and labels stay."""
    _set_deleted(answer, user, now(), Revision.Action.DELETED)


@transaction.atomic
def restore_answer(answer: SampleAnswer, user: User) -> None:
    """Out of the trash."""
    _set_deleted(answer, user, None, Revision.Action.RESTORED)


def _set_deleted(
    answer: SampleAnswer, user: User, at: datetime | None, action: Revision.Action
) -> None:
    current = SampleAnswer.objects.select_for_update().get(pk=answer.pk)
    if (current.deleted_at is None) == (at is None):
        return
    current.deleted_at = at
    current.revision += 1
    current.save(update_fields=["deleted_at", "revision"])
    record_answers([current], user, action)


def row_problems(fields: dict[str, Any]) -> list[Problem]:
    """What keeps these fields from being a new answer."""
    return write_answer(SampleAnswer(), fields)


def fields_of(answer: SampleAnswer) -> dict[str, Any]:
    """The fields that people write, by their names."""
    return {name: getattr(answer, name) for name in FIELDS}


def content_of(answer: SampleAnswer | RunAnswer) -> AnswerContent:
    """What a judge reads."""
    if answer.text is not None:
        return AnswerContent(text=answer.text)
    return AnswerContent(messages=tuple(read_message(it) for it in answer.messages or ()))


def answer_hash(content: AnswerContent) -> str:
    """SHA-256 of what is judged: labels are bound to it."""
    return hashlib.sha256(content.as_text().encode()).hexdigest()


def _next_ordinal(question: Question) -> int:
    """Under a lock, so that two people adding at once get two letters."""
    Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    last = SampleAnswer.objects.filter(question=question).aggregate(last=Max("ordinal"))["last"]
    return 0 if last is None else last + 1


def write_answer(
    answer: SampleAnswer, fields: dict[str, Any], user: User | None = None
) -> list[Problem]:
    """Put the fields on the row, without saving it; what is wrong with them. `user` is who states
    what is expected, None where that came along in a file."""
    unknown = [
        Problem(pointer(it), "There is no such field.") for it in fields.keys() - set(FIELDS)
    ]
    values = {**fields_of(answer), **fields}
    problems = [*unknown, *_text_problems(values), *_expectation_problems(values)]
    if problems:
        return problems
    before = [getattr(answer, name) for name in EXPECTATION]
    for name in ("name", "text", "messages", "origin", "model", "tier"):
        setattr(answer, name, values[name])
    answer.anchor = values["anchor"] or ""
    answer.is_held_out = values["is_held_out"]
    # What is held out can't stand beside the criteria.
    answer.is_pinned = answer.is_pinned and not answer.is_held_out
    band = values["band"]
    answer.band_low, answer.band_high = map(float, band) if band is not None else (None, None)
    if [getattr(answer, name) for name in EXPECTATION] != before:
        answer.expected_at, answer.expected_by = now(), user
    return []


def _text_problems(values: dict[str, Any]) -> list[Problem]:
    problems = []
    if (values["text"] is None) == (values["messages"] is None):
        problems.append(Problem("/text", "Give the answer's text, or its messages, not both."))
    elif values["text"] is not None:
        problems += _too_long("/text", values["text"])
    else:
        problems += _message_problems(values["messages"])
    if values["origin"] not in SampleAnswer.Origin.values:
        problems.append(Problem("/origin", f"Choose one of {_names(SampleAnswer.Origin.values)}."))
    for name in ("name", "model"):
        if not isinstance(values[name], str) or len(values[name]) > 120 or "\0" in values[name]:
            problems.append(Problem(pointer(name), "Write at most 120 letters."))
    return problems


def _too_long(place: str, text: Any) -> list[Problem]:
    if not isinstance(text, str):
        return [Problem(place, "Write a text.")]
    if "\0" in text:
        return [Problem(place, "Remove the NUL character (U+0000); it can't be kept.")]
    if len(text.encode()) > LARGEST_ANSWER:
        return [Problem(place, "Shorten the answer to at most 1 MB.")]
    return []


def _message_problems(messages: Json) -> list[Problem]:
    problems = transcript_problems(messages)
    if problems:
        return [Problem("/messages" + it.pointer, it.message) for it in problems]
    content = AnswerContent(messages=tuple(read_message(it) for it in messages))
    return _too_long("/messages", content.as_text())


def _expectation_problems(values: dict[str, Any]) -> list[Problem]:
    problems = []
    tier, anchor = values["tier"], values["anchor"]
    is_whole = isinstance(tier, int) and not isinstance(tier, bool)
    if tier is not None and not (is_whole and 1 <= tier <= HIGHEST_TIER):
        problems.append(
            Problem("/tier", f"A tier is a whole number from 1 (weakest) to {HIGHEST_TIER}.")
        )
    if anchor and anchor not in SampleAnswer.Anchor.values:
        problems.append(Problem("/anchor", f"Choose one of {_names(SampleAnswer.Anchor.values)}."))
    if values["band"] is not None and not _is_band(values["band"]):
        problems.append(Problem("/band", "A band has two numbers up to 1, the lower one first."))
    if values["is_held_out"] and values["origin"] == SampleAnswer.Origin.PROBE:
        problems.append(Problem("/held_out", "A probe can't be held out; ordinary answers can."))
    return problems


def _is_band(band: Any) -> bool:
    if not isinstance(band, list | tuple) or len(band) != 2:
        return False
    if not all(isinstance(it, int | float) and not isinstance(it, bool) for it in band):
        return False
    return bool(LOWEST_BAND <= band[0] <= band[1] <= 1)


def _names(values: list[str]) -> str:
    return ", ".join(values)
