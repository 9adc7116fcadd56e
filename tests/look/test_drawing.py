"""Marks, bars, numbers and times, as the pages draw them."""

from datetime import UTC, datetime, timedelta

import pytest

from rubric_studio.rubrics.drawing import bars, numbers
from rubric_studio.rubrics.drawing.marks import SHAPES, blind_mark_of, draw_mark, mark_of


@pytest.mark.parametrize(
    "status, value, points, shape, words",
    [
        ("graded", 1, 5, "met", "met, +5 points"),
        ("graded", 0.5, 5, "partly", "partly, 0.5: +2.5 points"),
        ("graded", 0, 5, "unmet", "not met, 5 points missed"),
        ("graded", 1, -10, "taken", "met, −10 points"),
        ("graded", 0.5, -10, "partly-taken", "partly, 0.5: −5 points"),
        ("graded", 0, -10, "spared", "not met, nothing lost"),
        ("not_applicable", None, 5, "not-applicable", "not applicable"),
        ("failed", None, 5, "failed", "no verdict: the judge failed"),
        ("cannot_assess", None, 5, "cannot-assess", "no verdict: cannot assess"),
        ("judging", None, 5, "judging", "judging"),
        ("pending", None, 5, "waiting", "waiting"),
        ("cancelled", None, 5, "cancelled", "cancelled, no verdict"),
    ],
)
def test_shape_and_words_say_the_verdict(status, value, points, shape, words):
    mark = mark_of(status, value, points)
    assert (mark.shape, mark.words) == (shape, words)
    assert f"<title>{words}</title>" in draw_mark(mark)


def test_every_status_of_a_grade_has_a_mark():
    from rubric_studio.grading.models.grade import Status

    for status in Status.values:
        assert mark_of(status, 1 if status == "graded" else None).shape in SHAPES


@pytest.mark.parametrize("status, value", [("graded", None), ("lost", None), ("", 1)])
def test_no_mark_is_guessed(status, value):
    with pytest.raises(ValueError, match="no mark"):
        mark_of(status, value)


def test_blind_mark_tells_nothing_of_points():
    drawn = draw_mark(blind_mark_of("graded", 0.5), colour=False)
    assert "points" not in drawn
    assert "credit" not in drawn
    assert "<title>partly</title>" in drawn


def test_no_picture_carries_a_style():
    drawn = [draw_mark(mark_of("graded", 1, 5)), bars.draw_points(-3, 10), bars.draw_tier(2)]
    drawn += [bars.draw_score(-0.3, 0.4, None, (0.1, 0.2)), bars.draw_weight(30, -10, 60)]
    assert not any("style" in picture for picture in drawn)


def test_points_diverge_from_one_axis():
    assert 'x="22" y="50%" width="20.0"' in bars.draw_points(10, 10)
    assert 'x="12.0" y="50%" width="10.0"' in bars.draw_points(-5, 10)


def test_points_of_a_list_without_any_draw_no_bar():
    assert 'width="0"' in bars.draw_points(0, 0)


def test_tier_fills_as_many_bars_as_it_is_high():
    assert bars.draw_tier(2).count('class="on"') == 2
    assert "tier 2, acceptable" in bars.draw_tier(2)
    assert "no tier stated" in bars.draw_tier(None)


def test_known_score_is_solid_from_zero():
    drawn = bars.draw_score(0.5, 0.5, 0.5, (0.4, 0.6))
    assert '<rect x="50.0%" y="3" width="25.0%" height="6" class="fill-score"/>' in drawn
    assert "score 0.50, expected 0.40 to 0.60" in drawn
    assert "hatch" not in drawn


def test_negative_score_is_drawn_as_taken_away():
    assert 'class="fill-penalty"' in bars.draw_score(-0.5, -0.5, -0.5)


def test_incomplete_score_is_hatched_where_it_is_open():
    drawn = bars.draw_score(0.2, 0.6, None)
    assert 'x="50.0%" y="3" width="10.0%" height="6" class="fill-score"' in drawn
    assert 'x="60.0%" y="3" width="20.0%" height="6" class="hatch" fill="url(#hatch)"' in drawn
    assert "score 0.20 to 0.60" in drawn


def test_incomplete_score_around_zero_has_no_sure_part():
    assert "fill-" not in bars.draw_score(-0.32, 0.30, None)


@pytest.mark.parametrize(
    "number, text", [(5, "+5"), (-10, "−10"), (0, "0"), (2.5, "+2.5"), (-0.75, "−0.75")]
)
def test_signed_numbers_have_a_true_minus(number, text):
    assert numbers.signed(number) == text


@pytest.mark.parametrize(
    "number, text", [(0.871, "0.87"), (-0.04, "−0.04"), (-0.001, "0.00"), (1, "1.00"), (None, "…")]
)
def test_scores_have_two_decimals(number, text):
    assert numbers.score(number) == text


@pytest.mark.parametrize(
    "passed, text",
    [
        (timedelta(seconds=5), "now"),
        (timedelta(seconds=-5), "now"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=16), "6 Nov"),
        (timedelta(days=400), "18 Oct 2025"),
    ],
)
def test_times_are_told_in_few_words(passed, text):
    present = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)
    assert numbers.ago(present - passed, present) == text
