import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring.agreement import Confusion, confusion

counts = st.builds(Confusion, *[st.integers(0, 30)] * 4)


@pytest.mark.parametrize(
    "table, raw, kappa, ac1, phi, macro_f1",
    [
        ((85, 5, 5, 5), 0.90, 0.444, 0.878, 0.444, 0.722),
        ((45, 5, 5, 45), 0.90, 0.800, 0.800, 0.800, 0.900),
        ((50, 20, 2, 28), 0.78, 0.553, 0.580, 0.594, 0.769),
    ],
)
def test_agreement_gives_the_published_values(table, raw, kappa, ac1, phi, macro_f1):
    it = Confusion(*table)
    assert [it.raw.share, it.kappa, it.ac1, it.phi, it.macro_f1] == pytest.approx(
        [raw, kappa, ac1, phi, macro_f1], abs=5e-4
    )


def test_over_crediting_is_a_bias_above_zero():
    assert Confusion(50, 20, 2, 28).bias == pytest.approx(0.18)


def test_pairs_are_counted_by_their_cell():
    assert confusion([(True, True), (True, False), (True, False), (False, True)]) == Confusion(
        1, 2, 1, 0
    )


def test_nothing_compared_is_undefined():
    it = Confusion(0, 0, 0, 0)
    assert (it.raw.share, it.kappa, it.ac1, it.phi, it.macro_f1, it.bias) == (None,) * 6


def test_agreement_on_one_verdict_only_leaves_kappa_undefined():
    assert Confusion(8, 0, 0, 0).kappa is None
    assert Confusion(8, 0, 0, 0).macro_f1 is None
    assert Confusion(8, 0, 0, 0).raw.share == 1


@given(counts)
def test_phi_is_the_correlation(it):
    rater = [1] * (it.tp + it.fp) + [0] * (it.fn + it.tn)
    reference = [1] * it.tp + [0] * it.fp + [1] * it.fn + [0] * it.tn
    if len(set(rater)) == 2 and len(set(reference)) == 2:
        assert it.phi == pytest.approx(np.corrcoef(rater, reference)[0, 1], abs=1e-9)
    else:
        assert it.phi is None


@given(counts)
def test_swapping_the_raters_only_turns_the_bias(it):
    swapped = Confusion(it.tp, it.fn, it.fp, it.tn)
    assert (it.kappa, it.ac1, it.phi, it.macro_f1) == pytest.approx(
        (swapped.kappa, swapped.ac1, swapped.phi, swapped.macro_f1)
    )
    if it.n:
        assert it.bias == pytest.approx(-swapped.bias)
        assert it.kappa is None or it.kappa <= 1
