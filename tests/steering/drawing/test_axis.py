"""Which labels of an axis give way where there is little room."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.steering.drawing.axis import Axis, Tick, giving_way


@given(st.integers(0, 12), st.integers(0, 12))
def test_every_other_label_gives_way_and_never_zero(count, zero):
    ticks = [Tick(float(place), str(place), place == zero) for place in range(count)]
    way = giving_way(ticks)
    assert len(way) == count
    assert all(first != second for first, second in pairwise(way))
    assert not any(gives for gives, tick in zip(way, ticks, strict=True) if tick.is_zero)


def test_an_axis_keeps_both_ends_of_a_score():
    ticks = Axis(0.0).ticks
    kept = [it.label for it, gives in zip(ticks, giving_way(ticks), strict=True) if not gives]
    assert kept == ["0", "0.5", "1"]
