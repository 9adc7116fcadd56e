"""{% load steering %}: the word on each question of a list, and what the report's page writes."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django import template

from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.tier_counts import TierCounts
from rubric_studio.grading.models import Run
from rubric_studio.rubrics.drawing.bars import TIERS
from rubric_studio.rubrics.drawing.numbers import score
from rubric_studio.rubrics.models import Question, Version
from rubric_studio.rubrics.overview import Shelf
from rubric_studio.steering import drafts, moves, needs, regression, rerunning, sentences
from rubric_studio.steering.drawing import axis
from rubric_studio.steering.drawing.axis import Tick
from rubric_studio.steering.figures import criteria_words
from rubric_studio.steering.states import NOT_TESTED, State, states_of

States = Mapping[UUID, State]

register = template.Library()

register.filter("gap", sentences.gap_words)
register.filter("share", criteria_words.share)


@register.filter
def gain(number: float | None) -> str:
    """+0.11, −0.04, 0.00: a difference of scores with its sign. A dash for none."""
    if number is None:
        return "–"
    return f"+{score(number)}" if round(number, 2) > 0 else score(number)


@register.filter
def giving_way(ticks: Sequence[Tick]) -> Iterable[tuple[Tick, bool]]:
    """{% for tick, gives_way in axis.ticks|giving_way %}"""
    return zip(ticks, axis.giving_way(ticks), strict=True)


@register.filter
def tier_name(tier: int) -> str:
    """Strong, or Tier 5 for one without a name."""
    return TIERS.get(tier, f"tier {tier}").capitalize()


@register.filter
def run_name(run: Run) -> str:
    """v3, run 14; Draft, run 15."""
    tried = f"v{run.version.ordinal}" if run.version else "Draft"
    return f"{tried}, run {run.ordinal}"


@register.simple_tag
def steering_states(shelves: Shelf | Iterable[Shelf]) -> dict[UUID, State]:
    """{% steering_states shelves as states %}, once before the lists: five queries at most."""
    return states_of(_questions(_as_list(shelves)))


@register.inclusion_tag("steering/_state.html")
def steering_state(question: Question, states: States) -> dict[str, object]:
    """{% steering_state question states %}: icon, words and the way to the report."""
    return {"question": question, "state": states.get(question.pk, NOT_TESTED)}


@register.inclusion_tag("steering/_counts.html")
def steering_counts(shelf: Shelf, states: States) -> dict[str, object]:
    """{% steering_counts shelf states %}: how many of a collection's listed questions stand how."""
    found = _counted([shelf], states)
    return {
        "shelf": shelf,
        "steers": found["steers"],
        "warned": found["steers_with_warnings"],
        "fails": found["does_not_steer"],
        "open": found["not_tested"] + found["too_little_data"],
    }


@register.simple_tag
def steering_summary(shelves: Shelf | Iterable[Shelf], states: States) -> str:
    """{% steering_summary shelves states %}: a sentence, "" while nothing is tested."""
    shelves = _as_list(shelves)
    found = _counted(shelves, states)
    steer = found["steers"] + found["steers_with_warnings"]
    if not steer + found["does_not_steer"]:
        return ""
    said = (
        f"{steer or 'None'} of the {found.total()} listed" if _is_cut(shelves) else steer or "None"
    )
    return f"{said} {'steers' if steer < 2 else 'steer'} on your samples."


@register.simple_tag
def tested_draft(question: Question, draft: Document) -> drafts.TestedDraft | None:
    """{% tested_draft question outline.document as tested %}"""
    return drafts.tested_draft(question, draft)


@register.inclusion_tag("steering/_regression.html", takes_context=True)
def what_moved(
    context: template.Context,
    question: Question,
    old: Document,
    new: Document,
    version: Version | None = None,
    *,
    may_run: bool = False,
) -> dict[str, object]:
    """{% what_moved question old.document new.document new.version may_run=may_edit %}: what moved
    between two rubrics, and the button that runs the newer one where nothing has tried it."""
    compared = moves.compared_runs(question, old, new)
    last = rerunning.run_to_repeat(question) if may_run and compared.after is None else None
    found = compared.regression
    return {
        "question": question,
        "compared": compared,
        "regression": found,
        "sentence": regression.regression_sentence(found) if found else "",
        "version": version,
        "is_draft": version is None,
        "last": last,
        "may_run": last is not None,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("rubrics/_needs_you.html")
def needs_you(
    shelves: Iterable[Shelf],
    states: States,
    tiers: Mapping[UUID, TierCounts],
    writable: Collection[int],
) -> dict[str, object]:
    """{% needs_you shelves states tiers writable %}: what waits for this member, who writes in the
    teams of these ids. One query."""
    own = [it for it in shelves if it.collection.team_id in writable]
    found = needs.needs_of(_questions(own), states, tiers)
    return {"needs": found[: needs.SHOWN], "total": len(found)}


def _as_list(shelves: Shelf | Iterable[Shelf]) -> list[Shelf]:
    return [shelves] if isinstance(shelves, Shelf) else list(shelves)


def _questions(shelves: Iterable[Shelf]) -> list[Question]:
    return [row.question for shelf in shelves for row in shelf.questions]


def _counted(shelves: Iterable[Shelf], states: States) -> Counter[str]:
    return Counter(states.get(it.pk, NOT_TESTED).verdict for it in _questions(shelves))


def _is_cut(shelves: Iterable[Shelf]) -> bool:
    return any(shelf.is_cut for shelf in shelves)
