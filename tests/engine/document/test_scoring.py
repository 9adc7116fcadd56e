from fractions import Fraction

import pytest

from rubric_studio.engine.document.problems import DocumentError
from rubric_studio.engine.document.scoring import (
    NOT_APPLICABLE,
    ScoreUndefined,
    score,
    section_points,
)
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Gate,
    Message,
    Question,
    Scoring,
    Section,
)

QUESTION = Question(key="q", messages=(Message("user", "Why is the sky blue?"),))


def rubric(*criteria, sections=(), **scoring):
    return Document(QUESTION, tuple(sections), tuple(criteria), Scoring(**scoring))


def criterion(key, points=1, **fields):
    return Criterion(key=key, text=f"Says {key}.", points=points, **fields)


def points_rubric(*points):
    return rubric(*(criterion(f"c{index}", it) for index, it in enumerate(points)))


def test_healthbench_unit_test_gives_one_half():
    verdicts = {"c0": 1, "c1": 0, "c2": 1, "c3": 1}
    assert score(points_rubric(7, 5, 10, -6), verdicts).score == 0.5


def test_score_below_zero_is_kept_and_clipped_only_in_the_reward():
    result = score(points_rubric(4, -6), {"c0": 0, "c1": 1})
    assert result.score == -1.5
    assert result.reward() == 0
    assert result.reward(floor=-1) == -1
    assert result.reward(floor=-2) == -1.5


def test_reward_uses_the_floor_of_the_document():
    document = rubric(criterion("a", 4), criterion("b", -6), floor=-1)
    assert score(document, {"a": 0, "b": 1}).reward() == -1


def test_prbench_share_of_the_attainable_range_follows_from_the_points():
    # PRBench: (points - minimum) / (maximum - minimum), minimum the sum of the negative weights.
    document = points_rubric(9, 5, 3, -7)
    verdicts = {"c0": 1, "c1": 0, "c2": 1, "c3": 1}
    whole = section_points(document, verdicts)[None]
    lowest = -7
    assert (whole.earned - lowest) / (whole.possible - lowest) == Fraction(12, 24)
    assert score(document, verdicts).value == Fraction(5, 17)


def test_decimals_are_added_exactly():
    document = points_rubric(0.1, 0.2, 0.3)
    assert score(document, {"c0": 1, "c1": 1, "c2": 0}).value == Fraction(1, 2)
    assert score(document, {"c0": 0.1, "c1": 0.1, "c2": 0.1}).score == 0.1


def test_level_values_count_as_shares_of_the_points():
    assert score(points_rubric(4, 4), {"c0": 0.25, "c1": 1}).value == Fraction(5, 8)


def test_not_applicable_leaves_numerator_and_denominator():
    document = points_rubric(4, 6, -2)
    assert score(document, {"c0": 1, "c1": NOT_APPLICABLE, "c2": 0}).score == 1
    assert score(document, {"c0": 1, "c1": 0, "c2": NOT_APPLICABLE}).value == Fraction(2, 5)


def test_no_positive_points_are_undefined_never_zero():
    with pytest.raises(ScoreUndefined, match="add one"):
        score(points_rubric(-1), {"c0": 0})
    with pytest.raises(ScoreUndefined, match="nothing to score out of"):
        score(points_rubric(4, -2), {"c0": NOT_APPLICABLE, "c1": 0})
    with pytest.raises(ScoreUndefined):
        score(rubric(), {})


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), float("inf")])
def test_verdict_outside_zero_and_one_is_refused(value):
    with pytest.raises(ValueError, match="must lie in"):
        score(points_rubric(1), {"c0": value})


def test_numpy_numbers_are_understood():
    numpy = pytest.importorskip("numpy")
    assert score(points_rubric(1), {"c0": numpy.float64(0.1)}).value == Fraction(1, 10)


def test_section_cap_limits_what_is_earned_and_what_is_possible():
    sections = [Section("style", "Style", cap=5)]
    document = rubric(
        criterion("a", 4, section="style"),
        criterion("b", 4, section="style"),
        criterion("c", 5),
        sections=sections,
    )
    assert score(document, {"a": 1, "b": 1, "c": 0}).value == Fraction(5, 10)
    assert score(document, {"a": 1, "b": 0, "c": 0}).value == Fraction(4, 10)
    points = section_points(document, {"a": 1, "b": 1, "c": 0})
    assert (points["style"].earned, points["style"].possible) == (5, 5)
    assert (points[None].earned, points[None].possible) == (5, 10)


def test_caps_apply_to_the_innermost_section_first():
    sections = [Section("outer", "Outer", cap=6), Section("inner", "Inner", "outer", cap=2)]
    document = rubric(
        criterion("a", 10, section="inner"),
        criterion("b", 3, section="outer"),
        criterion("penalty", -1, section="outer"),
        criterion("c", 4),
        sections=sections,
    )
    verdicts = {"a": 1, "b": 1, "penalty": 1, "c": 1}
    assert score(document, verdicts).value == Fraction(2 + 3 - 1 + 4, 2 + 3 + 4)


def test_unmet_required_criterion_makes_the_dependant_zero_down_the_chain():
    document = rubric(
        criterion("c", 1, requires=("b",)),
        criterion("b", 1, requires=("a",)),
        criterion("a", 1),
    )
    assert score(document, {"a": 0, "b": 1, "c": 1}).value == 0
    assert score(document, {"a": 1, "b": 1, "c": 1}).value == 1
    assert score(document, {"a": 0.5, "b": 1, "c": 1}).value == Fraction(5, 6)
    assert score(document, {"a": 0.49, "b": 1, "c": 1}).value == Fraction(49, 300)


def test_required_criterion_that_does_not_apply_takes_its_dependants_along():
    document = rubric(criterion("a", 1), criterion("b", 1, requires=("a",)), criterion("c", 2))
    result = score(document, {"a": NOT_APPLICABLE, "b": 1, "c": 1})
    assert result.value == 1
    assert result.coverage == 1


def test_penalty_that_requires_an_unmet_criterion_is_not_charged():
    document = rubric(criterion("a", 2), criterion("p", -1, requires=("a",)))
    assert score(document, {"a": 0, "p": 1}).value == 0


def test_gate_caps_the_whole_score():
    document = rubric(criterion("a", 4), criterion("safe", 1, gate=Gate(0.25)))
    result = score(document, {"a": 1, "safe": 0})
    assert result.value == Fraction(1, 4)
    assert result.gates_failed == ("safe",)
    assert score(document, {"a": 1, "safe": 1}).gates_failed == ()


def test_gate_on_negative_points_fails_when_met():
    document = rubric(criterion("a", 4), criterion("harm", -1, gate=Gate(0)))
    assert score(document, {"a": 1, "harm": 1}).value == 0
    assert score(document, {"a": 1, "harm": 0}).value == 1


def test_gate_that_does_not_apply_does_not_fail():
    document = rubric(criterion("a", 4), criterion("safe", 1, gate=Gate(0)))
    result = score(document, {"a": 1, "safe": NOT_APPLICABLE})
    assert (result.value, result.gates_failed) == (1, ())


def test_failed_gate_never_lifts_a_score():
    document = rubric(criterion("a", 4), criterion("b", -8), criterion("g", 1, gate=Gate(0.5)))
    assert score(document, {"a": 0, "b": 1, "g": 0}).value == Fraction(-8, 5)


def test_tree_is_the_weighted_mean_of_weighted_means():
    sections = [Section("s1", "One", weight=3), Section("s2", "Two", weight=1)]
    document = rubric(
        criterion("a", 1, section="s1"),
        criterion("b", 3, section="s1"),
        criterion("c", 9, section="s2"),
        sections=sections,
        method="tree",
    )
    verdicts = {"a": 1, "b": 0, "c": 1}
    assert score(document, verdicts).value == (3 * Fraction(1, 4) + 1) / 4


def test_empty_and_not_applicable_sections_leave_the_mean():
    sections = [
        Section("s1", "One"),
        Section("empty", "Empty", weight=7),
        Section("gone", "Gone", weight=7),
        Section("unweighted", "Unweighted", weight=0),
    ]
    document = rubric(
        criterion("a", 1, section="s1"),
        criterion("b", 1, section="gone"),
        criterion("c", 1, section="unweighted"),
        sections=sections,
        method="tree",
    )
    assert score(document, {"a": 1, "b": NOT_APPLICABLE, "c": 0}).value == 1


def test_tree_refuses_negative_points():
    with pytest.raises(ScoreUndefined, match="negative"):
        score(rubric(criterion("a", 1), criterion("b", -1), method="tree"), {"a": 1, "b": 0})


def test_missing_verdict_is_no_zero():
    result = score(points_rubric(6, 3, 1), {"c0": 1})
    assert result.value is None
    assert result.score is None
    assert result.reward() is None
    assert result.passes is None
    assert (result.low, result.high) == (Fraction(6, 10), 1)
    assert result.missing == ("c1", "c2")
    assert result.coverage == Fraction(1, 3)
    assert result.coverage_by_weight == Fraction(6, 10)


def test_missing_penalty_lowers_only_the_lower_end():
    result = score(points_rubric(4, -2), {"c0": 1})
    assert (result.low, result.high) == (Fraction(1, 2), 1)


def test_missing_gate_may_cap_the_lower_end_only():
    document = rubric(criterion("a", 9), criterion("g", 1, gate=Gate(0)))
    result = score(document, {"a": 1})
    assert (result.low, result.high) == (0, 1)
    assert result.gates_failed == ()


def test_missing_verdict_that_may_not_apply_widens_the_interval():
    document = rubric(criterion("a", 1), criterion("b", 1, may_not_apply=True))
    result = score(document, {"a": 1})
    assert (result.low, result.high) == (Fraction(1, 2), 1)
    result = score(document, {"a": 0})
    assert (result.low, result.high) == (0, Fraction(1, 2))


def test_interval_looks_for_the_worst_set_of_not_applicable_criteria():
    document = rubric(criterion("a", 10, may_not_apply=True), criterion("b", 1), criterion("p", -3))
    result = score(document, {"b": 1, "p": 1})
    assert (result.low, result.high) == (-2, Fraction(8, 11))


def test_missing_required_criterion_leaves_the_dependant_open():
    document = rubric(criterion("a", 1), criterion("b", 3, requires=("a",)))
    result = score(document, {"b": 1})
    assert (result.low, result.high) == (0, 1)
    assert result.missing == ("a",)


def test_pass_mark_is_reached_exactly():
    document = rubric(criterion("a", 7), criterion("b", 3), pass_mark=0.7)
    assert score(document, {"a": 1, "b": 0}).passes is True
    assert score(document, {"a": 0.99, "b": 0}).passes is False


def test_reference_to_nothing_and_circles_are_refused():
    with pytest.raises(DocumentError, match="no criterion 'z'"):
        score(rubric(criterion("a", 1, requires=("z",))), {"a": 1})
    circle = rubric(criterion("a", 1, requires=("b",)), criterion("b", 1, requires=("a",)))
    with pytest.raises(DocumentError, match="circle"):
        score(circle, {"a": 1, "b": 1})
    with pytest.raises(DocumentError, match="circle"):
        score(rubric(criterion("a"), sections=[Section("s", "S", parent="s")]), {"a": 1})
