"""Whether two formulas mean the same. Runs in the child.

Formulas of rational operations are compared exactly at random fractions, others to 150 digits at
random points: what agrees at all of them is the same (identity testing, Schwartz 1980).
"""

import random
from collections.abc import Sequence
from fractions import Fraction

import mpmath

from rubric_studio.engine.document.types import Json

from .maths_grammar import NotMaths, Tree, number
from .maths_reading import read_maths
from .maths_values import (
    Inexact,
    Point,
    Undefined,
    approximate,
    exact,
    parts_of,
    symbols_of,
    too_large,
)
from .undecided import Undecided

POINTS = 10
ENOUGH_POINTS = 3
MAX_SYMBOLS = 12
MAX_ITEMS = 30
DIGITS = 150
_SAME = -300  # log2 of the relative difference that rounding makes
_ZERO = -400


def equivalent(expected: Sequence[str], given: str) -> dict[str, Json]:
    """{"equal": whether `given` means the same as one of `expected`, "read": whether it is maths}.

    Raises Undecided: too_large, or unsure where the formulas have no common values.
    """
    try:
        tree = _value(read_maths(given))
    except NotMaths as error:
        return {"equal": False, "read": False, "said": str(error)}
    with mpmath.workdps(DIGITS):
        return {"equal": any(_same(_value(read_maths(it)), tree) for it in expected), "read": True}


def formula_problem(text: str) -> str:
    """Why a formula cannot be compared with answers; empty when it can."""
    try:
        with mpmath.workdps(DIGITS):
            tree = _value(read_maths(text))
            return "" if _same(tree, tree) else "This formula has no value to compare."
    except NotMaths as error:
        return f"This cannot be read: {error}"


def _value(tree: Tree) -> Tree:
    """x = 5, and f(x) = 5, say 5; all solutions of x are a set of values."""
    if tree[0] == "list":
        items = tuple(it for item in tree[2] for it in _each_sign(item))
        unknowns = {it[2] for it in items if it[0] == "rel" and it[1] == "="}
        if items and len(unknowns) == 1 and all(it[0] == "rel" for it in items):
            items = tuple(_value(it) for it in items)
        return ("list", tree[1], items)
    signs = _each_sign(tree)
    return signs[0] if len(signs) == 1 else ("list", "set", signs)


def _each_sign(tree: Tree) -> tuple[Tree, ...]:
    if tree[0] in ("list", "union", "interval") or not _has_sign(tree):
        return (tree,)
    return (_with_sign(tree, "+"), _with_sign(tree, "-"))


def _has_sign(tree: Tree) -> bool:
    return tree[0] == "pm" or any(_has_sign(part) for part in parts_of(tree))


def _with_sign(tree: Tree, sign: str) -> Tree:
    if tree[0] == "pm":
        return (sign, _with_sign(tree[1], sign), _with_sign(tree[2], sign))
    return tuple(
        _with_sign(part, sign) if isinstance(part, tuple) and part and part[0] != () else part
        for part in tree
    )


def _same(left: Tree, right: Tree) -> bool:
    left, right = _unnamed(left, right), _unnamed(right, left)
    kinds = {left[0], right[0]}
    if "list" in kinds or "union" in kinds or "interval" in kinds:
        return _same_parts(left, right)
    if "rel" in kinds:
        return left[0] == right[0] and _same_relation(left, right)
    infinite = [_infinity(left), _infinity(right)]
    if any(infinite):
        return infinite[0] == infinite[1]
    return _same_scalar(left, right)


def _unnamed(tree: Tree, other: Tree) -> Tree:
    """The right side of x = 5, or of f(x) = 5, where the other names no unknown."""
    if tree[0] != "rel" or tree[1] != "=" or other[0] == "rel":
        return tree
    left = tree[2]
    names_value = left[0] == "sym" or (
        left[0] == "*" and left[1][0] == "sym" and left[2][0] == "sym"
    )
    return _value(tree[3]) if names_value else tree


def _infinity(tree: Tree) -> int:
    if tree == ("sym", "∞"):
        return 1
    return -_infinity(tree[1]) if tree[0] == "neg" else 0


def _same_parts(left: Tree, right: Tree) -> bool:
    left, right = _as_interval(left, right), _as_interval(right, left)
    if left[0] != right[0]:
        return False
    if left[0] == "interval":
        ends = _same(left[2], right[2]) and _same(left[3], right[3])
        return ends and (left[1], left[4]) == (right[1], right[4])
    if left[0] == "union":
        return _same_set(left[1], right[1])
    if left[1] == "tuple" or right[1] == "tuple":
        return (
            left[1] == right[1]
            and len(left[2]) == len(right[2])
            and all(_same(a, b) for a, b in zip(left[2], right[2], strict=True))
        )
    return _same_set(left[2], right[2])


def _as_interval(tree: Tree, other: Tree) -> Tree:
    """(0, 1) is an interval beside one, or beside a union of some."""
    if other[0] == "interval" and tree[:2] == ("list", "tuple") and len(tree[2]) == 2:
        return ("interval", "(", *tree[2], ")")
    if other[0] == "list" and other[1] == "set" and tree[0] not in ("list", "union", "interval"):
        return ("list", "set", (tree,))
    return tree


def _same_set(left: Sequence[Tree], right: Sequence[Tree]) -> bool:
    if max(len(left), len(right)) > MAX_ITEMS:
        raise too_large()
    return all(any(_same(a, b) for b in right) for a in left) and all(
        any(_same(a, b) for a in left) for b in right
    )


def _points(*trees: Tree) -> list[Point]:
    names = sorted(set().union(*(symbols_of(tree) for tree in trees)))
    if len(names) > MAX_SYMBOLS:
        raise too_large()
    if not names:
        return [{}]
    chance = random.Random(20261122)
    return [
        {name: Fraction(chance.randint(-300, 300) or 7, chance.randint(90, 110)) for name in names}
        for _ in range(POINTS)
    ]


def _same_scalar(left: Tree, right: Tree) -> bool:
    points = _points(left, right)
    compared = 0
    for point in points:
        try:
            agree = _agree(left, right, point)
        except Undefined:
            continue
        if not agree:
            return False
        compared += 1
    if compared < min(ENOUGH_POINTS, len(points)):
        raise Undecided("unsure", "The formulas have no values that could be compared.")
    return True


def _agree(left: Tree, right: Tree, point: Point) -> bool:
    try:
        return exact(left, point) == exact(right, point)
    except Inexact:
        return _near(approximate(left, point), approximate(right, point))


def _near(left: mpmath.mpc, right: mpmath.mpc) -> bool:
    difference, larger = mpmath.mag(left - right), max(mpmath.mag(left), mpmath.mag(right))
    return bool(difference < max(larger + _SAME, _ZERO))


def _same_relation(left: Tree, right: Tree) -> bool:
    """Both sides' difference is the same up to a factor; of an inequality a positive one."""
    left, right = _upwards(left), _upwards(right)
    if left[1] != right[1]:
        return False
    if {left[3][0], right[3][0]} & {"list", "union", "interval"}:
        return _same(left[2], right[2]) and _same(left[3], right[3])
    one, other = ("-", left[2], left[3]), ("-", right[2], right[3])
    if not symbols_of(one) | symbols_of(other):
        return _same(left[2], right[2]) and _same(left[3], right[3])
    ratio = ("/", one, other)
    factor = None
    for point in _points(one, other):
        try:
            value = approximate(ratio, point)
        except Undefined:
            continue
        if factor is not None and not _near(value, factor):
            return False
        factor = value
    if factor is None:
        raise Undecided("unsure", "The relations have no values that could be compared.")
    if mpmath.mag(factor) < _ZERO:
        return False
    return left[1] in ("=", "!=") or (mpmath.re(factor) > 0 and _near(factor, mpmath.re(factor)))


def _upwards(tree: Tree) -> Tree:
    turned = {">": "<", ">=": "<="}.get(tree[1])
    return ("rel", turned, tree[3], tree[2]) if turned else tree


# Loading is not on the child's clock, and neither is what the libraries do when first used.
_same_scalar(("fn", "sin", number("1")), ("fn", "sin", number("1")))
