"""Numbers as people write them: 1,234.5 and 1.234,5, −3, 2.5 × 10^6, 3/4, ½, ٣٫١٤, 45 %."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import re2

from .undecided import Undecided

MAX_DIGITS = 60
MAX_EXPONENT = 300
MAX_NUMERALS = 10_000  # in one text

_DIGITS = r"[0-9]+(?:[.,'’_\x{a0}\x{2009}\x{202f}\x{66b}\x{66c}][0-9]+)*|[.,][0-9]+"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−", "0123456789+--")
_TOKEN = re2.compile(
    rf"(?P<sign>[-+\x{{2212}}]\s?)?(?:"
    rf"\\d?frac\s*\{{\s*(?P<top>[0-9]{{1,20}})\s*\}}\s*\{{\s*(?P<bottom>[0-9]{{1,20}})\s*\}}"
    rf"|(?P<digits>{_DIGITS})"
    r"(?:[eE](?P<e>[-+\x{2212}]?[0-9]{1,5})"
    r"|\s?(?:[×x*·⋅]|\\times|\\cdot)\s?10(?:\^\{?(?P<power>[-+\x{2212}]?[0-9]{1,5})\}?"
    r"|(?P<superscript>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,5})))?"
    r"(?P<fraction>\s?[¼-¾⅐-⅞]|\s[0-9]{1,9}[/⁄][0-9]{1,9}|[/⁄][0-9]{1,9})?"
    r"|(?P<vulgar>[¼-¾⅐-⅞]))"
    r"(?P<percent>\s?\\?[%٪])?"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that stands at text[start:end], its percent sign apart: 45 % has the value 45."""

    value: Fraction
    is_percent: bool
    start: int
    end: int


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers of the text, in order. Digits within words and version numbers are none.

    Raises Undecided (too_large) beyond MAX_NUMERALS.
    """
    plain = _ascii_digits(text)
    for number, match in enumerate(_TOKEN.finditer(plain)):
        if number >= MAX_NUMERALS:
            raise Undecided("too_large", f"The answer has more than {MAX_NUMERALS:,} numbers.")
        start, end = match.start(), match.end()
        sign = match.group("sign") or ""
        before = plain[start - 1] if start else " "
        if sign and (before.isalnum() or before in ")]}"):
            start, sign, before = start + len(sign), "", " "  # a dash between two things
        if before.isalpha() or before in "_#" or (before in ".," and _digit_before(plain, start)):
            continue
        value = _value(match)
        if value is None:
            continue
        negative = sign[:1] in ("-", "−") and sign != ""
        yield Numeral(-value if negative else value, bool(match.group("percent")), start, end)


def _digit_before(text: str, at: int) -> bool:
    return at >= 2 and text[at - 2].isdigit()


def _value(match: Any) -> Fraction | None:
    if match.group("top"):
        return _ratio(match.group("top"), match.group("bottom"))
    if match.group("vulgar"):
        return _vulgar(match.group("vulgar"))
    value = read_digits(match.group("digits"))
    exponent = match.group("e") or match.group("power") or match.group("superscript")
    if value is not None and exponent:
        power = int(exponent.translate(_SUPERSCRIPTS))
        value = value * Fraction(10) ** power if abs(power) <= MAX_EXPONENT else None
    fraction = match.group("fraction")
    return _with_fraction(value, fraction) if value is not None and fraction else value


def _with_fraction(value: Fraction, written: str) -> Fraction | None:
    """A whole number and what follows it: 1½, 1 1/2 or 3/4."""
    if value.denominator != 1:
        return None
    rest = written.strip()
    if len(rest) == 1:
        return value + (_vulgar(rest) or 0)
    top, _, bottom = rest.replace("⁄", "/").partition("/")
    if not top:
        return value / int(bottom) if int(bottom) else None
    part = _ratio(top, bottom)
    return None if part is None else value + part


def _ratio(top: str, bottom: str) -> Fraction | None:
    return Fraction(int(top), int(bottom)) if int(bottom) else None


def _vulgar(letter: str) -> Fraction | None:
    value = unicodedata.numeric(letter, None)
    return None if value is None else Fraction(value).limit_denominator(10)


def read_digits(written: str) -> Fraction | None:
    """1,234 is a thousand and more, 3,5 and 0,123 have decimal commas; None for 1.2.3."""
    if len(written) > MAX_DIGITS:
        return None
    marks = [letter for letter in written if not letter.isdigit()]
    groups = _split(written)
    if not marks:
        return Fraction(int(written))
    decimal = _decimal_mark(marks, groups)
    whole, part = (groups[:-1], groups[-1]) if decimal else (groups, "")
    if len(set(marks[:-1] if decimal else marks)) > 1:
        return None
    if len(whole) > 1 and not (
        1 <= len(whole[0]) <= 3 and all(len(group) == 3 for group in whole[1:])
    ):
        return None
    return Fraction(int("".join(whole) or "0")) + Fraction(int(part or "0"), 10 ** len(part))


def _split(written: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in written).split(" ")


def _decimal_mark(marks: list[str], groups: list[str]) -> bool:
    """Whether the last mark is the decimal one."""
    last = marks[-1]
    if last == "٫":
        return marks.count(last) == 1
    if last not in ".," or (len(marks) > 1 and marks[-2] == last):
        return False
    if last == "." or len(marks) > 1:
        return True
    # A single comma: thousands where it may be, as in 1,234; else it can only be decimal.
    return len(groups[1]) != 3 or groups[0] in ("", "0") or len(groups[0]) > 3


def _ascii_digits(text: str) -> str:
    """The text with every script's digits as 0 to 9, each at its place."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )
