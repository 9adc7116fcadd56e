"""How far each tier meets a criterion, as figure 6 draws it."""

from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.steering.figures.criteria_rows import TierShare, tier_shares

values = st.none() | st.floats(0, 1)
rows = st.lists(st.tuples(values, st.none() | st.integers(1, 9)), max_size=40)


def test_the_best_tier_comes_first_with_its_mean():
    shares = tier_shares([1.0, 0.0, 0.5, None, 1.0], [1, 1, 3, 3, None])
    assert shares == (TierShare(3, 0.5, 1), TierShare(1, 0.5, 2))


def test_one_tier_has_nothing_to_stand_beside():
    assert tier_shares([1.0, 0.0], [2, 2]) == ()
    assert tier_shares([], []) == ()


@given(rows)
def test_every_share_is_the_mean_of_what_is_there(given_rows):
    shares = tier_shares([it[0] for it in given_rows], [it[1] for it in given_rows])
    assert [it.tier for it in shares] == sorted({it.tier for it in shares}, reverse=True)
    for share in shares:
        own = [value for value, tier in given_rows if tier == share.tier and value is not None]
        assert share.n == len(own)
        assert min(own) - 1e-12 <= share.mean <= max(own) + 1e-12
