"""What moved between two runs, as it is kept: each answer once, in however many pairs it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter

from rubric_studio.steering.regression import Cause, Moved, Regression, Swapped
from rubric_studio.steering.samples import Sample

_Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Move:
    """As `Moved`; `sample` is a place."""

    sample: int
    before: float | None
    after: float | None
    is_probe: bool
    is_new: bool
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """As `Regression`, with places in `samples` for the answers."""

    samples: tuple[Sample, ...]
    moved: tuple[_Move, ...]
    same: int
    dropped: int
    lost: _Pairs
    won: _Pairs


_KEPT = TypeAdapter(_Kept)


def regression_as_text(regression: Regression) -> str:
    samples = {it.sample.id: it.sample for it in regression.moved}
    for pair in (*regression.lost, *regression.won):
        samples |= {pair.better.id: pair.better, pair.worse.id: pair.worse}
    place = {pk: n for n, pk in enumerate(samples)}

    def pairs(swapped: Iterable[Swapped]) -> _Pairs:
        return tuple((place[it.better.id], place[it.worse.id]) for it in swapped)

    moved = (
        _Move(place[it.sample.id], it.before, it.after, it.is_probe, it.is_new, it.cause)
        for it in regression.moved
    )
    kept = _Kept(
        samples=tuple(samples.values()),
        moved=tuple(moved),
        same=regression.same,
        dropped=regression.dropped,
        lost=pairs(regression.lost),
        won=pairs(regression.won),
    )
    return _KEPT.dump_json(kept).decode()


def regression_from_text(text: str) -> Regression:
    """Raises pydantic.ValidationError for what was not kept by this version."""
    kept = _KEPT.validate_json(text)
    samples = kept.samples

    def swapped(pairs: _Pairs) -> tuple[Swapped, ...]:
        return tuple(Swapped(samples[better], samples[worse]) for better, worse in pairs)

    return Regression(
        moved=tuple(
            Moved(samples[it.sample], it.before, it.after, it.is_probe, it.is_new, it.cause)
            for it in kept.moved
        ),
        same=kept.same,
        dropped=kept.dropped,
        lost=swapped(kept.lost),
        won=swapped(kept.won),
    )
