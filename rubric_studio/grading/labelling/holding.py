"""What holds of a cell: what was settled there, and else what its labels agree on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from django.db.models import QuerySet

from rubric_studio.engine.document.types import Document
from rubric_studio.grading.labels import Cell, Consensus, grading_hashes, level_values
from rubric_studio.grading.models import Adjudication, Label
from rubric_studio.grading.models.expert_verdict import ExpertVerdict
from rubric_studio.rubrics.models import Question

Kind = Literal["differ", "doubt", "agree"]
DOUBT = Label.Status.CANNOT_ASSESS


def adjudications_of(question: Question) -> QuerySet[Adjudication]:
    """The current ones on the question's answers, stale ones among them."""
    return (
        Adjudication.objects.current()
        .filter(answer__question=question, answer__deleted_at=None)
        .select_related("author")
    )


def kind_of(labels: Sequence[ExpertVerdict]) -> Kind:
    """Whether they differ, leave only doubt, or agree. "Cannot tell" beside a verdict is none."""
    said = {(it.status, it.level or it.value) for it in labels}
    verdicts = {it for it in said if it[0] != DOUBT}
    if len(verdicts) > 1:
        return "differ"
    return "doubt" if said and not verdicts else "agree"


def holding(
    document: Document,
    labels: Iterable[Label],
    settled: Iterable[Adjudication],
    answer_hashes: Mapping[Any, str],
) -> dict[Cell, Consensus]:
    """The verdict of each cell of this document that was settled, or whose labels all say the
    same; where they differ nothing holds. Stale labels and adjudications are left out.

    `answer_hashes` are those of the answers by id.
    """
    hashes, values = grading_hashes(document), level_values(document)

    def fits(it: ExpertVerdict) -> bool:
        wording, text = hashes.get(it.criterion_key), answer_hashes.get(it.answer_id)
        return wording is not None and text is not None and not it.is_stale(wording, text)

    def read(it: ExpertVerdict, count: int) -> Consensus:
        # The level was chosen, not its value: that may have changed since.
        value = values.get((it.criterion_key, it.level), it.value)
        return Consensus(it.status, value, it.level, count)

    cells: defaultdict[Cell, list[Label]] = defaultdict(list)
    for label in filter(fits, labels):
        cells[label.answer_id, label.criterion_key].append(label)
    found = {}
    for cell, given in cells.items():
        if kind_of(given) == "agree":
            telling = [it for it in given if it.status != DOUBT]
            found[cell] = read(telling[0], len(given))
    for it in filter(fits, settled):
        cell = (it.answer_id, it.criterion_key)
        found[cell] = read(it, len(cells[cell]) if cell in cells else 0)
    return found
