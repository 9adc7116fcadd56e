"""What is still possible: values, ratios and weighted means while verdicts are missing.

Everything is a Fraction, so that every machine gives the same digits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

ZERO = Fraction(0)
ONE = Fraction(1)
MET = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Possible:
    """What a value in [0, 1] may still be: anything in [low, high] where it applies, or, when
    `may_not_apply`, nothing at all. `applies` False: it surely does not apply."""

    low: Fraction
    high: Fraction
    may_not_apply: bool = False
    applies: bool = True

    @property
    def can_be_met(self) -> bool:
        return self.applies and self.high >= MET

    @property
    def can_be_unmet(self) -> bool:
        return self.applies and self.low < MET


NEVER = Possible(ZERO, ZERO, may_not_apply=True, applies=False)


class Part(NamedTuple):
    """One summand of a ratio: what it adds above and below the line."""

    above: Fraction
    below: Fraction


Options = tuple[Part, ...]
NOTHING = Part(ZERO, ZERO)


class Undefined(ValueError):
    """Every choice leaves nothing below the line."""


def after_requires(own: Possible, required: Sequence[Possible]) -> Possible:
    """What a criterion may be once those it requires have their say.

    Requiring a not-applicable criterion makes it not applicable; requiring an unmet one makes it
    0. Not applicable wins over unmet. Links between missing verdicts are not followed, so the
    result may be too wide, never too narrow.
    """
    if not own.applies or not all(it.applies for it in required):
        return NEVER
    may_not_apply = own.may_not_apply or any(it.may_not_apply for it in required)
    if not any(it.can_be_unmet for it in required):
        return Possible(own.low, own.high, may_not_apply)
    high = own.high if all(it.can_be_met for it in required) else ZERO
    return Possible(ZERO, high, may_not_apply)


def weighed(value: Possible, weight: Fraction) -> Options:
    """The options of a value that counts `weight` times; a negative weight adds nothing below."""
    if not value.applies:
        return (NOTHING,)
    below = max(weight, ZERO)
    ends = [Part(weight * value.low, below), Part(weight * value.high, below)]
    return tuple(dict.fromkeys([*ends, NOTHING] if value.may_not_apply else ends))


def ratio_range(parts: Sequence[Options]) -> tuple[Fraction, Fraction]:
    """The lowest and highest Σ above / Σ below when one option is taken of each part.

    Choices with Σ below = 0 do not count. Raises Undefined when there is no other. `below` is
    never negative.
    """
    if all(len(options) == 1 for options in parts):
        only = _ratio([options[0] for options in parts])
        return only, only
    negated = [tuple(Part(-it.above, it.below) for it in options) for options in parts]
    return -_highest_ratio(negated), _highest_ratio(parts)


def _highest_ratio(parts: Sequence[Options]) -> Fraction:
    """Dinkelbach's method (Management Science 13, 1967): raise the ratio r until no choice makes
    Σ above − r·Σ below positive. Exact, and finite because the options are."""
    ratio = _ratio(_best_choice(parts, ZERO))
    while True:
        better = _ratio(_best_choice(parts, ratio))
        if better <= ratio:
            return ratio
        ratio = better


def _best_choice(parts: Sequence[Options], ratio: Fraction) -> list[Part]:
    """The options with the highest Σ above − ratio·Σ below, something below the line included."""

    def gain(part: Part) -> tuple[Fraction, Fraction]:
        return part.above - ratio * part.below, part.below

    choice = [max(options, key=gain) for options in parts]
    if any(part.below for part in choice):
        return choice
    swaps = [
        (gain(option)[0] - gain(choice[index])[0], index, option)
        for index, options in enumerate(parts)
        for option in options
        if option.below
    ]
    if not swaps:
        raise Undefined
    _, index, option = max(swaps, key=lambda swap: swap[0])
    choice[index] = option
    return choice


def _ratio(choice: Iterable[Part]) -> Fraction:
    chosen = list(choice)
    below = sum((part.below for part in chosen), ZERO)
    if not below:
        raise Undefined
    return sum((part.above for part in chosen), ZERO) / below


def capped(parts: Sequence[Options], cap: Fraction) -> Options:
    """A group of parts as one, whose sums above and below the line may not exceed `cap`.

    The options are the corners of all that the group can give; only where Σ below can vary are
    they wider than what it really can.
    """
    low = min(cap, sum((min(it.above for it in options) for options in parts), ZERO))
    high = min(cap, sum((max(it.above for it in options) for options in parts), ZERO))
    belows = {min(cap, below) for below in _extremes_below(parts)}
    # No value exceeds 1, so a group never gives more above the line than below it.
    corners = [Part(min(above, below), below) for above in (low, high) for below in belows]
    return tuple(dict.fromkeys(corners))


def _extremes_below(parts: Sequence[Options]) -> set[Fraction]:
    """The least, the least positive and the greatest Σ below."""
    least = sum((min(it.below for it in options) for options in parts), ZERO)
    greatest = sum((max(it.below for it in options) for options in parts), ZERO)
    if least:
        return {least, greatest}
    positive = [it.below for options in parts for it in options if it.below]
    return {least, min(positive), greatest} if positive else {least}
