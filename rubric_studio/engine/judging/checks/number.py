"""Whether the answer gives a number, within a tolerance."""

import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .numerals import Numeral, numerals
from .reading import read
from .wording import listed

PERCENT = ("%", "percent")


def problems(spec: Spec) -> Sequence[Problem]:
    if spec["unit"].strip() and not _units(spec):
        return [Problem("/unit", "Write the unit, such as mg; several are parted by commas.")]
    if spec["tolerance_kind"] == "relative" and spec["value"] == 0 and spec["tolerance"]:
        return [Problem("/tolerance", "A share of zero is zero; use an absolute tolerance.")]
    return []


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    reading = read(answer)
    units = _units(spec)
    found = [
        (_value(it, units), it) for it in numerals(reading.text) if _has(units, it, reading.text)
    ]
    if not found:
        return verdict(False, f"The answer gives no number{_in_units(units)}.")
    looked_at = {"first": found[:1], "last": found[-1:]}.get(spec["which"], found)
    right = [numeral for value, numeral in looked_at if _is_near(value, spec)]
    holds = len(right) == len(looked_at) if spec["which"] == "all" else bool(right)
    shown = right if holds else [numeral for _, numeral in looked_at]
    quotes = [reading.quote(it.start, it.end) for it in shown[:5]]
    names = listed([quote.text for quote in quotes])
    which = {"first": "The first number is", "last": "The last number is"}.get(
        spec["which"], "Found" if holds else "Other numbers were found:"
    )
    return verdict(holds, f"{which} {names}.", quotes)


def _is_near(value: Fraction, spec: Spec) -> bool:
    wanted, tolerance = Fraction(str(spec["value"])), Fraction(str(spec["tolerance"]))
    if spec["tolerance_kind"] == "relative":
        tolerance *= abs(wanted)
    return abs(value - wanted) <= tolerance


def _value(numeral: Numeral, units: Sequence[str]) -> Fraction:
    """45 % is 0.45, unless percent is the unit that is asked for."""
    as_given = not numeral.is_percent or any(unit in PERCENT for unit in units)
    return numeral.value if as_given else numeral.value / 100


def _units(spec: Spec) -> list[str]:
    return [unit.strip() for unit in spec["unit"].split(",") if unit.strip()]


def _has(units: Sequence[str], numeral: Numeral, text: str) -> bool:
    if not units:
        return True
    after = text[numeral.end : numeral.end + 80].lstrip(" \xa0\u2009\u202f-")
    before = text[max(0, numeral.start - 80) : numeral.start].rstrip(" \xa0\u2009\u202f")
    if numeral.is_percent and any(unit in PERCENT for unit in units):
        return True
    return any(_follows(unit, after) or _precedes(unit, before) for unit in units)


def _follows(unit: str, after: str) -> bool:
    rest = after[len(unit) :]
    ends = not rest[:1].isalnum() or not unit[-1].isalnum()
    return ends and _same(after[: len(unit)], unit)


def _precedes(unit: str, before: str) -> bool:
    """Currencies stand before the number: $5, EUR 5."""
    is_sign = len(unit) == 1 and unicodedata.category(unit) == "Sc"
    is_code = len(unit) == 3 and unit.isupper() and before[-4:-3].strip() == ""
    return (is_sign or is_code) and before.endswith(unit)


def _same(found: str, unit: str) -> bool:
    """Short units keep their case (mW, MW), words do not."""
    found, unit = unicodedata.normalize("NFKC", found), unicodedata.normalize("NFKC", unit)
    return found == unit or (len(unit) > 3 and found.casefold() == unit.casefold())


def _in_units(units: Sequence[str]) -> str:
    return f" in {listed(units, 'or')}" if units else ""


def describe(spec: Spec) -> str:
    unit = f" {spec['unit'].strip()}" if spec["unit"].strip() else ""
    near = ""
    if spec["tolerance"]:
        near = f" ± {spec['tolerance']:g}{unit}"
        if spec["tolerance_kind"] == "relative":
            near = f" ± {float(spec['tolerance']) * 100:g} %"
    number = f"{spec['value']}{unit}{near}"
    return {
        "any": f"Gives the number {number}",
        "first": f"The first number is {number}",
        "last": f"The last number is {number}",
        "all": f"Every number is {number}",
    }[spec["which"]]


KIND = Kind(
    name="number",
    title="Gives a number",
    hint="Reads numbers however they are written: 1,234.5, 2 × 10^6, 3/4, 45 %.",
    fields=(
        Field("value", "Number", "number", required=True),
        Field("tolerance", "Tolerance", "number", default=0, least=0),
        Field(
            "tolerance_kind",
            "The tolerance is",
            "choice",
            choices=(("absolute", "In the number's unit"), ("relative", "A share, 0.05 is 5 %")),
            default="absolute",
        ),
        Field(
            "unit",
            "Unit",
            "text",
            "Only numbers in this unit count. Several are parted by commas: mg, milligrams."
            " Without a unit 45 % is 0.45; for 45 write the unit %.",
            default="",
            longest=100,
        ),
        Field(
            "which",
            "Which number",
            "choice",
            choices=(
                ("any", "Any of the answer"),
                ("first", "The first"),
                ("last", "The last"),
                ("all", "Every one"),
            ),
            default="any",
        ),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
