"""What a formula comes to at a point: exactly where it can be, else to 150 digits and more."""

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import mpmath

from .maths_grammar import Tree
from .undecided import Undecided

MAX_BITS = 20_000  # of a number that is kept exactly
MAX_POWER = 1_000_000
MAX_ARGUMENT = 100_000  # of exp, and of what grows or turns like it
MAX_FACTORIAL = 1000

Point = Mapping[str, Fraction]


class Inexact(Exception):
    """The value is no fraction that can be kept exactly."""


class Undefined(Exception):
    """The formula has no value at this point."""


def too_large() -> Undecided:
    return Undecided("too_large", "The formula comes to numbers that are too large to compare.")


def symbols_of(tree: Tree) -> set[str]:
    """The unknowns of the formula; e, i and π are numbers."""
    found = {tree[1]} if tree[0] == "sym" and tree[1] not in ("pi", "e", "i", "∞") else set()
    return found.union(*(symbols_of(part) for part in parts_of(tree)))


def parts_of(tree: Tree) -> Iterator[Tree]:
    for part in tree[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            yield part
        elif isinstance(part, tuple):
            yield from part


def exact(tree: Tree, point: Point) -> Fraction:
    """The value as a fraction. Raises Inexact, Undefined."""
    kind = tree[0]
    if kind == "num":
        return Fraction(tree[1])
    if kind == "sym":
        if tree[1] not in point:
            raise Inexact
        return point[tree[1]]
    if kind == "neg":
        return -exact(tree[1], point)
    if kind == "fn":
        return _exact_function(tree[1], exact(tree[2], point))
    if kind not in ("+", "-", "*", "/", "^"):
        raise Inexact
    return _bounded(_exact_operation(kind, exact(tree[1], point), exact(tree[2], point)))


def _exact_operation(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if sign == "/":
        if not right:
            raise Undefined
        return left / right
    return _exact_power(left, right)


def _exact_power(base: Fraction, power: Fraction) -> Fraction:
    if power.denominator != 1:
        root = _exact_root(base, power.denominator)
        base, power = root, Fraction(power.numerator)
    if abs(power) > MAX_POWER and abs(base) not in (0, 1):
        raise too_large()
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits * abs(power) > MAX_BITS and abs(base) not in (0, 1):
        raise Inexact
    if not base and power < 0:
        raise Undefined
    if abs(base) in (0, 1):
        return base ** (int(power) % 2 or 2) if power else Fraction(1)
    return Fraction(base ** int(power))


def _exact_root(base: Fraction, degree: int) -> Fraction:
    """The square root of a square; other roots are left to the approximation."""
    if degree != 2 or base < 0:
        raise Inexact
    top, bottom = math.isqrt(base.numerator), math.isqrt(base.denominator)
    if top * top != base.numerator or bottom * bottom != base.denominator:
        raise Inexact
    return Fraction(top, bottom)


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise Inexact
    return value


def _exact_function(name: str, value: Fraction) -> Fraction:
    if name == "abs":
        return abs(value)
    if name == "sqrt":
        return _exact_root(value, 2)
    if name == "floor":
        return Fraction(math.floor(value))
    if name == "ceil":
        return Fraction(math.ceil(value))
    if name == "factorial" and value.denominator == 1 and value >= 0:
        if value > MAX_FACTORIAL:
            raise too_large()
        return Fraction(math.factorial(int(value)))
    raise Inexact


def approximate(tree: Tree, point: Point) -> Any:
    """The value as a complex number of mpmath, at its present precision. Raises Undefined."""
    try:
        return _approximate(tree, point)
    except (ZeroDivisionError, ValueError):  # a pole, or an argument outside the domain
        raise Undefined from None


def _approximate(tree: Tree, point: Point) -> Any:
    kind = tree[0]
    if kind == "num":
        return _quotient(tree[1])
    if kind == "sym":
        return _symbol(tree[1], point)
    if kind == "neg":
        return -_approximate(tree[1], point)
    if kind == "fn":
        return _function(tree[1], _approximate(tree[2], point))
    if kind not in ("+", "-", "*", "/", "^"):
        raise Undecided("not_maths", "A set or an interval within a formula is not compared.")
    left, right = _approximate(tree[1], point), _approximate(tree[2], point)
    if kind == "^":
        return _power(left, right)
    operations: dict[str, Callable[[Any, Any], Any]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }
    return operations[kind](left, right)


def _quotient(value: Fraction) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator


def _symbol(name: str, point: Point) -> Any:
    constants = {"pi": mpmath.pi, "e": mpmath.e, "i": mpmath.j}
    if name in constants:
        return +constants[name]
    if name not in point:
        raise Undefined
    return _quotient(point[name])


def _size(value: Any) -> Any:
    """log2 of the value's size, -inf for zero."""
    return mpmath.mag(value)


def _power(base: Any, power: Any) -> Any:
    if base == 0:
        if mpmath.re(power) <= 0 and power != 0:
            raise Undefined
        return mpmath.mpf(1) if power == 0 else mpmath.mpf(0)
    if _size(power) > 40 or abs(_size(base)) * abs(power) > MAX_POWER:
        raise too_large()
    return mpmath.power(base, power)


_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "cot": mpmath.cot,
    "sec": mpmath.sec, "csc": mpmath.csc, "arcsin": mpmath.asin, "arccos": mpmath.acos,
    "arctan": mpmath.atan, "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh,
    "ln": mpmath.log, "log": mpmath.log, "exp": mpmath.exp, "sqrt": mpmath.sqrt,
    "log10": mpmath.log10, "log2": lambda value: mpmath.log(value) / mpmath.log(2),
    "abs": abs, "floor": mpmath.floor, "ceil": mpmath.ceil, "factorial": mpmath.factorial,
}  # fmt: skip
_UNBOUNDED = ("ln", "log", "log10", "log2", "sqrt", "abs", "arctan")


def _function(name: str, value: Any) -> Any:
    if name not in _FUNCTIONS:
        raise Undecided("not_maths", f"The function {name} is not compared.")
    if name == "factorial" and _size(value) > MAX_FACTORIAL.bit_length():
        raise too_large()
    if name not in _UNBOUNDED and _size(value) > MAX_ARGUMENT.bit_length():
        raise too_large()
    return _FUNCTIONS[name](value)
