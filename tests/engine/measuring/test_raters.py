import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from rubric_studio.engine.measuring.agreement import Confusion
from rubric_studio.engine.measuring.raters import (
    fleiss_kappa,
    gwet_ac1,
    krippendorff_interval,
    krippendorff_nominal,
    krippendorff_ordinal,
    weighted_kappa,
)

FOUR_RATERS = """1 1 - 1 / 2 2 3 2 / 3 3 3 3 / 3 3 3 3 / 2 2 2 2 / 1 2 3 4 / 4 4 4 4
    / 1 1 2 1 / 2 2 2 2 / - 5 5 5 / - - 1 1 / - - 3 -"""


def table(text):
    return [[None if it == "-" else int(it) for it in row.split()] for row in text.split("/")]


rated = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=3, max_size=3),
    min_size=1,
    max_size=12,
)
FIGURES = [
    krippendorff_nominal,
    krippendorff_interval,
    krippendorff_ordinal,
    fleiss_kappa,
    gwet_ac1,
]


@pytest.mark.parametrize(
    "figure, value",
    [
        (gwet_ac1, 0.77544),
        (fleiss_kappa, 0.76117),
        (krippendorff_nominal, 0.74342),
        (krippendorff_ordinal, 0.81539),
        (krippendorff_interval, 0.84911),
    ],
)
def test_the_published_table_gives_its_published_values(figure, value):
    assert figure(table(FOUR_RATERS)) == pytest.approx(value, abs=5e-6)


@given(rated)
@pytest.mark.parametrize(
    "figure, level",
    [
        (krippendorff_nominal, "nominal"),
        (krippendorff_ordinal, "ordinal"),
        (krippendorff_interval, "interval"),
    ],
)
def test_alpha_is_that_of_the_krippendorff_package(figure, level, units):
    found = figure(units)
    several = [[it for it in unit if it is not None] for unit in units]
    several = [unit for unit in several if len(unit) > 1]
    if len({it for unit in several for it in unit}) < 2:
        assert found is None
        return
    data = np.array([[np.nan if it is None else it for it in unit] for unit in units], float).T
    theirs = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
    assert found == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(
    "units", [[], [[]], [[None, None]], [[1, None], [None, 2]], [[1, 1], [1, 1]]]
)
def test_ratings_that_carry_no_figure_give_none(figure, units):
    assert figure(units) is None


def test_two_raters_give_what_their_table_gives():
    units = [[1, 1]] * 85 + [[1, 0]] * 5 + [[0, 1]] * 5 + [[0, 0]] * 5
    assert gwet_ac1(units) == pytest.approx(Confusion(85, 5, 5, 5).ac1)


def test_categories_that_nobody_chose_count_for_ac1_when_named():
    units = [["a", "a"], ["a", "b"], ["b", "b"]]
    assert gwet_ac1(units, categories=4) > gwet_ac1(units)


def test_fleiss_is_krippendorff_but_for_the_small_sample():
    """1 − α = (1 − κ)(1 − 1/(N R)) where every unit has R ratings."""
    units = [[1, 1, 0], [0, 0, 0], [1, 1, 1], [1, 0, 0], [1, 1, 1]]
    alpha, kappa = krippendorff_nominal(units), fleiss_kappa(units)
    assert 1 - alpha == pytest.approx((1 - kappa) * (1 - 1 / 15))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30))
def test_weighted_kappa_is_that_of_scikit_learn(pairs):
    first, second = zip(*pairs, strict=True)
    found = weighted_kappa(first, second)
    if len({*first, *second}) < 2:
        assert found is None
        return
    theirs = cohen_kappa_score(first, second, labels=[0, 1, 2, 3, 4], weights="quadratic")
    assert found == pytest.approx(theirs, abs=1e-9)


def test_weighted_kappa_is_undefined_without_variety():
    assert weighted_kappa([], []) is None
    assert weighted_kappa([0.5, 0.5], [0.5, 0.5]) is None


def test_misuse_is_refused():
    with pytest.raises(ValueError, match="one length"):
        weighted_kappa([1], [1, 2])
    with pytest.raises(ValueError, match="finite"):
        krippendorff_interval([[1.0, float("nan")]])
