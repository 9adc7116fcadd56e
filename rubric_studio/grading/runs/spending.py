"""Money, tokens and time as the pages write them."""

from datetime import timedelta
from decimal import Decimal

from rubric_studio.engine.measuring.intervals import Proportion


def money(amount: Decimal) -> str:
    """Enough digits to be told from nothing: 0.19, 0.0007, 12.00; "no cost" for none."""
    if not amount:
        return "no cost"
    return f"{amount:.2f}" if amount >= Decimal("0.1") else f"{amount:.2g}"


def exact(amount: Decimal) -> str:
    """To the last digit, for what one has to reach or go beyond: 0.50, 0.123456."""
    places = -int(amount.normalize().as_tuple().exponent)
    return f"{amount:.{max(2, places)}f}"


def in_words(length: timedelta) -> str:
    """2 min 5 s."""
    seconds = max(0, round(length.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def grouped(number: int) -> str:
    """45,120."""
    return f"{number:,}"


def about(number: int) -> str:
    """Two digits that mean something: 45,000, 830, 7."""
    return grouped(int(float(f"{number:.2g}")))


def share_words(proportion: Proportion) -> str:
    """12 of 200 (6 %, 3 to 10 %)."""
    counted = f"{proportion.hits:,} of {proportion.n:,}"
    if proportion.share is None or proportion.interval is None:
        return counted
    low, high = (100 * it for it in (proportion.interval.low, proportion.interval.high))
    return f"{counted} ({100 * proportion.share:.0f} %, {low:.0f} to {high:.0f} %)"
