"""Sample answers as their page lists them: by tier, with when the expectation was stated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Left, Length

from rubric_studio.grading.answers.knowing import VERDICTS
from rubric_studio.grading.models import Grade, RunAnswer, RunSeen, SampleAnswer
from rubric_studio.rubrics.models import Question

# Of a longer answer the list holds the beginning; its own page has all of it.
SHOWN = 6_000
EXCERPT = 240
TIER_NAMES = {3: "Strong", 2: "Acceptable", 1: "Weak"}

# When the expectation was stated: before whoever stated it saw grades, after that, before any grade
# is there, at a time that is not known; "" where nothing is expected.
Stated = Literal["", "before", "after", "ungraded", "undated"]


PROBES = "Probes"
FEW_PROBES = 6


@dataclass(frozen=True)
class Listed:
    """An answer with the beginning of its text, or its messages where they are short enough."""

    answer: SampleAnswer
    text: str | None
    messages: Sequence[Any] | None
    is_cut: bool
    words: int | None
    turns: int | None
    stated: Stated

    @property
    def excerpt(self) -> str:
        said = self.text if self.text is not None else _last_said(self.messages or ())
        return " ".join(said[: 4 * EXCERPT].split())[:EXCERPT]


@dataclass(frozen=True)
class Group:
    """Answers of one tier. `tier` is None for probes and for answers without one."""

    title: str
    tier: int | None
    answers: tuple[Listed, ...]

    @property
    def is_folded(self) -> bool:
        """Whether the page shows these closed: there are dozens of probes soon."""
        return self.title == PROBES and len(self.answers) > FEW_PROBES


def answers_by_tier(question: Question) -> QuerySet[SampleAnswer, Any]:
    """The living answers, the highest tier first, then those without a tier, then probes."""
    place = Case(When(origin=SampleAnswer.Origin.PROBE, then=2), When(tier=None, then=1), default=0)
    return (
        with_beginnings(SampleAnswer.objects.live().filter(question=question))
        .annotate(place=place)
        .order_by("place", F("tier").desc(nulls_last=True), "ordinal")
    )


def with_beginnings(answers: QuerySet[SampleAnswer]) -> QuerySet[SampleAnswer, Any]:
    """The answers with what a list shows of them, however long they are."""
    words = Func(F("text"), Value(r"\S+"), function="regexp_count", output_field=IntegerField())
    turns = Func(F("messages"), function="jsonb_array_length", output_field=IntegerField())
    is_short = Q(messages__isnull=False, written__lte=SHOWN)
    return (
        answers.defer("text", "messages")
        .alias(written=Length(Cast("messages", TextField())))
        .annotate(
            head=Left("text", SHOWN),
            length=Length("text"),
            words=words,
            turns=turns,
            transcript=Case(When(is_short, then=F("messages")), output_field=JSONField()),
            is_graded=_is_graded(),
            seen_at=_seen_at(),
        )
    )


def in_groups(answers: Iterable[Any]) -> tuple[Group, ...]:
    """Groups of the answers of `answers_by_tier`, in their order."""
    return tuple(
        Group(title, tier, tuple(listed(it) for it in rows))
        for (title, tier), rows in groupby(answers, key=_group_of)
    )


def listed(answer: Any) -> Listed:
    """`answer` carries what `with_beginnings` annotated."""
    is_long = (answer.length or 0) > SHOWN
    return Listed(
        answer=answer,
        text=answer.head,
        messages=answer.transcript,
        is_cut=is_long or (answer.turns is not None and answer.transcript is None),
        words=answer.words,
        turns=answer.turns,
        stated=when_stated(answer, answer.is_graded, answer.seen_at),
    )


def when_stated(answer: SampleAnswer, is_graded: bool, seen_at: datetime | None) -> Stated:
    """`seen_at` is when whoever stated it first opened a run with grades of the answer."""
    if answer.tier is None and answer.band is None and not answer.anchor:
        return ""
    if answer.expected_at is None:
        return "undated"
    if seen_at is not None and answer.expected_at > seen_at:
        return "after"
    return "before" if is_graded else "ungraded"


def tier_title(tier: int) -> str:
    return TIER_NAMES.get(tier, f"Tier {tier}")


def _is_graded() -> Exists:
    graded = Grade.objects.filter(run_answer=OuterRef("pk"), status__in=VERDICTS)
    rows = RunAnswer.objects.filter(Exists(graded), answer=OuterRef("pk"))
    return Exists(rows.filter(run__finished_at__isnull=False))


def _seen_at() -> Case:
    """By whoever stated what is expected; by anybody where that is not known."""
    seen = RunSeen.objects.filter(run__run_answers__answer=OuterRef("pk")).order_by("seen_at")
    own = seen.filter(user=OuterRef("expected_by"))
    return Case(
        When(expected_by=None, then=Subquery(seen.values("seen_at")[:1])),
        default=Subquery(own.values("seen_at")[:1]),
    )


def _group_of(answer: SampleAnswer) -> tuple[str, int | None]:
    if answer.origin == SampleAnswer.Origin.PROBE:
        return PROBES, None
    if answer.tier is None:
        return "No tier stated", None
    return tier_title(answer.tier), answer.tier


def _last_said(messages: Sequence[Any]) -> str:
    """The last message that says something in words."""
    contents = (it.get("content") for it in reversed(messages))
    return next((it for it in contents if isinstance(it, str) and it.strip()), "")
