"""Naming the language of each part of a text. Runs in the child, which has the model loaded."""

from functools import cache
from typing import Any

import re2
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from .undecided import Undecided

MAX_TEXT = 50_000  # code points; what follows in a longer text is not looked at
PART = 200  # letters, about: shorter parts are joined
MIN_LETTERS = 20
MIN_CONFIDENCE = 0.5

_NO_LANGUAGE = "zxx"
_VARIETIES = {"wuu": "zh", "yue": "zh", "ary": "ar", "arz": "ar", "uzs": "uz", "sdh": "ku"}
_LEFT_OUT = re2.compile(r"(?s)```.*?(?:```|$)|`[^`\n]*`|https?://\S+|\$\$.*?\$\$|\$[^$\n]*\$")
_BREAK = re2.compile(r"[.!?…。！？؟।]+\s*|\n+")


def shares(text: str) -> dict[str, float]:
    """The share of the text's letters in each language, by ISO 639 code, the largest first.

    "" stands for parts that no language was found for. Code, formulas and addresses count for
    nothing. Raises Undecided (too_short) below 20 letters.
    """
    prose = _LEFT_OUT.sub(" ", text[:MAX_TEXT])
    weights: dict[str, int] = {}
    for part in _parts(prose):
        name = _language(part)
        weights[name] = weights.get(name, 0) + _letters(part)
    total = sum(weights.values())
    if total < MIN_LETTERS:
        raise Undecided("too_short", f"Below {MIN_LETTERS} letters no language can be told.")
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return {name: weight / total for name, weight in ordered}


def _language(part: str) -> str:
    chances: dict[str, float] = {}
    for code, chance in _identifier().rank(part):
        name = _VARIETIES.get(code, code)
        chances[name] = chances.get(name, 0.0) + chance
    best = max(chances, key=lambda name: chances[name])
    return best if chances[best] >= MIN_CONFIDENCE and best != _NO_LANGUAGE else ""


def _parts(text: str) -> list[str]:
    found: list[str] = []
    begins = ends = letters = 0
    for match in _BREAK.finditer(text):
        letters += _letters(text[ends : match.end()])
        ends = match.end()
        if letters >= PART:
            found.append(text[begins:ends])
            begins, letters = ends, 0
    rest = text[begins:]
    if _letters(rest) >= MIN_LETTERS or not found:
        found.append(rest)
    else:
        found[-1] += rest
    return found


def _letters(text: str) -> int:
    """A sign that is a word weighs as much as three letters."""
    return sum(3 if "\u3040" <= it <= "\u9fff" else 1 for it in text if it.isalpha())


@cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


_identifier()  # while the child's clock does not run yet
