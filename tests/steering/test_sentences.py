"""Every sentence is read back and held against what was measured, at many sizes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Criterion, Document, Message, Question
from rubric_studio.rubrics.drawing.bars import TIERS
from rubric_studio.steering.assessment import measure_report, sign_off
from rubric_studio.steering.leads import HEADLINES, headline, lead
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample

DOCUMENT = Document(
    question=Question("chest-pain", (Message("user", "What now?"),)),
    criteria=(Criterion("c-1", "Calls an ambulance.", 5), Criterion("c-2", "Guesses.", -2)),
)
tenths = st.integers(-3, 10).map(lambda n: n / 10)
fine = st.floats(-2, 1, allow_nan=False)
bands = st.tuples(tenths, tenths).map(lambda ends: (min(ends), max(ends)))
anchors = st.sampled_from(["empty", "off_topic", "ideal", "worst_acceptable"])


def maybe(values):
    return st.one_of(st.none(), values)


@st.composite
def sampled(draw):
    score = draw(maybe(st.one_of(tenths, fine)))
    return {
        "tier": draw(maybe(st.integers(1, 4))),
        "band": draw(maybe(bands)),
        "anchor": draw(maybe(anchors)),
        "score": score,
        "low": -0.5 if score is None else score,
        "high": 1.0 if score is None else score,
        "coverage": 0.5 if score is None else 1.0,
        "noise": draw(maybe(st.floats(0, 0.5))),
    }


def report_on(samples):
    named = [Sample(id=f"a{n}", letter=chr(65 + n), **it) for n, it in enumerate(samples)]
    return measure_report(Material(DOCUMENT, tuple(named)))


reports = st.lists(sampled(), max_size=9).map(report_on)


def ranked(*answers):
    """(tier, score) pairs as a report."""
    return report_on(
        {"tier": tier, "score": score, "coverage": 1.0, "low": score, "high": score}
        for tier, score in answers
    )


@given(reports)
@settings(max_examples=100)
def test_the_order_sentence_is_true(report):
    said, order = report.order.sentence, report.order.measured
    won = order.pairs - len(order.inversions) - len(order.ties)
    if order.needs:
        assert not re.search(r"pairs (are )?in your order", said)
        assert str(order.needs) in said
        return
    assert ("Every better answer scores higher" in said) == (order.strict == 1)
    assert ("Luck" in said) == (not order.beats_luck)
    if order.strict == 1:
        assert f"all {order.pairs} pairs" in said
    else:
        assert f"{won} of {order.pairs} pairs" in said
    if order.inversions:
        worse, better = re.search(r"swap: (\w) scores .* above (\w),", said).groups()
        by_letter = {it.letter: it for it in report.order.samples}
        assert by_letter[worse].score > by_letter[better].score
        assert by_letter[worse].tier < by_letter[better].tier
        assert ("The one swap" in said) == (len(order.inversions) == 1)


@given(reports)
@settings(max_examples=100)
def test_the_separation_sentence_is_true(report):
    said, separation = report.separation.sentence, report.separation.measured
    clear = all(margin.is_clear for margin in separation.margins)
    assert ("clear of" in said) == (clear and not separation.needs)
    if separation.needs or clear:
        return
    unclear = [margin for margin in separation.margins if not margin.is_clear]
    if len(separation.margins) > 1:
        assert said.startswith(f"{len(unclear)} of {len(separation.margins)} gaps")
    assert ("overlaps" in said) == any(margin.worst < 0 for margin in unclear)


@given(reports)
@settings(max_examples=100)
def test_the_bands_sentence_is_true(report):
    said, measured = report.bands.sentence, report.bands.measured
    counted = re.match(r"(\d+) of (\d+) scores", said)
    if counted:
        assert [int(it) for it in counted.groups()] == [measured.hits.hits, measured.hits.n]
    assert said.startswith("All ") == (measured.hits.n > 1 and measured.hits.share == 1)
    if said.startswith("All "):
        assert f"All {measured.hits.n} scores" in said
    assert bool(measured.misses) == bool(re.search(r"above|below|misses", said))


@given(reports)
@settings(max_examples=100)
def test_every_sentence_is_whole(report):
    said = [
        *(figure.sentence for figure in report.figures),
        lead(report, "run"),
        lead(report, "labels"),
        *(finding.sentence for finding in report.findings),
    ]
    for sentence in said:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence[-1] in ".”"
        assert not re.search(
            r"None|nan|\b0\.00 (above|below)|  |\(s\)|\b1 (answers|pairs|scores)\b", sentence
        )


@given(reports)
@settings(max_examples=100)
def test_the_verdict_follows_from_the_figures(report):
    assert headline(report) == HEADLINES[report.verdict]
    statuses = [figure.status for figure in report.figures]
    if report.verdict == "steers":
        assert report.order.measured.n >= 5
        assert report.order.measured.strict == 1
        assert not {"look", "stop"} & {*statuses}
        assert report.findings == ()
    if report.order.measured.needs:
        assert report.verdict in ("not_tested", "too_little_data")
    if report.verdict != "not_tested":
        assert ("not tested yet" in lead(report, "run")) == any(
            it.status == "none" for it in sign_off(report) if it.number > 3
        )
    assert len(report.fix_first) == min(5, len(report.fixes))


@given(reports)
@settings(max_examples=100)
def test_every_mark_stands_inside_its_figure(report):
    bands, order = report.bands.drawing, report.order.drawing
    axis = bands.axis
    for tick in axis.ticks:
        assert 0 <= tick.at <= 100
    assert any(tick.is_zero for tick in axis.ticks)
    assert 2 <= len(axis.ticks) <= 6
    for row in bands.rows:
        assert 0 <= row.box.start <= row.box.end <= 100
        assert row.point is None or 0 <= row.point <= 100
    crossings = [
        (a, b) for n, a in enumerate(order.slopes) for b in order.slopes[n + 1 :] if a.end > b.end
    ]
    assert len(crossings) == len(report.order.measured.inversions)
    assert all(a.swapped and b.swapped for a, b in crossings)


@pytest.mark.parametrize(
    "answers, said",
    [
        ([], "No answer has a tier yet. 5 answers in 2 tiers show the order."),
        ([(2, None)], "No answer with a tier has a complete score yet; the order needs 5."),
        (
            [(2, 0.5)],
            "1 answer has a tier and a score: 4 more are needed, not all in the same tier,"
            " to judge the order.",
        ),
        (
            [(2, 0.5)] * 4,
            "4 answers have a tier and a score: 1 more is needed in another tier"
            " to judge the order.",
        ),
        (
            [(2, 0.5)] * 7,
            "All 7 answers with a score are in one tier. Add 1 in another tier to see an order.",
        ),
        (
            [(3, 0.9), (2, 0.5), (1, 0.1), (1, 0.2)],
            "4 answers have a tier and a score: 1 more is needed to judge the order.",
        ),
        (
            [(3, 0.9), (3, 0.8), (2, 0.5), (1, 0.1), (1, 0.2)],
            "Every better answer scores higher: all 8 pairs are in your order.",
        ),
        (
            [(2, 0.9), (2, 0.8), (1, 0.5), (1, 0.1), (1, 0.2)],
            "Every better answer scores higher: all 6 pairs are in your order."
            " Luck does that more often than 1 time in 20; 1 more answer would settle it.",
        ),
        (
            [(3, 0.9), (3, 0.8), (2, 0.5), (2, 0.1), (1, 0.104), (1, 0)],
            "The rubric puts 11 of 12 pairs in your order. The one swap:"
            " E scores less than 0.01 above D, which you hold to be better.",
        ),
    ],
)
def test_what_is_said_of_the_order(answers, said):
    assert ranked(*answers).order.sentence == said


def test_a_tier_without_a_name_goes_by_its_number():
    assert 5 not in TIERS
    assert "Tier 5 overlaps the weak tier" in ranked((5, 0.1), (1, 0.4)).separation.sentence


def test_no_headline_promises_more_than_was_tested():
    assert HEADLINES["steers"] == "Steers on your samples, as far as tested"
    assert all("train" not in words for words in HEADLINES.values())
