"""What waits for an expert over all questions: for the start page."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labels import grading_hashes
from rubric_studio.grading.models import Assignment, Label, SampleAnswer
from rubric_studio.rubrics.draft import criterion_value, question_value
from rubric_studio.rubrics.models import Criterion, Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with cells that wait for the expert: `open` ones among what was assigned, and
    `stale` ones to read again."""

    question: Question
    answers: int
    open: int
    stale: int


def asked_of(user: User) -> tuple[Asked, ...]:
    """The questions that the user was asked to label, or has labels to read again in, the most
    work first. Five queries."""
    assigned = _assigned(user)
    labels = _labels(user)
    if not assigned and not labels:
        return ()
    ids = {*assigned, *(it.answer.question_id for it in labels)}
    criteria: defaultdict[UUID, list[Criterion]] = defaultdict(list)
    rows = Criterion.objects.live().filter(question__in=ids, check_spec__isnull=True)
    for row in rows:
        criteria[row.question_id].append(row)
    questions = Question.objects.live().filter(pk__in=ids).visible_to(user)
    given: defaultdict[UUID, list[Label]] = defaultdict(list)
    for label in labels:
        given[label.answer.question_id].append(label)
    texts = _edited_texts(labels)
    found = []
    for question in questions.select_related("collection"):
        known = _hashes(question, criteria[question.pk])
        own = [it for it in given[question.pk] if it.criterion_key in known]
        answers = assigned[question.pk]
        done = sum(it.answer_id in answers for it in own)
        stale = sum(_is_stale(it, known, texts) for it in own)
        waiting = Asked(question, len(answers), len(answers) * len(known) - done, stale)
        if waiting.open or waiting.stale:
            found.append(waiting)
    return tuple(sorted(found, key=lambda it: (-it.open - it.stale, str(it.question.pk))))


def _assigned(user: User) -> defaultdict[UUID, set[UUID]]:
    assigned: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = Assignment.objects.standing().filter(expert=user)
    for question, answer in rows.values_list("answer__question_id", "answer_id"):
        assigned[question].add(answer)
    return assigned


def _labels(user: User) -> list[Label]:
    return list(
        Label.objects.current()
        .filter(author=user, imported_from="", answer__deleted_at=None)
        .filter(answer__question__deleted_at=None)
        .select_related("answer")
        .defer("note", "answer__text", "answer__messages")
    )


def _edited_texts(labels: list[Label]) -> dict[UUID, str]:
    """The hashes of the answers that were ever edited: few, so few are read."""
    edited = {it.answer_id for it in labels if it.answer.revision > 1}
    rows = SampleAnswer.objects.filter(pk__in=edited).only("pk", "text", "messages")
    return {it.pk: answer_hash(content_of(it)) for it in rows}


def _hashes(question: Question, rows: list[Criterion]) -> dict[str, str]:
    """A grading hash depends on the question and its criterion alone."""
    criteria = tuple(criterion_value(it, {}) for it in rows)
    return grading_hashes(Document(question_value(question), criteria=criteria))


def _is_stale(label: Label, hashes: dict[str, str], texts: dict[UUID, str]) -> bool:
    text = texts.get(label.answer_id, label.answer_hash)
    return label.is_stale(hashes[label.criterion_key], text)
