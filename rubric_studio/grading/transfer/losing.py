"""What a format would lose of a collection, counted before anything is exported."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db.models import OuterRef, Subquery

from rubric_studio.engine.document.reading import read_document
from rubric_studio.engine.document.strict_json import loads
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.formats import FORMATS, Format, FormatError, ImportedQuestion
from rubric_studio.rubrics.draft import Draft
from rubric_studio.rubrics.models import Collection, Criterion, Question, Section, Version

# Somebody waits for the page; a larger collection is judged by this many of its questions.
MOST_QUESTIONS = 200
# Formats say how many criteria of a document lose something: "gates (2 criteria)".
_COUNTED = re.compile(r"^(?P<what>.*) \((?P<count>\d+) criteri(?:on|a)\)$")


@dataclass(frozen=True)
class Loss:
    """`criteria` is 0 for what is lost of a question as a whole."""

    what: str
    questions: int
    criteria: int


@dataclass(frozen=True)
class Prospect:
    """What one format makes of the documents. `refused` of them it can't carry at all."""

    format: Format
    losses: tuple[Loss, ...]
    refused: int
    reason: str


def prospects(documents: Sequence[Document]) -> tuple[Prospect, ...]:
    """One for each format, in the formats' order."""
    return tuple(prospect(it, documents) for it in FORMATS.values())


def prospect(chosen: Format, documents: Sequence[Document]) -> Prospect:
    questions: Counter[str] = Counter()
    criteria: Counter[str] = Counter()
    reasons: list[str] = []
    for document in documents:
        for loss in chosen.losses(document):
            counted = _COUNTED.match(loss)
            what = counted["what"] if counted else loss
            questions[what] += 1
            criteria[what] += int(counted["count"]) if counted else 0
        reasons.extend(_refusal(chosen, document))
    losses = tuple(Loss(what, number, criteria[what]) for what, number in questions.items())
    return Prospect(chosen, losses, len(reasons), reasons[0] if reasons else "")


def exported_documents(collection: Collection, *, drafts: bool) -> list[Document]:
    """The documents that an export holds, at most MOST_QUESTIONS. Three queries."""
    questions = Question.objects.live().filter(collection=collection)
    if drafts:
        return list(_drafts(list(questions[:MOST_QUESTIONS])))
    newest = Version.objects.filter(question=OuterRef("pk")).order_by("-ordinal")
    published = questions.annotate(newest=Subquery(newest.values("document")[:1]))
    rows = published.filter(newest__isnull=False).values_list("newest", flat=True)
    return [read_document(loads(bytes(it))) for it in rows[:MOST_QUESTIONS]]


def _drafts(questions: Sequence[Question]) -> Iterator[Document]:
    sections: defaultdict[UUID, list[Section]] = defaultdict(list)
    for section in Section.objects.live().filter(question__in=questions):
        sections[section.question_id].append(section)
    criteria: defaultdict[UUID, list[Criterion]] = defaultdict(list)
    for criterion in Criterion.objects.live().filter(question__in=questions):
        criteria[criterion.question_id].append(criterion)
    for it in questions:
        yield Draft(it, tuple(sections[it.pk]), tuple(criteria[it.pk])).document


def _refusal(chosen: Format, document: Document) -> Iterator[str]:
    """Why the format can't carry the document, if it can't."""
    try:
        for _ in islice(chosen.write([ImportedQuestion(document)]), 1):
            return
    except FormatError as error:
        yield f"“{document.question.key}”: {error.problems[0].message}"
