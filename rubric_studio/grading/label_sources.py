"""Whose verdicts a run's answers can be scored by, besides the run's own."""

import hashlib
from dataclasses import dataclass

from django.db.models import Count

from rubric_studio.accounts.models import User
from rubric_studio.grading.labelling.holding import adjudications_of
from rubric_studio.grading.labels import Rater, labels_of
from rubric_studio.grading.models import Run
from rubric_studio.grading.scores import LabelsFrom


@dataclass(frozen=True, slots=True)
class LabelSource:
    """`key` names it in addresses: "labels", "adjudicated", "expert-12", "expert-12-1f0c9a2b" for
    a name that member 12 brought in from a file. `labels` is how many current labels (or, of
    "adjudicated", settled cells) there are on the run's answers, stale ones among them."""

    key: str
    name: str
    verdicts_from: LabelsFrom
    labels: int


def sources_of(run: Run) -> tuple[LabelSource, ...]:
    """What there is: everybody together, adjudicated, then each expert by name. Two queries."""
    on_run = labels_of(run.question).filter(answer__run_answers__run=run)
    whose = ("author_id", "imported_from", "author__name", "author__email")
    rows = on_run.order_by().values_list(*whose).annotate(Count("pk"))
    given = {
        ((author, imported), imported or str(User(name=name, email=email))): labels
        for author, imported, name, email, labels in rows
    }
    if not given:
        return ()
    settled = adjudications_of(run.question).filter(answer__run_answers__run=run).count()
    experts = sorted(given, key=lambda it: (it[1].casefold(), it[0]))
    sources = [
        LabelSource("labels", "All experts together", "labels", sum(given.values())),
        LabelSource("adjudicated", "Adjudicated labels", "adjudicated", settled),
    ]
    for (author_id, imported_from), name in experts:
        key = f"expert-{author_id}"
        if imported_from:
            key = f"{key}-{hashlib.sha256(imported_from.encode()).hexdigest()[:8]}"
        count = given[(author_id, imported_from), name]
        sources.append(LabelSource(key, name, Rater(author_id, imported_from), count))
    return tuple(sources)


def source_of(run: Run, key: str) -> LabelSource | None:
    """The run's source of that key; None where it has none."""
    return next((it for it in sources_of(run) if it.key == key), None)
