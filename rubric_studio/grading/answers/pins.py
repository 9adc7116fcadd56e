"""The pinned answers: those whose verdicts stand beside the criteria where they are written."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from rubric_studio.errors import DomainError
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.models import Question

MOST_PINNED = 3


class HeldOutAnswer(DomainError):
    code = "held_out_answer"
    message = (
        "This answer is held out, so it is not shown where criteria are written. Take it back among"
        " the others first."
    )


class TooManyPinned(DomainError):
    code = "too_many_pinned"
    message = f"{MOST_PINNED} answers are pinned already. Unpin one of them first."


@transaction.atomic
def pin_answer(answer: SampleAnswer) -> None:
    """Let it stand beside the criteria. Raises TooManyPinned, and HeldOutAnswer."""
    # Two people pinning at once: the second one waits here, and sees what the first one did.
    Question.objects.select_for_update(no_key=True).get(pk=answer.question_id)
    if SampleAnswer.objects.filter(pk=answer.pk, is_held_out=True).exists():
        raise HeldOutAnswer
    pinned = SampleAnswer.objects.live().filter(question=answer.question_id, is_pinned=True)
    if pinned.exclude(pk=answer.pk).count() >= MOST_PINNED:
        raise TooManyPinned
    SampleAnswer.objects.filter(pk=answer.pk).update(is_pinned=True)


def unpin_answer(answer: SampleAnswer) -> None:
    """Where none is left, the automatic choice of `pinned_of` stands in again."""
    SampleAnswer.objects.filter(pk=answer.pk).update(is_pinned=False)


def pinned_answers(question: Question) -> list[SampleAnswer]:
    """The question's pinned answers with their texts, strong ones first; two queries."""
    live = SampleAnswer.objects.live().shown_where_written().filter(question=question)
    light = live.defer("text", "messages")
    chosen = [it.pk for it in pinned_of(list(light))]
    whole = SampleAnswer.objects.in_bulk(chosen)
    return [whole[pk] for pk in chosen if pk in whole]


def pinned_of(answers: Sequence[SampleAnswer]) -> list[SampleAnswer]:
    """Those that somebody pinned. Where nobody did: the best answer of the highest tier, one of the
    middle, one of the lowest; the first ones where there are no tiers to choose by.

    None that is held out. Chosen by what their author expects of them, never by their scores: the
    same ones stand there after the next run.
    """
    answers = [it for it in answers if not it.is_held_out]
    pinned = [it for it in answers if it.is_pinned]
    if pinned:
        return sorted(pinned, key=_strong_first)[:MOST_PINNED]
    ranked = [it for it in answers if it.origin != SampleAnswer.Origin.PROBE]
    tiers = sorted({it.tier for it in ranked if it.tier is not None}, reverse=True)
    if len(tiers) < 2:
        return sorted(ranked or answers, key=lambda it: it.ordinal)[:MOST_PINNED]
    middle = [tiers[len(tiers) // 2]] if len(tiers) > 2 else []
    by_tier = [[it for it in ranked if it.tier == tier] for tier in (tiers[0], *middle, tiers[-1])]
    return [min(by_tier[0], key=_best_first), *(_first(it) for it in by_tier[1:])]


def _best_first(answer: SampleAnswer) -> tuple[bool, float, int]:
    is_ideal = answer.anchor == SampleAnswer.Anchor.IDEAL
    return not is_ideal, -(answer.band_high or 0.0), answer.ordinal


def _strong_first(answer: SampleAnswer) -> tuple[bool, int, int]:
    return answer.tier is None, -(answer.tier or 0), answer.ordinal


def _first(answers: Iterable[SampleAnswer]) -> SampleAnswer:
    return min(answers, key=lambda it: it.ordinal)
