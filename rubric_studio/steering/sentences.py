"""One generated sentence per figure. Each is true at every number of answers."""

from collections.abc import Sequence

from rubric_studio.engine.measuring.bands import Bands, Placed
from rubric_studio.engine.measuring.order import MIN_ANSWERS, Order
from rubric_studio.engine.measuring.separation import MIN_Z, Margin, Separation
from rubric_studio.rubrics.drawing.bars import TIERS
from rubric_studio.rubrics.drawing.numbers import plain, score
from rubric_studio.steering.samples import Sample

ANCHOR_NAMES = {
    "empty": "the empty answer",
    "off_topic": "the off-topic answer",
    "ideal": "the ideal answer",
    "worst_acceptable": "the worst acceptable answer",
}
MOST_QUOTED = 90


def counted(number: int, noun: str, plural: str = "") -> str:
    """1 answer, 2 answers, 0 answers."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def quoted(text: str) -> str:
    """In quotation marks, at most 90 characters of it."""
    if len(text) > MOST_QUOTED:
        text = text[:MOST_QUOTED].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"
    return f"“{text}”"


def tier_words(tier: int) -> str:
    """the strong tier, or tier 5 for one without a name."""
    return f"the {TIERS[tier]} tier" if tier in TIERS else f"tier {tier}"


def gap_words(gap: float) -> str:
    """A difference of scores, never "0.00" when there is one."""
    return "less than 0.01" if 0 < abs(gap) < 0.005 else score(abs(gap))


def order_sentence(order: Order, samples: Sequence[Sample]) -> str:
    if order.needs:
        return _order_too_few(order)
    won = order.pairs - len(order.inversions) - len(order.ties)
    if won == order.pairs:
        said = f"Every better answer scores higher: all {order.pairs} pairs are in your order."
        if order.beats_luck:
            return said
        more = counted(order.needs_to_beat_luck, "more answer")
        return f"{said} Luck does that more often than 1 time in 20; {more} would settle it."
    said = f"The rubric puts {won} of {order.pairs} pairs in your order."
    if order.inversions:
        worst = order.inversions[0]
        better, worse = samples[worst.better], samples[worst.worse]
        name = "The one swap" if len(order.inversions) == 1 else "The worst swap"
        said += (
            f" {name}: {worse.letter} scores {gap_words(worst.gap)} above {better.letter},"
            f" which you hold to be better."
        )
    else:
        said += f" {_ties(len(order.ties))}"
    return said if order.beats_luck else f"{said} Luck does as well more often than 1 time in 20."


def held_out_sentence(order: Order, set_aside: int) -> str:
    """Of the answers that were set aside, whatever the sentence before it said of the others."""
    on = f"On the {set_aside} held-out answers"
    if set_aside == 1:
        return "One answer is held out; two of different tiers make a pair."
    if not order.pairs:
        return f"{on} there is no pair of different tiers with complete scores yet."
    won = order.pairs - len(order.inversions) - len(order.ties)
    if won == order.pairs:
        all_of = "the one pair is" if won == 1 else f"all {won} pairs are"
        return f"{on}: {all_of} in your order too."
    return f"{on}: {won} of {counted(order.pairs, 'pair')} {'is' if won == 1 else 'are'} in order."


def _ties(ties: int) -> str:
    return "The other pair has equal scores." if ties == 1 else "The others have equal scores."


def _order_too_few(order: Order) -> str:
    if not order.n and not order.left_out:
        return f"No answer has a tier yet. {MIN_ANSWERS} answers in 2 tiers show the order."
    if not order.n:
        return f"No answer with a tier has a complete score yet; the order needs {MIN_ANSWERS}."
    if order.n >= MIN_ANSWERS:
        return (
            f"All {order.n} answers with a score are in one tier."
            f" Add {order.needs} in another tier to see an order."
        )
    have = counted(order.n, "answer has", "answers have")
    more = f"{order.needs} more {'is' if order.needs == 1 else 'are'} needed"
    where = ""
    if order.tiers < 2:
        where = " in another tier" if order.needs == 1 else ", not all in the same tier,"
    return f"{have} a tier and a score: {more}{where} to judge the order."


def separation_sentence(separation: Separation, samples: Sequence[Sample]) -> str:
    if separation.needs:
        return _separation_too_few(separation)
    unclear = [margin for margin in separation.margins if not margin.is_clear]
    if unclear:
        worst = min(unclear, key=lambda margin: (margin.worst > 0, margin.worst, margin.mean))
        many = len(separation.margins)
        said = f"{len(unclear)} of {many} gaps between tiers are not clear. " if many > 1 else ""
        if many > 1 and len(unclear) == 1:
            said = f"1 of {many} gaps between tiers is not clear. "
        return said + margin_sentence(worst, samples)
    smallest = separation.smallest
    if smallest is None:
        return _separation_too_few(separation)
    above, below = samples[smallest.lowest_above], samples[smallest.highest_below]
    if len(separation.margins) == 1:
        upper, lower = tier_words(smallest.upper), tier_words(smallest.lower)
        said = f"{_capital(upper)} scores clear of {lower}. The gap"
    else:
        said = "Each tier scores clear of the next. The smallest gap"
    said += f", between {above.letter} and {below.letter}, is {gap_words(smallest.worst)}"
    if smallest.z is not None:
        return f"{said}; the tiers’ means lie {smallest.z:.1f} times the noise apart."
    return f"{said}."


def margin_sentence(margin: Margin, samples: Sequence[Sample]) -> str:
    """What is wrong between two tiers that are not clear of each other."""
    upper, lower = tier_words(margin.upper), tier_words(margin.lower)
    above, below = samples[margin.lowest_above], samples[margin.highest_below]
    if margin.worst < 0:
        return (
            f"{_capital(upper)} overlaps {lower}:"
            f" {below.letter} scores {gap_words(margin.worst)} above {above.letter}."
        )
    if margin.worst == 0:
        return (
            f"{_capital(upper)} touches {lower}: {above.letter} and {below.letter} score the same."
        )
    # A z that only rounds to the threshold is still below it.
    times = "just under 2" if (margin.z or 0) > MIN_Z - 0.005 else score(margin.z)
    return (
        f"The means of {upper} and {lower} lie {times} times the noise apart; below {plain(MIN_Z)}"
        " the judge’s changing verdicts may swap their answers."
    )


def _separation_too_few(separation: Separation) -> str:
    if separation.n:
        one = separation.tiers[0]
        return f"All scores are in {tier_words(one.tier)}. One more tier shows a gap."
    if separation.left_out:
        return "No answer with a tier has a complete score yet; a gap needs 2 tiers with one."
    return "No answer has a tier yet; a gap needs scores in 2 tiers."


def bands_sentence(bands: Bands, samples: Sequence[Sample]) -> str:
    tried, hits = bands.hits.n, bands.hits.hits
    if bands.needs:
        if bands.left_out:
            return "No answer with a band or an anchor has a complete score yet."
        return "No band or anchor is stated yet. One is enough to begin with."
    if hits == tried:
        if tried == 1:
            return "The one stated range that could be tried holds."
        return f"All {tried} scores fall in the range you stated for them."
    said = f"{hits} of {tried} scores fall in the range you stated for them."
    if tried == 1:
        said = "The one score that has a stated range misses it."
    missed = len(bands.misses)
    lead = " " if missed == 1 or tried == 1 else " First to look at: "
    first = bands.misses[0]
    words = miss_sentence(first, samples[first.index].letter)
    return said + lead + (words if lead == " " else _small(words))


def miss_sentence(placed: Placed, called: str) -> str:
    """How one score missed its band or its anchor's range."""
    miss = placed.miss or 0.0
    if placed.anchor is None:
        side = "above" if miss > 0 else "below"
        return f"{called} scores {gap_words(miss)} {side} its band."
    name = f"{_capital(ANCHOR_NAMES[placed.anchor])} {called}"
    if placed.anchor == "worst_acceptable":
        return f"{name} does not score below your other acceptable answers."
    if placed.low is not None:
        return f"{name} scores {gap_words(miss)} below the {score(placed.low)} it should reach."
    return f"{name} scores {gap_words(miss)} above the {score(placed.high)} it should stay within."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _small(words: str) -> str:
    """After a colon: "The empty answer" begins small, an answer's letter stays."""
    return words[:1].lower() + words[1:] if words.startswith("The ") else words
