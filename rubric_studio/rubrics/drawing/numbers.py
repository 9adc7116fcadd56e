"""Numbers and times as the pages write them: a true minus, only digits that mean something."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime, now

MINUS = "\u2212"


def plain(number: float) -> str:
    """At most two decimals, none that are not needed: 5, 2.5, −0.75."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", MINUS)


def signed(number: float) -> str:
    """+5, −10, 0."""
    text = plain(number)
    return text if text == "0" or text.startswith(MINUS) else f"+{text}"


def score(number: float | None) -> str:
    """Two decimals: 0.87, −0.04. An ellipsis where there is no score yet."""
    if number is None:
        return "…"
    text = f"{number:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", MINUS)


def ago(moment: datetime, today: datetime | None = None) -> str:
    """How long ago in few characters: now, 12 min, 2 h, yesterday, 3 days, 6 Nov, 6 Nov 2025."""
    present = today or now()
    passed = present - moment
    days = (localtime(present).date() - localtime(moment).date()).days
    if passed < timedelta(minutes=1):
        return "now"
    if passed < timedelta(hours=1):
        return f"{passed.seconds // 60} min"
    if days == 0:
        return f"{passed.seconds // 3600} h"
    if days == 1:
        return "yesterday"
    if days < 7:
        return f"{days} days"
    return day(moment, present)


def day(moment: datetime, today: datetime | None = None) -> str:
    """6 Nov; with the year when it is another one."""
    local = localtime(moment)
    year = "" if local.year == localtime(today or now()).year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


def full_time(moment: datetime) -> str:
    local = localtime(moment)
    return f"{local.day} {local:%b %Y, %H:%M} {local:%Z}"
