from itertools import permutations, product
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, pearsonr

from rubric_studio.engine.measuring.redundancy import luck_within, measure_redundancy, together

CELLS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 0.5, 0.25]))


def test_two_columns_by_hand():
    it = together([1, 1, 1, 0, 0, None], [1, 1, 0, 0, 1, 1])
    assert (it.n, it.agreement.hits) == (5, 3)
    assert it.phi == pytest.approx((2 * 1 - 1 * 1) / (3 * 2 * 3 * 2) ** 0.5)
    cells = {(1, 1): 2 / 5, (1, 0): 1 / 5, (0, 1): 1 / 5, (0, 0): 1 / 5}
    first, second = {1: 3 / 5, 0: 2 / 5}, {1: 3 / 5, 0: 2 / 5}
    expected = sum(p * log2(p / (first[a] * second[b])) for (a, b), p in cells.items())
    assert it.information == pytest.approx(expected)


def test_what_never_varies_has_no_coefficient():
    it = together([1, 1, 1], [1, 1, 1])
    assert (it.phi, it.information, it.is_the_same) == (None, None, False)
    assert together([None], [1]).agreement.share is None


def test_equal_columns_are_listed_at_any_n_and_near_ones_from_twenty():
    column = [1, 0, 1, 0, 1, 1] * 5
    near = [*column[:-1], 0]
    few = measure_redundancy([column[:6], column[:6], [*near[:5], 0]])
    assert [(it.first, it.second) for it in few.pairs] == [(0, 1)]
    assert (few.needs, few.internal) == (14, None)
    many = measure_redundancy([column, column, near, [1] * 30])
    assert [(it.first, it.second) for it in many.pairs] == [(0, 1), (0, 2), (1, 2)]
    assert (many.needs, many.compared) == (0, 6)


def test_opposites_are_not_the_same():
    assert measure_redundancy([[1, 0] * 15, [0, 1] * 15]).pairs == ()


def test_kr20_of_equal_columns_is_one():
    assert measure_redundancy([[1, 0] * 15] * 3).internal == pytest.approx(1)
    assert measure_redundancy([[1, 0] * 15]).internal is None
    assert measure_redundancy([[1, 0] * 15, [0, 1] * 15]).internal is None


def test_kr20_is_the_formula():
    rng = np.random.default_rng(4)
    ability = rng.normal(size=40)
    columns = [(ability + rng.normal(size=40) > 0).astype(float).tolist() for _ in range(6)]
    p = np.mean(columns, axis=1)
    total = np.sum(columns, axis=0).var()
    expected = 6 / 5 * (1 - (p * (1 - p)).sum() / total)
    assert measure_redundancy(columns).internal == pytest.approx(expected)


def test_nothing_is_nothing():
    it = measure_redundancy([])
    assert (it.n, it.compared, it.pairs, it.needs) == (0, 0, (), 20)
    assert measure_redundancy([[], []]).pairs == ()


def test_lengths_must_be_equal():
    with pytest.raises(ValueError, match="one length"):
        measure_redundancy([[1], [1, 0]])
    with pytest.raises(ValueError, match="one length"):
        together([1], [])


def test_what_only_the_tiers_make_alike_does_not_stand_out():
    """Both are met by all good answers and by no bad one: two things that good answers do."""
    good = [1] * 12 + [0] * 12
    it = measure_redundancy([good, good], [2] * 12 + [1] * 12)
    assert [(pair.phi, pair.stands_out) for pair in it.pairs] == [(1, False)]
    assert luck_within(good, good, [2] * 12 + [1] * 12) == 1


def test_what_goes_together_within_tiers_stands_out():
    once = [1, 1, 0, 1, 0, 0]
    it = measure_redundancy([once * 4, once * 4, [1, 0, 1, 0, 1, 0] * 4], [3, 3, 3, 1, 1, 1] * 4)
    assert [(pair.first, pair.second, pair.stands_out) for pair in it.pairs] == [(0, 1, True)]
    assert not measure_redundancy([once * 4] * 2).pairs[0].stands_out


@pytest.mark.parametrize("seed", range(5))
def test_luck_in_one_tier_is_fishers_exact_test(seed):
    first, second = np.random.default_rng(seed).integers(0, 2, (2, 15))
    table = [[int(((first == a) & (second == b)).sum()) for b in (1, 0)] for a in (1, 0)]
    expected = fisher_exact(table, alternative="greater").pvalue
    assert luck_within(first.tolist(), second.tolist(), [1] * 15) == pytest.approx(expected)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, None]), st.sampled_from([0, 1]), st.integers(1, 2)),
        min_size=1,
        max_size=7,
    )
)
def test_luck_within_tiers_is_all_deals_gone_through(cells):
    first, second, tiers = (list(it) for it in zip(*cells, strict=True))
    kept = [it for it in cells if it[0] is not None]
    observed = sum(a * b for a, b, _ in kept)
    within = [[it for it in kept if it[2] == tier] for tier in (1, 2)]
    deals = [
        sum(
            a * b
            for one, part in zip(dealt, within, strict=True)
            for a, (_, b, _) in zip(one, part, strict=True)
        )
        for dealt in product(*(permutations([a for a, _, _ in part]) for part in within))
    ]
    expected = sum(it >= observed for it in deals) / len(deals)
    assert luck_within(first, second, tiers) == pytest.approx(expected)


def test_columns_and_tiers_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="one length"):
        luck_within([1], [1], [1, 2])


@settings(max_examples=200)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=30))
def test_phi_is_the_correlation_of_met_and_unmet(cells):
    first, second = [a for a, _ in cells], [b for _, b in cells]
    it = together(first, second)
    both = [(a >= 0.5, b >= 0.5) for a, b in cells if a is not None and b is not None]
    assert it.n == len(both)
    if it.phi is None:
        assert len({a for a, _ in both}) < 2 or len({b for _, b in both}) < 2
        return
    theirs = pearsonr([float(a) for a, _ in both], [float(b) for _, b in both]).statistic
    assert it.phi == pytest.approx(theirs)
    assert 0 <= it.information <= 1 + 1e-12


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=21, max_size=21), min_size=2, max_size=5))
def test_pairs_are_those_of_a_plain_loop(columns):
    found = {(it.first, it.second): it for it in measure_redundancy(columns).pairs}
    for a in range(len(columns)):
        for b in range(a + 1, len(columns)):
            it = together(columns[a], columns[b])
            listed = it.phi is not None and (it.is_the_same or (it.phi >= 0.9 and it.n >= 20))
            assert ((a, b) in found) == listed
            if listed:
                assert found[a, b].phi == pytest.approx(it.phi)
