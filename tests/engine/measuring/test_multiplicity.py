from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from rubric_studio.engine.measuring.multiplicity import chance_of_at_least, stand_out

chances = st.floats(0, 1)


@given(st.lists(chances, min_size=1, max_size=60))
def test_what_stands_out_is_what_scipy_lets_stand(lucks):
    adjusted = false_discovery_control(lucks, method="bh")
    for mine, theirs in zip(stand_out(lucks), adjusted, strict=True):
        # On the bar itself the last digit decides.
        assert mine == (theirs <= 0.05) or abs(theirs - 0.05) < 1e-12


def test_of_one_thing_the_bar_is_one_in_twenty_and_of_fifty_one_in_a_thousand():
    assert stand_out([0.05]) == (True,)
    assert stand_out([0.051]) == (False,)
    assert stand_out([0.001, *[0.9] * 49])[0]
    assert not stand_out([0.0011, *[0.9] * 49])[0]


def test_what_is_not_known_is_no_comparison():
    assert stand_out([None, 0.05, None]) == (False, True, False)
    assert stand_out([]) == ()
    assert stand_out([None]) == (False,)


@given(st.lists(st.none() | chances, max_size=20), st.randoms())
def test_the_order_does_not_matter(lucks, random):
    order = list(range(len(lucks)))
    random.shuffle(order)
    found = stand_out(lucks)
    assert stand_out([lucks[it] for it in order]) == tuple(found[it] for it in order)


@given(st.integers(0, 40), st.integers(1, 40), chances)
def test_equal_chances_are_scipys_binomial(hits, n, share):
    assert chance_of_at_least(hits, [share] * n) == pytest.approx(
        float(binom.sf(hits - 1, n, share)), abs=1e-12
    )


@given(st.integers(0, 8), st.lists(chances, max_size=8))
def test_unequal_chances_are_all_outcomes_gone_through(hits, shares):
    expected = sum(
        prod(share if hit else 1 - share for share, hit in zip(shares, outcome, strict=True))
        for outcome in product((0, 1), repeat=len(shares))
        if sum(outcome) >= hits
    )
    assert chance_of_at_least(hits, shares) == pytest.approx(expected, abs=1e-12)


def test_many_trials_join_the_exact_ones():
    for hits in (380, 400, 440):
        exact = float(binom.sf(hits - 1, 2001, 0.2))
        assert chance_of_at_least(hits, [0.2] * 2001) == pytest.approx(exact, abs=5e-3)
    assert chance_of_at_least(3000, [1.0] * 3000) == 1
    assert chance_of_at_least(1, [0.0] * 3000) == 0


def test_chances_outside_zero_to_one_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        stand_out([1.5])
    with pytest.raises(ValueError, match="between 0 and 1"):
        chance_of_at_least(1, [-0.1])
