"""What an expert read when they gave a label that no longer fits, beside what stands there now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from rubric_studio.engine.document.canonical import grading_hash
from rubric_studio.engine.document.reading import read_criterion
from rubric_studio.engine.document.types import Criterion, Document, Json
from rubric_studio.engine.document.wording import Piece, word_diff
from rubric_studio.grading.models import Label
from rubric_studio.rubrics.models import Question, Revision


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a criterion, word by word."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Rewording:
    """Why a label is stale. `changed` is what was reworded of the criterion; none of it where the
    answer alone was edited, or where the question itself was."""

    changed: tuple[Changed, ...]
    is_edited: bool
    is_asked_otherwise: bool


def rewordings_of(
    question: Question, document: Document, labels: Sequence[Label], texts: Mapping[UUID, str]
) -> dict[str, Rewording]:
    """Of each stale label of one answer, by its criterion's key. One query.

    The wording that was read is the one that gives the label's own hash, so a label that came in
    late is set against what its expert had before them, not against what stood there by then.
    """
    keys = [it.criterion_key for it in labels]
    former: defaultdict[str, list[dict[str, Json]]] = defaultdict(list)
    revisions = Revision.objects.filter(
        question=question, subject=Revision.Subject.CRITERION, subject_key__in=keys
    )
    for key, content in revisions.order_by("-number").values_list("subject_key", "content"):
        former[key].append(content)
    return {it.criterion_key: _rewording(document, it, former, texts) for it in labels}


def _rewording(
    document: Document,
    label: Label,
    former: Mapping[str, list[dict[str, Json]]],
    texts: Mapping[UUID, str],
) -> Rewording:
    key = label.criterion_key
    is_edited = texts.get(label.answer_id) != label.answer_hash
    if grading_hash(document, key) == label.grading_hash:
        return Rewording((), is_edited, is_asked_otherwise=False)
    now = document.criterion(key)
    for content in former.get(key, ()):
        then = _criterion(content)
        if grading_hash(replace(document, criteria=(then,)), key) == label.grading_hash:
            return Rewording(_changed(then, now), is_edited, is_asked_otherwise=False)
    return Rewording((), is_edited, is_asked_otherwise=True)


def _criterion(content: dict[str, Json]) -> Criterion:
    return read_criterion({name: it for name, it in content.items() if name != "position"})


def _changed(then: Criterion, now: Criterion) -> tuple[Changed, ...]:
    found = [(name, _words(then)[name], text) for name, text in _words(now).items()]
    return tuple(Changed(name, word_diff(old, new)) for name, old, new in found if old != new)


def _words(criterion: Criterion) -> dict[str, str]:
    """What can change a verdict, as text."""
    levels = [f"{it.label}: {it.description}" for it in criterion.levels or ()]
    examples = [f"{it.verdict}: {it.answer}" for it in criterion.examples]
    may_not = "It may not apply to an answer." if criterion.may_not_apply else "It always applies."
    return {
        "Sentence": criterion.text,
        "Guidance": criterion.guidance,
        "Levels": "\n".join(levels),
        "Examples": "\n".join(examples),
        "May not apply": may_not,
    }
