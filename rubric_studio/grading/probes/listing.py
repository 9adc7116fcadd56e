"""Probes as their page lists them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.document.wording import Piece, word_diff
from rubric_studio.engine.probing.families import BY_KEY, FAMILIES, Family
from rubric_studio.grading.models import Probe
from rubric_studio.grading.probes.keeping import LONGEST_COMPARED, inserted_in, text_of
from rubric_studio.rubrics.models import Question

SHOWN = 4000  # characters of a text with its changes


@dataclass(frozen=True)
class Row:
    """A probe with its text in pieces: same, removed or added against its base."""

    probe: Probe
    pieces: tuple[Piece, ...]
    is_cut: bool
    is_older: bool
    aims_at: str
    fools: tuple[str, ...]

    @property
    def base_is_gone(self) -> bool:
        return self.probe.base is not None and self.probe.base.deleted_at is not None


@dataclass(frozen=True)
class Shelf:
    """The probes of one family."""

    title: str
    why: str
    rows: tuple[Row, ...]


def live_probes(question: Question) -> QuerySet[Probe]:
    """With their answers and bases; one query."""
    return (
        Probe.objects.live()
        .filter(answer__question=question)
        .select_related("answer", "base", "accepted_by")
    )


def shelves(probes: Iterable[Probe], document: Document, made_from: str) -> tuple[Shelf, ...]:
    """Exploits by family in the families' order, then steer tests, then what should change
    nothing. `made_from` is the content hash of the draft: probes of another one are older."""
    numbers = {it.key: n for n, it in enumerate(document.criteria, start=1)}
    by_family: dict[str, list[Row]] = {}
    for probe in probes:
        by_family.setdefault(_place(probe), []).append(_row(probe, numbers, made_from))
    order = [(it.key, it.title, it.why) for it in FAMILIES]
    order += [
        ("steer", "Steer tests", "Edits that should change exactly the verdicts you named."),
        ("invariant", "Should change nothing", "The same said in another form."),
    ]
    return tuple(
        Shelf(title, why, tuple(by_family[key])) for key, title, why in order if key in by_family
    )


def _place(probe: Probe) -> str:
    return probe.family if probe.kind == Probe.Kind.EXPLOIT else probe.kind


def family_of(probe: Probe) -> Family | None:
    return BY_KEY.get(probe.family)


def _row(probe: Probe, numbers: dict[str, int], made_from: str) -> Row:
    text = probe.answer.text or ""
    shown = _pieces(probe, text)
    length = 0
    pieces: list[Piece] = []
    for piece in shown:
        pieces.append(Piece(piece.op, piece.text[: SHOWN - length]))
        length += len(piece.text)
        if length >= SHOWN:
            break
    return Row(
        probe=probe,
        pieces=tuple(pieces),
        is_cut=length > SHOWN or len(pieces) < len(shown),
        is_older=probe.made_from != made_from,
        aims_at=f"{numbers[probe.criterion_key]}" if probe.criterion_key in numbers else "",
        fools=tuple(f"{numbers[key]}" for key in probe.could_fool if key in numbers),
    )


def _pieces(probe: Probe, text: str) -> tuple[Piece, ...]:
    base = text_of(probe.base)
    if base is not None and len(base) + len(text) <= LONGEST_COMPARED:
        spans = inserted_in(probe, probe.answer)
        if len(text) - sum(end - start for start, end in spans) < len(base.strip()) or not spans:
            return word_diff(base, text)
    return marked_pieces(text, inserted_in(probe, probe.answer))


def marked_pieces(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text with what stands in the spans as added."""
    pieces: list[Piece] = []
    at = 0
    for start, end in sorted(spans):
        if start >= at and end <= len(text):
            pieces += [Piece("same", text[at:start]), Piece("added", text[start:end])]
            at = end
    return tuple(it for it in (*pieces, Piece("same", text[at:])) if it.text)
