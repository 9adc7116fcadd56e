r"""Mathematics as people write it, LaTeX or plain, read into a tree. Nothing is ever executed.

A tree is nested tuples: ("num", Fraction), ("sym", name), ("+" | "-" | "*" | "/" | "^", a, b),
("neg", a), ("fn", name, a), ("list", kind, items), ("rel", sign, a, b), ("interval", left, a, b,
right), ("union", items), ("pm", a, b).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import re2

from .undecided import Undecided

MAX_TEXT = 2000
MAX_NODES = 1000
MAX_DEPTH = 100
MAX_DIGITS = 400

Tree = tuple[Any, ...]

FUNCTIONS = frozenset(
    ("sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
     "tanh", "ln", "log", "exp", "sqrt", "abs", "factorial", "floor", "ceil")
)  # fmt: skip
_ALIASES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "lg": "log10", "log10": "log10",
            "cosec": "csc", "log2": "log2"}  # fmt: skip
GREEK = frozenset(
    ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
     "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
     "Gamma", "Delta", "Theta", "Lambda", "Xi", "Sigma", "Phi", "Psi", "Omega", "varphi")
)  # fmt: skip
_SPOKEN = {
    "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "−": "-", "–": "-", "∕": "/", "⁄": "/",
    "≤": "<=", "≥": ">=", "≠": "!=", "π": "\\pi ", "∞": "\\infty ", "√": "\\sqrt ", "±": "\\pm ",
    "∪": "\\cup ", "∅": "\\emptyset ", "°": "\\degree ", "θ": "\\theta ", "λ": "\\lambda ",
    "α": "\\alpha ", "β": "\\beta ", "γ": "\\gamma ", "δ": "\\delta ", "μ": "\\mu ",
    "σ": "\\sigma ",
    "φ": "\\phi ", "ω": "\\omega ", "ρ": "\\rho ", "τ": "\\tau ", "…": "...",
}  # fmt: skip
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n", strict=True))
_NOISE = re2.compile(
    r"\\(?:left|right|big|Big|bigg|Bigg|displaystyle|limits|,|;|!|:|quad|qquad|\s)|[~$]"
    r"|\\(?:text|mathrm|operatorname|mathbf|textbf|mbox)\s*\{\s*(?:or|and)\s*\}"
)
_OR = re2.compile(r"\\(?:text|mathrm|mbox)\s*\{\s*(?:or|and)\s*\}|\\lor\b|\s(?:or|and)\s")
_NAMED = re2.compile(
    r"\\(?:text|mathrm|operatorname|mathbf|textbf|mbox)\*?\s*\{\s*([A-Za-z]*)\s*\}"
)
_TOKENS = re2.compile(
    r"\s+|(?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+)|(?P<command>\\[A-Za-z]+|\\[{}|%])"
    r"|(?P<name>[A-Za-z]+)|(?P<sign><=|>=|!=|\*\*|\.\.\.|[-+*/^_=<>(){}\[\],;|!%'])"
)
_COMMANDS = {
    "\\cdot": "*", "\\times": "*", "\\div": "/", "\\le": "<=", "\\leq": "<=", "\\ge": ">=",
    "\\geq": ">=", "\\lt": "<", "\\gt": ">", "\\ne": "!=", "\\neq": "!=", "\\{": "\\{",
    "\\}": "\\}", "\\lvert": "|", "\\rvert": "|", "\\vert": "|", "\\|": "|", "\\%": "%",
    "\\dfrac": "\\frac", "\\tfrac": "\\frac", "\\cfrac": "\\frac", "\\lbrace": "\\{",
    "\\rbrace": "\\}", "\\varnothing": "\\emptyset", "\\lfloor": "\\lfloor", "\\circ": "\\degree",
}  # fmt: skip


class NotMaths(ValueError):
    """The text is not mathematics that this grammar reads."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # number, name, sign, end
    text: str


def tokens_of(text: str) -> list[Token]:
    """The signs of the text. Raises NotMaths, and Undecided for one that is too long."""
    if len(text) > MAX_TEXT:
        raise Undecided("too_large", f"The formula is longer than {MAX_TEXT} characters.")
    plain = _NAMED.sub(r" \1 ", _NOISE.sub(" ", _OR.sub(" , ", _spoken(text))))
    found: list[Token] = []
    at = 0
    for match in _TOKENS.finditer(plain):
        if match.start() != at:
            raise NotMaths(f"“{plain[at : match.start()][:20]}” is no mathematics.")
        at = match.end()
        found += _token(match)
    if at != len(plain):
        raise NotMaths(f"“{plain[at : at + 20]}” is no mathematics.")
    if len(found) > MAX_NODES:
        raise Undecided("too_large", f"The formula has more than {MAX_NODES} parts.")
    return [*found, Token("end", "")]


def _spoken(text: str) -> str:
    letters: list[str] = []
    raised = False
    for letter in text:
        digit = _SUPERSCRIPTS.get(letter)
        if (digit is not None) != raised:
            letters.append("}" if raised else "^{")
            raised = not raised
        letters.append(digit or _SPOKEN.get(letter, letter))
    return "".join(letters) + ("}" if raised else "")


def _token(match: Any) -> list[Token]:
    number, command = match.group("number"), match.group("command")
    name, sign = match.group("name"), match.group("sign")
    if number:
        if len(number) > MAX_DIGITS:
            raise Undecided("too_large", f"A number has more than {MAX_DIGITS} digits.")
        return [Token("number", number.replace(",", ""))]
    if command:
        known = _COMMANDS.get(command, command)
        bare = known.removeprefix("\\")
        if bare in FUNCTIONS or bare in _ALIASES or bare in GREEK or bare == "pi":
            return [Token("name", _ALIASES.get(bare, bare))]
        return [Token("sign", known)]
    if name:
        return _names(name)
    return [Token("sign", "^" if sign == "**" else sign)] if sign else []


def _names(word: str) -> list[Token]:
    """A known name, or a product of letters: sinx is sin x, xy is x times y."""
    whole = _ALIASES.get(word, word)
    known = FUNCTIONS | GREEK | {"pi", "log10", "log2", "inf", "infinity", "oo"}
    if whole in known or len(word) == 1:
        return [Token("name", whole)]
    if len(word) > 8:
        raise NotMaths(f"“{word[:20]}” is a word.")
    for length in range(min(6, len(word) - 1), 1, -1):
        start = _ALIASES.get(word[:length], word[:length])
        if start in known:
            return [Token("name", start), *_names(word[length:])]
    return [Token("name", word[0]), *_names(word[1:])]


def number(text: str) -> Tree:
    return ("num", Fraction(text))
