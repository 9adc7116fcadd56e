"""One answer that is out of place is one thing to fix, however many others it stands wrong to."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Criterion, Document, Message, Question
from rubric_studio.steering.assessment import measure_report
from rubric_studio.steering.figures.swaps import Blamed, Swap, findings_of, misplaced
from rubric_studio.steering.findings import FIX_FIRST
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample

DOCUMENT = Document(
    question=Question("chest-pain", (Message("user", "What now?"),)),
    criteria=(Criterion("c-1", "Calls an ambulance.", 5), Criterion("c-2", "Guesses.", -2)),
)
ranks = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 10)), max_size=9)


def report_on(answers):
    """(tier, score in tenths) pairs as a report."""
    samples = tuple(
        Sample(id=f"a{n}", letter=chr(65 + n), tier=tier, score=tenths / 10, coverage=1.0)
        for n, (tier, tenths) in enumerate(answers)
    )
    return measure_report(Material(DOCUMENT, samples))


def said(answers):
    return [(it.title, it.sentence) for it in report_on(answers).findings if it.kind == "inversion"]


def swaps_of(answers):
    return report_on(answers).order.swaps


def test_an_answer_above_four_better_ones_is_one_thing_to_fix():
    found = said([(3, 9), (3, 8), (2, 6), (2, 5), (1, 10), (1, 1)])
    assert found == [
        (
            "E should not score above 4 better answers",
            "E scores 0.50 above D, and above 3 other better answers.",
        )
    ]


def test_an_answer_below_worse_ones_is_too_low_and_they_are_named():
    found = said([(3, 1), (3, 9), (2, 6), (2, 5), (1, 3)])
    assert found == [
        (
            "A should not score below C, D and E",
            "A scores 0.50 below C, and below 2 other worse answers.",
        )
    ]


def test_one_swap_is_put_down_to_the_answer_that_is_too_high():
    found = said([(3, 9), (3, 8), (2, 5), (2, 4), (1, 4.5), (1, 0)])
    assert found == [("E should not score above D", "E scores 0.05 above D.")]


def test_two_answers_out_of_place_are_two_things_to_fix():
    found = said([(3, 9), (3, 2), (2, 6), (2, 5), (1, 10), (1, 1)])
    assert found == [
        (
            "E should not score above 4 better answers",
            "E scores 0.80 above B, and above 3 other better answers.",
        ),
        (
            "B should not score below C and D",
            "B scores 0.40 below C, and below 1 other worse answer.",
        ),
    ]


def sample(letter):
    return Sample(id=letter, letter=letter)


def swap(better, worse, gap, number=0, text="Calls."):
    blamed = Blamed(f"c-{number}", number, text) if number else None
    return Swap(sample(better), sample(worse), gap, blamed)


def test_the_criterion_that_does_most_for_most_swaps_is_named():
    [it] = findings_of([swap("A", "D", 0.3, 7), swap("B", "D", 0.2, 2), swap("C", "D", 0.1, 2)])
    assert it.criterion == "c-2"
    assert it.sentence.endswith("Criterion 2 does most for 2 of these 3 swaps: “Calls.”")
    [it] = findings_of([swap("A", "D", 0.3, 2), swap("B", "D", 0.2, 2)])
    assert it.sentence.endswith(
        "and above 1 other better answer. Criterion 2 does most for all 2 swaps: “Calls.”"
    )
    [it] = findings_of([swap("A", "D", 0.3, 2), swap("B", "D", 0.2)])
    assert "does most for 1 of these 2 swaps" in it.sentence


def test_a_long_criterion_is_cut_and_its_key_leads_to_the_whole():
    long = "Tells the reader to call the emergency number at once and to stay on the line. " * 9
    [it] = findings_of([swap("A", "B", 0.3, 2, long)])
    assert len(it.sentence) < 160
    assert it.sentence.endswith(" …”")
    assert (it.criterion, it.action) == ("c-2", "open_criterion")


@given(ranks)
def test_every_swap_stands_under_one_answer_that_is_in_it(answers):
    swaps = swaps_of(answers)
    found = misplaced(swaps)
    listed = [it for group in found for it in group.swaps]
    assert sorted(map(id, listed)) == sorted(map(id, swaps))
    for group in found:
        for it in group.swaps:
            assert (it.worse if group.is_too_high else it.better) == group.sample
        gaps = [it.gap for it in group.swaps]
        assert gaps == sorted(gaps, reverse=True)
    assert [it.widest.gap for it in found] == sorted((it.widest.gap for it in found), reverse=True)
    if swaps:
        assert found[0].widest == swaps[0]


@given(ranks)
def test_each_next_answer_explains_most_of_what_is_left(answers):
    """Against the plain way: count all sides again after each one that is taken."""
    swaps = swaps_of(answers)
    left, plain = list(swaps), []
    while left:
        sides = {side for it in left for side in it.sides}
        side = max(
            sides,
            key=lambda it: (
                sum(it in swap.sides for swap in left),
                -min(n for n, swap in enumerate(left) if it in swap.sides),
                it[1],
            ),
        )
        plain.append([it for it in left if side in it.sides])
        left = [it for it in left if side not in it.sides]
    plain.sort(key=lambda it: swaps.index(it[0]))
    assert [tuple(it) for it in plain] == [it.swaps for it in misplaced(swaps)]


@given(ranks)
def test_no_two_findings_say_the_same_answer_is_out_of_place_the_same_way(answers):
    report = report_on(answers)
    own = report.order.findings
    assert len({(it.answer, " above " in it.title) for it in own}) == len(own)
    assert {it.title for it in report.findings if it.kind == "inversion"} == {
        it.title for it in own
    }
    assert len(report.fix_first) <= FIX_FIRST
    assert report_on(answers).findings == report.findings


def test_a_reversed_order_of_a_thousand_answers_names_each_at_most_twice():
    many = [Sample(id=str(n), letter=str(n)) for n in range(1000)]
    swaps = [Swap(a, b, 1.0, None) for a, b in combinations(many, 2)]
    found = misplaced(swaps)
    assert sum(len(it.swaps) for it in found) == len(swaps)
    assert len({(it.sample.id, it.is_too_high) for it in found}) == len(found)
