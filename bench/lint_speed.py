"""How long lint takes, on rubrics of growing size and on the worst texts: `python -m
bench.lint_speed`."""

import time
from collections.abc import Callable
from functools import partial

from rubric_studio.engine.document.lint import Sentence, lint_document, lint_sentence
from rubric_studio.engine.document.lint.likeness import find_likeness
from rubric_studio.engine.document.lint.linting import MOST_READ
from rubric_studio.engine.document.types import Criterion, Document, Message, Question

VERBS = ("Names", "Recommends", "Explains", "Warns of", "Calculates")
THINGS = (
    "valve",
    "lease",
    "dose",
    "bridge",
    "treaty",
    "enzyme",
    "tariff",
    "poem",
    "proof",
    "harbour",
)
WORST = (
    " ",
    "\n",
    "! ",
    "a, ",
    "and ",
    "Lists a, ",
    "word, word, and ",
    "1,",
    "“",
    "(Reason ",
    "A. ",
)
SIZES = (50, 100, 500, 1000)


def rubric_of(size: int) -> Document:
    criteria = tuple(Criterion(f"c{at}", _text(at), at % 9 + 1) for at in range(size))
    asked = Message("user", "Explain the valve. Which dose is safe? Draft the lease for a harbour.")
    return Document(Question("q", (asked,)), criteria=criteria)


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    since = time.process_time()
    work()
    return time.process_time() - since


def main() -> None:
    print("criteria  pairs    whole lint  of it likeness")
    for size in SIZES:
        document = rubric_of(size)
        texts = [it.text for it in document.criteria]
        points = [float(it.points) for it in document.criteria]
        alike = spent(partial(_compare, texts, points))
        whole = spent(partial(lint_document, document)) + alike
        pairs = size * (size - 1) // 2
        print(f"{size:8}  {pairs:7}  {1000 * whole:7.0f} ms  {1000 * alike:7.0f} ms")
    slowest = max(WORST, key=lambda it: spent(lambda: lint_sentence(_repeated(it, 1))))
    took = spent(lambda: lint_sentence(_repeated(slowest, 2)))
    print(
        f"slowest of {len(WORST)} texts of {MOST_READ} characters:"
        f" {1000 * took:.0f} ms, {slowest!r}"
    )


def _compare(texts: list[str], points: list[float]) -> list[object]:
    return list(find_likeness(texts, points))


def _text(at: int) -> str:
    verb, thing, other = VERBS[at % 5], THINGS[at // 5 % 10], THINGS[at // 50 % 10]
    return f"{verb} the {thing} number {at} beside the {other} of the year {1500 + at}."


def _repeated(piece: str, points: float) -> Sentence:
    text = ("States " + piece * MOST_READ)[:MOST_READ]
    return Sentence(text, points, asked=text)


if __name__ == "__main__":
    main()
