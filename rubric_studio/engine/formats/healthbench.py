"""HealthBench's rows (openai/simple-evals), and the same in verl's layout as RuscaRL writes it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import count

import orjson

from rubric_studio.engine.document.canonical import canonical_bytes
from rubric_studio.engine.document.fields import Fields
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.reading import message_fields
from rubric_studio.engine.document.types import Criterion, Document, Json, Message, Question
from rubric_studio.engine.document.validation import check_document
from rubric_studio.engine.document.writing import message_json, number_json

from .imported import (
    Format,
    Imported,
    ImportedAnswer,
    ImportedQuestion,
    Warnings,
)
from .losses import criterion_losses, scoring_losses
from .rows import read_questions

IDEAL_TIER = 3
IDEAL_NAME = "Ideal answer"
REFERENCE_NAME = "Reference answer"
GROUP = re.compile(r"\((.+)\)$")
# Where the document's values stand in a row.
POINTERS = (
    (re.compile(r"^/question/key$"), "/prompt_id"),
    (re.compile(r"^/question/messages"), "/prompt"),
    (re.compile(r"^/question/tags"), "/example_tags"),
    (re.compile(r"^/question$"), "/prompt"),
    (re.compile(r"^/criteria/(\d+)/text$"), r"/rubrics/\1/criterion"),
    (re.compile(r"^/criteria"), "/rubrics"),
)


def read(data: bytes) -> Imported:
    """The questions of HealthBench's JSON lines: prompt, rubrics, ideal and reference answers.

    Raises FormatError with every problem found.
    """
    warnings = Warnings()
    questions = read_questions(data, lambda row: _read_row(row, warnings), _asked_twice)
    return Imported(questions, warnings.lines())


def write(questions: Iterable[ImportedQuestion]) -> Iterator[bytes]:
    """One row a question, in HealthBench's own layout; `losses` names what it cannot carry."""
    for it in questions:
        row = {
            "example_tags": list(it.document.question.tags),
            "ideal_completions_data": _ideal_json(it.answers),
            "prompt": [message_json(message) for message in it.document.question.messages],
            "prompt_id": it.document.question.key,
            "rubrics": [_criterion_json(criterion) for criterion in it.document.criteria],
        }
        yield orjson.dumps(row) + b"\n"


def losses(document: Document) -> tuple[str, ...]:
    """What HealthBench's rows cannot carry of this document, in words."""
    question, found = document.question, []
    if question.reference is not None:
        found.append("the reference answer")
    if question.title:
        found.append("the question's title")
    if question.origin != "real":
        found.append("the question's origin")
    if document.sections:
        found.append("sections, with their weights and caps")
    if document.scoring.method == "tree":
        found.append("the tree score, HealthBench adds points")
    if [it.key for it in document.criteria] != _keys([it.text for it in document.criteria]):
        found.append("the criteria's keys")
    return (*found, *criterion_losses(document), *scoring_losses(document))


def _asked_twice(row: int, key: str) -> Problem:
    return Problem("/prompt", f"Row {row} asks this too (key {key!r}); keep one of them.")


def _read_row(row: Json, warnings: Warnings) -> tuple[ImportedQuestion, list[Problem]]:
    problems: list[Problem] = []
    fields = Fields(row, (), problems, "a HealthBench row")
    messages = fields.items("prompt", message_fields, "a message")
    reference: str | None = None
    if "rubrics" not in fields.values and isinstance(fields.values.get("reward_model"), dict):
        inner = fields.part("reward_model", lambda it: _reward_model(it, warnings), "reward_model")
        criteria, reference = inner or ((), None)
    else:
        criteria = _criteria(fields, warnings)
    has_key = fields.values.get("prompt_id") is not None
    key = fields.text("prompt_id") if has_key else _prompt_key(messages)
    tags = fields.texts("example_tags")
    answers = fields.part("ideal_completions_data", _answers, "ideal_completions_data") or ()
    for name in fields.rest():
        warnings.note(f"{name} is not kept")
    document = Document(Question(key, messages, reference, tags), (), criteria)
    if not problems:
        problems.extend(_in_row(it) for it in check_document(document))
    return ImportedQuestion(document, answers), problems


def _reward_model(fields: Fields, warnings: Warnings) -> tuple[tuple[Criterion, ...], str | None]:
    criteria = _criteria(fields, warnings)
    reference = fields.text_or_null("ground_truth")
    if fields.text("style", "rubric") != "rubric":
        fields.note("Only rows whose reward_model has the style 'rubric' can be read.", "style")
    for name in fields.rest():
        warnings.note(f"reward_model.{name} is not kept")
    return criteria, reference or None


def _criteria(fields: Fields, warnings: Warnings) -> tuple[Criterion, ...]:
    criteria = fields.items("rubrics", lambda it: _criterion(it, warnings), "a rubric item")
    keys = _keys([it.text for it in criteria])
    return tuple(
        Criterion(key=key, text=it.text, points=it.points, tags=it.tags)
        for key, it in zip(keys, criteria, strict=True)
    )


def _criterion(fields: Fields, warnings: Warnings) -> Criterion:
    criterion = Criterion(
        "", fields.text("criterion"), fields.number("points"), tags=fields.texts("tags")
    )
    for name in fields.rest():
        warnings.note(f"rubrics.{name} is not kept", "criterion")
    return criterion


def _keys(texts: list[str]) -> list[str]:
    """A key for each criterion out of its words, so that order does not matter."""
    keys: list[str] = []
    for text in texts:
        key = "c-" + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]
        others = (f"{key}~{number}" for number in count(2))
        keys.append(key if key not in keys else next(it for it in others if it not in keys))
    return keys


def _prompt_key(messages: tuple[Message, ...]) -> str:
    written = canonical_bytes([message_json(it) for it in messages])
    return "hb-" + hashlib.sha256(written).hexdigest()[:12]


def _answers(fields: Fields) -> tuple[ImportedAnswer, ...]:
    group = fields.text_or_null("ideal_completions_group")
    name = f"{IDEAL_NAME} ({group})" if group else IDEAL_NAME
    text = fields.text("ideal_completion")
    has_references = fields.values.get("ideal_completions_ref_completions") is not None
    fields.asked.add("ideal_completions_ref_completions")
    references = fields.texts("ideal_completions_ref_completions") if has_references else ()
    fields.close()
    return (
        ImportedAnswer(name, text, origin="expert", tier=IDEAL_TIER, anchor="ideal"),
        *(
            ImportedAnswer(f"{REFERENCE_NAME} {index}", reference, origin="model")
            for index, reference in enumerate(references, 1)
        ),
    )


def _in_row(problem: Problem) -> Problem:
    """The problem at its place in the row instead of the document."""
    for pattern, place in POINTERS:
        moved, changes = pattern.subn(place, problem.pointer)
        if changes:
            return Problem(moved, problem.message)
    return problem


def _criterion_json(criterion: Criterion) -> Json:
    points, tags = number_json(criterion.points), list(criterion.tags)
    return {"criterion": criterion.text, "points": points, "tags": tags}


def _ideal_json(answers: tuple[ImportedAnswer, ...]) -> Json:
    """The ideal answer and those named as its references; HealthBench has no place for others."""
    ideal = next((it for it in answers if it.anchor == "ideal" and it.text is not None), None)
    if ideal is None:
        return None
    group = GROUP.search(ideal.name)
    return {
        "ideal_completion": ideal.text,
        "ideal_completions_group": group[1] if group else None,
        "ideal_completions_ref_completions": [
            it.text for it in answers if it.name.startswith(REFERENCE_NAME) and it.text is not None
        ],
    }


FORMAT = Format(
    name="healthbench",
    title="HealthBench (JSON lines)",
    extension="jsonl",
    media_type="application/jsonl",
    read=read,
    write=write,
    losses=losses,
)
