"""Where experts say different things of one cell, and what was settled there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labelling.holding import Kind, adjudications_of, kind_of
from rubric_studio.grading.labelling.page import Choice, choices_of
from rubric_studio.grading.labels import Wording, grading_hashes, labels_of
from rubric_studio.grading.models import Adjudication, Label, SampleAnswer
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.outline import Entry, outline_of


@dataclass(frozen=True, slots=True)
class Voice:
    """What one expert said. `said` is None where the criterion has that level no more."""

    rater: str
    is_own: bool
    label: Label
    said: Choice | None


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of more than one mind, or one that nobody could tell."""

    answer: SampleAnswer
    entry: Entry
    kind: Kind
    voices: tuple[Voice, ...]
    adjudication: Adjudication | None
    is_stale: bool
    wording: Wording

    @property
    def criterion(self) -> Criterion:
        return self.entry.criterion

    @property
    def is_settled(self) -> bool:
        return self.adjudication is not None and not self.is_stale

    @property
    def code(self) -> str:
        return f"{self.answer.letter}.{self.criterion.key}"

    @property
    def choices(self) -> tuple[Choice, ...]:
        return choices_of(self.criterion, self.adjudication)

    @property
    def settled(self) -> Choice | None:
        return next((it for it in self.choices if it.is_chosen), None)


def cases_of(question: Question, user: User) -> tuple[Case, ...]:
    """The draft's cells where current labels that are not stale disagree, or where all of them
    say "cannot tell", and those settled before: open ones first. Five queries."""
    document = draft_document(question)
    labels = list(labels_of(question))
    settled = list(adjudications_of(question))
    answers = _answers({it.answer_id for it in (*labels, *settled)})
    texts = {pk: answer_hash(content_of(it)) for pk, it in answers.items()}
    hashes = grading_hashes(document)
    cells: defaultdict[tuple[UUID, str], list[Label]] = defaultdict(list)
    for label in labels:
        now = hashes.get(label.criterion_key, "")
        if not label.is_stale(now, texts[label.answer_id]):
            cells[label.answer_id, label.criterion_key].append(label)
    decided = {(it.answer_id, it.criterion_key): it for it in settled}
    found = []
    for entry in _by_people(document):
        key = entry.criterion.key
        for pk, answer in answers.items():
            kind, adjudication = kind_of(cells.get((pk, key), ())), decided.get((pk, key))
            if kind == "agree" and adjudication is None:
                continue
            wording = Wording(hashes[key], texts[pk])
            voices = tuple(
                Voice(it.rater, it.rater_key == (user.pk, ""), it, _said(entry.criterion, it))
                for it in cells.get((pk, key), ())
            )
            is_stale = adjudication is not None and adjudication.is_stale(hashes[key], texts[pk])
            found.append(Case(answer, entry, kind, voices, adjudication, is_stale, wording))
    return tuple(sorted(found, key=lambda it: it.is_settled))


def _answers(ids: Iterable[UUID]) -> dict[UUID, SampleAnswer]:
    return {it.pk: it for it in SampleAnswer.objects.live().filter(pk__in=list(ids))}


def _by_people(document: Document) -> list[Entry]:
    return [it for it in outline_of(document).entries if it.criterion.check is None]


def _said(criterion: Criterion, label: Label) -> Choice | None:
    return next((it for it in choices_of(criterion, label) if it.is_chosen), None)
