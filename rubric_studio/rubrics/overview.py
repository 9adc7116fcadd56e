"""Collections and their questions as the start page lists them, in few queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, RowNumber

from rubric_studio.rubrics.models import Collection, Criterion, Question, Revision, Version

# How many questions of a collection the start page shows.
SHOWN = 12


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
    """A collection with the questions shown of it, and how much it holds in all."""

    collection: Collection
    questions: tuple[Listed, ...]
    total: int
    criteria: int

    @property
    def is_cut(self) -> bool:
        return len(self.questions) < self.total

    @property
    def largest(self) -> float:
        return max((it.points for it in self.questions), default=1)


def shelves(collections: Sequence[Collection]) -> tuple[Shelf, ...]:
    """The collections, each with the questions changed last, newest first. Four queries."""
    live = Question.objects.live().filter(collection__in=collections)
    recent = live.annotate(
        place=Window(
            RowNumber(), partition_by="collection", order_by=[F("changed_at").desc(), F("pk").asc()]
        )
    ).filter(place__lte=SHOWN)
    listed: dict[Any, list[Listed]] = {it.pk: [] for it in collections}
    for question in listed_questions([*recent.values_list("pk", flat=True)]):
        listed[question.question.collection_id].append(question)
    totals = _totals(live.values_list("collection"))
    criteria = _totals(
        Criterion.objects.live().filter(question__in=live).values_list("question__collection")
    )
    return tuple(
        Shelf(it, tuple(listed[it.pk]), totals.get(it.pk, 0), criteria.get(it.pk, 0))
        for it in collections
    )


def listed_questions(ids: Sequence[Any]) -> tuple[Listed, ...]:
    """These questions with their figures, the last changed first. One query."""
    return tuple(_listed(question) for question in _questions(ids))


def _totals(groups: QuerySet[Any, Any]) -> dict[Any, int]:
    return dict(groups.order_by().annotate(total=Count("pk")))


def _questions(ids: Sequence[Any]) -> QuerySet[Question, Any]:
    live = Criterion.objects.live().filter(question=OuterRef("pk")).order_by().values("question")
    signed = live.annotate(
        total=Count("pk"),
        earn=Sum(Greatest(F("points"), Value(0.0))),
        lose=Sum(Greatest(-F("points"), Value(0.0))),
    )
    newest = Version.objects.filter(question=OuterRef("pk")).order_by("-ordinal")
    since = (
        Revision.objects.of_rubric()
        .filter(Q(question=OuterRef("pk")), created_at__gt=OuterRef("published_at"))
        .order_by()
        .values("question")
        .annotate(total=Count(F("subject_key"), distinct=True))
    )
    zero = Value(0.0, FloatField())
    return (
        Question.objects.filter(pk__in=ids)
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
