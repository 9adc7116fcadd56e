"""Whether two criteria ask for nearly the same in other words: enough to confirm equal verdicts,
never enough to accuse by itself."""

import re

WORD = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*")
# Words that most criteria share say nothing about what they ask for.
COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        the and for that with from this not are has have its was were but any all does when how
        what which should must answer response reader user patient states state says say tells tell
        mentions mention explains explain gives give advises advise includes include
        """,
    )
)
ENDINGS = ("ing", "ed", "es", "s")
MIN_SHARED = 0.6


def ask_alike(first: str, second: str) -> bool:
    """Whether six in ten of the shorter one's telling words (two or more) are in the other, and no
    number stands in one only where both have numbers."""
    words, others = _telling(first), _telling(second)
    numbers, other_numbers = ({it for it in set_ if it[0].isdigit()} for set_ in (words, others))
    if numbers and other_numbers and numbers != other_numbers:
        return False
    fewer = min(len(words), len(others))
    return fewer > 1 and len(words & others) >= MIN_SHARED * fewer


def _telling(text: str) -> set[str]:
    return {_stem(it) for it in WORD.findall(text.lower()) if it not in COMMON}


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending).removesuffix("e")
    return word.removesuffix("e")
