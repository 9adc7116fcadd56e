"""Whatever the data: no exception, nothing but finite numbers or None, intervals that contain what
they are of, and the same figures in whatever order and under whatever names."""

from dataclasses import fields, is_dataclass
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.scoring import NOT_APPLICABLE
from rubric_studio.engine.measuring.agreement import Confusion, true_share, true_share_interval
from rubric_studio.engine.measuring.bands import Expectation, measure_bands
from rubric_studio.engine.measuring.headroom import measure_headroom, measure_without_rubric
from rubric_studio.engine.measuring.intervals import Interval, Proportion
from rubric_studio.engine.measuring.items import measure_item
from rubric_studio.engine.measuring.order import measure_order
from rubric_studio.engine.measuring.pooling import pool, pool_alpha
from rubric_studio.engine.measuring.probes import ProbeResult, measure_probes
from rubric_studio.engine.measuring.redundancy import luck_within, measure_redundancy
from rubric_studio.engine.measuring.repeatability import flip_rate
from rubric_studio.engine.measuring.separation import measure_separation
from rubric_studio.engine.measuring.stability import measure_stability
from rubric_studio.engine.measuring.standing import standing
from rubric_studio.engine.measuring.weights import measure_weights
from tests.engine.measuring.weighed import rubric

# A busy machine makes drawing slow, which is nothing wrong with what is drawn.
anything = settings(max_examples=60)
# Few values, so that ties and columns without differences are common.
scores = st.none() | st.sampled_from([-0.5, 0.0, 0.3, 0.1 + 0.2, 1.0]) | st.floats(-2, 1)
tiers = st.none() | st.integers(0, 3)
values = st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0])
tables = st.integers(0, 6).flatmap(
    lambda answers: st.lists(
        st.lists(values, min_size=answers, max_size=answers), min_size=1, max_size=4
    )
)
pairs = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 8)), min_size=0, max_size=40
)


def check(it):
    """Every field and property of a result and of what it is made of."""
    if isinstance(it, Interval):
        assert isfinite(it.low)
        assert isfinite(it.high)
        assert it.low <= it.high
    elif isinstance(it, float):
        assert isfinite(it)
    elif isinstance(it, tuple | list | frozenset):
        for part in it:
            check(part)
    if isinstance(it, Proportion) and it.share is not None:
        assert 0 <= it.share <= 1
        assert it.share in it.interval
    if is_dataclass(it):
        own = vars(type(it)).items()
        properties = [
            name for name, of in own if isinstance(of, property) and not name.startswith("_")
        ]
        for name in [*(field.name for field in fields(it)), *properties]:
            check(getattr(it, name))


def holds(interval, value):
    assert interval is None or value in interval


@anything
@given(st.lists(st.tuples(scores, tiers), max_size=12), st.randoms())
def test_order_and_separation(answers, random):
    found = measure_order([it for it, _ in answers], [tier for _, tier in answers])
    check(found)
    holds(found.interval, found.concordance)
    apart = (
        measure_separation(*zip(*answers, strict=True)) if answers else measure_separation([], [])
    )
    check(apart)
    random.shuffle(answers)
    # Tiers are names that have an order: others in the same order say the same.
    again = measure_order(
        [it for it, _ in answers], [None if tier is None else 10 * tier for _, tier in answers]
    )
    for name in ("concordance", "strict", "tau_b", "p", "chance", "needs", "pairs", "n"):
        assert getattr(again, name) == pytest.approx(getattr(found, name)), name
    assert (again.interval is None) == (found.interval is None)
    if found.interval is not None:
        ends = (found.interval.low, found.interval.high)
        assert (again.interval.low, again.interval.high) == pytest.approx(ends)


@anything
@given(st.lists(st.tuples(values, tiers, scores), max_size=24), st.floats(-10, 10))
def test_one_criterion(answers, points):
    columns = [list(it) for it in zip(*answers, strict=True)] or [[], [], []]
    found = measure_item(columns[0], columns[1], points, rest=columns[2])
    check(found)
    back = measure_item(columns[0][::-1], columns[1][::-1], points, rest=columns[2][::-1])
    assert (back.mean, back.is_reversed, back.is_dead) == (
        pytest.approx(found.mean),
        found.is_reversed,
        found.is_dead,
    )


@anything
@given(tables, st.data())
def test_columns_together(columns, data):
    answers = len(columns[0])
    given_tiers = data.draw(st.lists(tiers, min_size=answers, max_size=answers))
    check(measure_redundancy(columns, given_tiers))
    luck = luck_within(columns[0], columns[-1], given_tiers)
    assert 0 < luck <= 1
    assert luck_within(columns[-1], columns[0], given_tiers) == pytest.approx(luck)


@anything
@given(tables, st.data())
def test_weights_and_their_room(columns, data):
    answers = len(columns[0])
    given_tiers = data.draw(st.lists(tiers, min_size=answers, max_size=answers))
    points = data.draw(st.lists(st.integers(-5, 5), min_size=len(columns), max_size=len(columns)))
    document = rubric(*points)
    keys = [it.key for it in document.criteria]
    verdicts = [
        {
            key: NOT_APPLICABLE if column[at] == 0.25 else column[at]
            for key, column in zip(keys, columns, strict=True)
            if column[at] is not None
        }
        for at in range(answers)
    ]
    check(measure_weights(document, verdicts))
    check(measure_stability(document, verdicts, given_tiers, draws=50))


@anything
@given(pairs)
def test_pooled_agreement(given_pairs):
    judge, expert, answers = [list(it) for it in zip(*given_pairs, strict=True)] or [[], [], []]
    questions = [it // 3 for it in answers]
    found = pool(judge, expert, questions, answers, draws=200)
    check(found)
    for name in ("raw", "kappa", "ac1", "macro_f1", "bias"):
        value = getattr(found.counts, name)
        holds(getattr(found, f"{name}_interval"), value.share if name == "raw" else value)
    named = pool(judge, expert, [f"q{it}" for it in questions], [f"a{it}" for it in answers], 200)
    assert named == found
    turned = pool(expert, judge, questions, answers, draws=200).counts
    assert turned.kappa == pytest.approx(found.counts.kappa)


@anything
@given(st.lists(st.tuples(st.lists(values, max_size=4), st.integers(0, 8)), max_size=20))
def test_pooled_alpha(cells):
    units, answers = [unit for unit, _ in cells], [answer for _, answer in cells]
    found = pool_alpha(units, [0] * len(cells), answers, draws=200)
    check(found)
    holds(found.interval, found.alpha)


@anything
@given(
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_tables_and_the_share_behind_a_judge(tp, fp, fn, tn, hits, misses):
    counts, observed = Confusion(tp, fp, fn, tn), Proportion(hits, hits + misses)
    check(counts)
    interval = true_share_interval(observed, counts)
    check(interval)
    holds(interval, true_share(observed, counts))


@anything
@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 0.5, "not_applicable"]), max_size=4)))
def test_repeats(cells):
    check(flip_rate(cells))


@anything
@given(st.lists(st.tuples(scores, scores, st.booleans(), scores), max_size=8))
def test_probes(results):
    found = measure_probes(
        [
            ProbeResult("free" if free else "stuffed", score, base, free, above)
            for score, base, free, above in results
        ]
    )
    check(found)
    for family in found.families:
        holds(family.interval, family.gain)


@anything
@given(st.lists(st.tuples(scores, tiers, st.booleans()), max_size=12), st.data())
def test_bands_and_headroom(answers, data):
    anchors = st.sampled_from([None, "empty", "off_topic", "ideal", "worst_acceptable"])
    check(
        measure_bands(
            [Expectation(score, None, data.draw(anchors), tier) for score, tier, _ in answers]
        )
    )
    known = [score for score, _, _ in answers]
    check(measure_headroom(known, [own for _, _, own in answers]))
    if answers:
        place = st.integers(0, len(answers) - 1)
        choices = data.draw(st.lists(st.tuples(place, place).filter(lambda it: it[0] != it[1])))
        check(measure_without_rubric(known, choices))


@anything
@given(
    st.dictionaries(st.integers(0, 5), st.booleans()),
    st.dictionaries(
        st.sampled_from("abc"), st.dictionaries(st.integers(0, 5), st.booleans()), max_size=3
    ),
)
def test_a_judge_among_experts(judge, experts):
    check(standing("judge", judge, experts))
