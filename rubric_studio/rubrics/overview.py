"""Collections and their questions as the start page lists them, in few queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from rubric_studio.rubrics.models import Collection, Criterion, Question, Revision, Version


@dataclass(frozen=True)
class Listed:
    """A question with its row's figures. `lose` is positive; `changes` are since `version`."""

    question: Question
    criteria: int
    earn: float
    lose: float
    version: int | None
    changes: int

    @property
    def points(self) -> float:
        return self.earn + self.lose

    @property
    def changed_at(self) -> datetime:
        return self.question.changed_at


@dataclass(frozen=True)
class Shelf:
    """A collection with its questions."""

    collection: Collection
    questions: tuple[Listed, ...]

    @property
    def criteria(self) -> int:
        return sum(it.criteria for it in self.questions)

    @property
    def largest(self) -> float:
        return max((it.points for it in self.questions), default=1)


def shelves(collections: Sequence[Collection]) -> tuple[Shelf, ...]:
    """The collections, each with its living questions, the last changed first. One query."""
    listed: dict[Any, list[Listed]] = {it.pk: [] for it in collections}
    for question in _questions(collections):
        listed[question.collection_id].append(_listed(question))
    return tuple(Shelf(it, tuple(listed[it.pk])) for it in collections)


def _questions(collections: Sequence[Collection]) -> QuerySet[Question, Any]:
    live = Criterion.objects.live().filter(question=OuterRef("pk")).order_by().values("question")
    signed = live.annotate(
        total=Count("pk"),
        earn=Sum(Greatest(F("points"), Value(0.0))),
        lose=Sum(Greatest(-F("points"), Value(0.0))),
    )
    newest = Version.objects.filter(question=OuterRef("pk")).order_by("-ordinal")
    since = (
        Revision.objects.filter(Q(question=OuterRef("pk")), created_at__gt=OuterRef("published_at"))
        .order_by()
        .values("question")
        .annotate(total=Count(F("subject_key"), distinct=True))
    )
    zero = Value(0.0, FloatField())
    return (
        Question.objects.live()
        .filter(collection__in=collections)
        .select_related("changed_by")
        .annotate(
            criterion_count=Coalesce(Subquery(signed.values("total")), 0),
            earn=Coalesce(Subquery(signed.values("earn")), zero),
            lose=Coalesce(Subquery(signed.values("lose")), zero),
            newest=Subquery(newest.values("ordinal")[:1]),
            published_at=Subquery(newest.values("published_at")[:1]),
        )
        .annotate(change_count=Coalesce(Subquery(since.values("total")), 0))
        .order_by("-changed_at", "pk")
    )


def _listed(question: Any) -> Listed:
    """`question` carries the figures that the query annotated."""
    return Listed(
        question=question,
        criteria=question.criterion_count,
        earn=question.earn,
        lose=question.lose,
        version=question.newest,
        changes=question.change_count,
    )
