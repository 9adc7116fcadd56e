import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics

from rubric_studio.engine.measuring.agreement import (
    Confusion,
    confusion,
    kappa_half_width,
    pairs_missing,
    true_share,
    true_share_interval,
)
from rubric_studio.engine.measuring.intervals import Proportion

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


@given(counts)
def test_figures_are_those_of_scikit_learn(it):
    rater = [1] * (it.tp + it.fp) + [0] * (it.fn + it.tn)
    reference = [1] * it.tp + [0] * it.fp + [1] * it.fn + [0] * it.tn
    assume(it.kappa is not None and it.macro_f1 is not None)
    assert it.kappa == pytest.approx(metrics.cohen_kappa_score(rater, reference), abs=1e-12)
    assert it.f1_met == pytest.approx(metrics.f1_score(reference, rater), abs=1e-12)
    assert it.f1_unmet == pytest.approx(metrics.f1_score(reference, rater, pos_label=0), abs=1e-12)
    assert it.macro_f1 == pytest.approx(
        metrics.f1_score(reference, rater, average="macro"), abs=1e-12
    )
    assert it.raw.share == pytest.approx(metrics.accuracy_score(reference, rater))


def test_false_accepts_and_rejects_have_their_own_denominators():
    it = Confusion(50, 20, 2, 28)
    assert (it.false_accepts, it.false_rejects) == (Proportion(20, 48), Proportion(2, 52))


def test_counts_of_several_raters_add_up():
    assert Confusion(1, 2, 3, 4) + Confusion(10, 20, 30, 40) == Confusion(11, 22, 33, 44)


def test_a_lopsided_table_asks_for_ac1_beside_kappa():
    assert Confusion(85, 5, 5, 5).is_lopsided
    assert not Confusion(45, 5, 5, 45).is_lopsided
    assert not Confusion(0, 0, 0, 0).is_lopsided


@pytest.mark.parametrize(
    "raw, by_chance, widths",
    [
        (0.85, 0.5, {30: 0.26, 50: 0.20, 100: 0.14, 200: 0.10, 400: 0.07}),
        (0.85, 0.7, {30: 0.43, 50: 0.33, 100: 0.23, 200: 0.16, 400: 0.12}),
        (0.90, 0.8, {30: 0.54, 50: 0.42, 100: 0.29, 200: 0.21, 400: 0.15}),
    ],
)
def test_half_width_of_kappa_is_the_tabled_one(raw, by_chance, widths):
    """Tables with both raters' share met p: Pe = p² + (1 − p)², and raw agreement as given."""
    share = (1 + (2 * by_chance - 1) ** 0.5) / 2
    whole = 400_000
    differ = round(whole * (1 - raw) / 2)
    table = Confusion(
        round(whole * share) - differ, differ, differ, whole - round(whole * share) - differ
    )
    for n, width in widths.items():
        assert kappa_half_width(table) * (whole / n) ** 0.5 == pytest.approx(width, abs=0.006)


def test_labels_missing_for_a_narrow_kappa():
    few = Confusion(24, 4, 4, 24)
    assert kappa_half_width(few) > 0.1
    more = pairs_missing(few)
    grown = (few.n + more) / few.n
    assert kappa_half_width(few) / grown**0.5 == pytest.approx(0.1, abs=0.001)
    assert pairs_missing(few, half_width=0.5) == 0


@pytest.mark.parametrize("table", [(0, 0, 0, 0), (8, 0, 0, 0), (5, 0, 0, 5)])
def test_perfect_or_empty_tables_foretell_nothing(table):
    assert kappa_half_width(Confusion(*table)) is None
    assert pairs_missing(Confusion(*table)) is None


def test_a_half_width_must_be_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        pairs_missing(Confusion(1, 1, 1, 1), half_width=0)


@given(
    st.floats(0, 1),
    st.integers(0, 40),
    st.integers(41, 100),
    st.integers(0, 40),
    st.integers(41, 100),
)
def test_a_biased_judge_is_put_right(truth, fp, tn, fn, tp):
    """What a judge of these error rates would say of `truth` leads back to it."""
    against = Confusion(tp, fp, fn, tn)
    hits, wrong = tp / (tp + fn), fp / (fp + tn)
    n = 10**9
    observed = Proportion(round(n * (truth * hits + (1 - truth) * wrong)), n)
    if hits <= wrong:
        assert true_share(observed, against) is None
        return
    assert true_share(observed, against) == pytest.approx(truth, abs=1e-6)


def test_the_interval_of_the_truth_knows_both_uncertainties():
    few, many = Confusion(9, 2, 1, 8), Confusion(900, 200, 100, 800)
    observed = Proportion(55, 100)
    narrow, wide = true_share_interval(observed, many), true_share_interval(observed, few)
    assert wide.low < narrow.low < true_share(observed, many) < narrow.high < wide.high


def test_the_interval_of_the_truth_is_that_of_resampling():
    generator = np.random.default_rng(4)
    against, n, hits = Confusion(90, 20, 10, 80), 400, 220
    p = generator.binomial(n, hits / n, 20_000) / n
    tpr = generator.binomial(100, 0.9, 20_000) / 100
    tnr = generator.binomial(100, 0.8, 20_000) / 100
    low, high = np.quantile((p + tnr - 1) / (tpr + tnr - 1), [0.025, 0.975])
    found = true_share_interval(Proportion(hits, n), against)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)


@pytest.mark.parametrize("table", [(5, 5, 5, 5), (0, 0, 0, 0), (9, 0, 1, 0), (0, 1, 0, 9)])
def test_a_judge_no_better_than_chance_corrects_nothing(table):
    assert true_share(Proportion(5, 10), Confusion(*table)) is None
    assert true_share_interval(Proportion(5, 10), Confusion(*table)) is None


def test_nothing_observed_corrects_to_nothing():
    assert true_share(Proportion(0, 0), Confusion(9, 1, 1, 9)) is None
    assert true_share_interval(Proportion(5, 10), Confusion(9, 0, 0, 9)) is not None
    assert true_share_interval(Proportion(0, 10), Confusion(9, 0, 0, 9)) is None
