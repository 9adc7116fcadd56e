"""How specs are put into words."""

from collections.abc import Sequence

MOST_SHOWN = 6
LONGEST_SHOWN = 60


def shown(text: str) -> str:
    """The text in quotation marks, on one line, cut when long."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"}"'


def listed(texts: Sequence[str], last: str = "and") -> str:
    """'"a", "b" and "c"', or the first few and how many more there are."""
    names = [shown(text) for text in texts[:MOST_SHOWN]]
    if len(texts) > MOST_SHOWN:
        return f"{', '.join(names)} {last} {len(texts) - MOST_SHOWN} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def counted(number: int, singular: str, plural: str = "") -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def ranged(at_least: int | None, at_most: int | None, singular: str, plural: str = "") -> str:
    """'at least 2 words', 'between 2 and 5 words', 'exactly 3 words', 'no words'."""
    if at_least is not None and at_most is not None:
        if at_least == at_most:
            return f"exactly {counted(at_least, singular, plural)}"
        return f"between {at_least} and {counted(at_most, singular, plural)}"
    if at_least is not None:
        return f"at least {counted(at_least, singular, plural)}"
    return f"at most {counted(at_most or 0, singular, plural)}"
