"""Figure 8 from poor data: it says what it lacks, and shows no number that is not there."""

from dataclasses import replace
from fractions import Fraction

import pytest

from rubric_studio.engine.document.scoring import NOT_APPLICABLE
from rubric_studio.engine.document.types import Criterion, Document, Level, Message, Question
from rubric_studio.steering.figures.agreement import measure
from rubric_studio.steering.material import GivenLabel, Material
from rubric_studio.steering.samples import Sample

ASKED = Question(key="q", messages=(Message("user", "What now?"),))


def criteria(many=1, **fields):
    return Document(
        ASKED,
        criteria=tuple(Criterion(f"c-{n}", f"Says thing {n}.", 1, **fields) for n in range(many)),
    )


def material(judged, labels, document=None, **fields):
    """`judged` are the verdicts on c-0 of the answers A, B, C …; labels are (answer's number,
    rater, value or status)."""
    samples = tuple(
        Sample(id=str(number), letter=chr(65 + number), tier=2) for number in range(len(judged))
    )
    given = tuple(
        GivenLabel(
            answer=str(answer),
            criterion="c-0",
            rater=rater,
            name=rater.capitalize(),
            status=said if isinstance(said, str) else "graded",
            value=None if isinstance(said, str) else said,
        )
        for answer, rater, said in labels
    )
    return Material(
        document=document or criteria(),
        samples=samples,
        judged={str(number): {"c-0": it} for number, it in enumerate(judged) if it is not None},
        labels=given,
        **fields,
    )


def by(rater, values):
    return [(number, rater, value) for number, value in enumerate(values)]


def test_no_label_asks_for_labels():
    it = measure(material([1.0] * 6, []))
    assert (it.status, it.findings, it.rows) == ("none", (), ())
    assert it.sentence.startswith("No expert has labelled")
    assert it.as_json()["judge"]["kappa"] is None


def test_too_few_pairs_say_how_many_more():
    it = measure(material([1.0] * 6, by("ann", [1.0, 1.0, 0.0])))
    assert it.status == "none"
    assert it.sentence == (
        "Judge and experts say the same 2 times in 3;"
        " 2 more labels on one criterion are needed before that says anything."
    )
    assert it.drawing.rows[0].judge.at is None


def test_all_met_has_agreement_but_no_kappa():
    it = measure(material([1.0] * 40, by("ann", [1.0] * 40)))
    assert (it.status, it.pooled.counts.kappa, it.as_json()["judge"]["kappa"]) == ("ok", None, None)
    assert [bar.at for bar in it.drawing.beyond] == [None]


def test_an_expert_who_labelled_twice_counts_once():
    twice = [*by("ann", [0.0] * 6), *by("ann", [1.0] * 6)]
    it = measure(material([1.0] * 6, twice))
    assert (it.pooled.counts.n, it.pooled.counts.tp) == (6, 6)


def test_not_applicable_and_cannot_tell_are_set_aside_and_counted():
    labels = by("ann", [1.0, 1.0, 1.0, 1.0, 1.0, "not_applicable", "cannot_assess"])
    it = measure(material([1.0] * 7, labels))
    assert (it.pooled.counts.n, it.aside) == (5, 2)
    assert "2 set aside" in it.n_line


def test_a_judge_without_a_verdict_or_with_not_applicable_is_no_disagreement():
    it = measure(material([None, NOT_APPLICABLE, *[1.0] * 5], by("ann", [0.0, 0.0, *[1.0] * 5])))
    assert (it.pooled.counts.n, it.pooled.counts.raw.share, it.aside) == (5, 1, 2)


def test_only_labels_of_not_applicable_say_so():
    it = measure(material([1.0] * 2, by("ann", ["not_applicable"] * 2)))
    assert it.sentence == ("2 labels say not applicable or cannot tell; none says met or not met.")


def test_one_rater_has_no_ceiling_and_no_percentile():
    it = measure(material([1.0, 0.0] * 20, by("ann", [1.0, 0.0] * 20)))
    assert (it.alpha.alpha, it.standing.percentile) == (None, None)
    assert [bar.name for bar in it.drawing.beyond] == ["All, judge"]


def test_experts_are_compared_with_each_other():
    labels = [*by("ann", [1.0, 0.0] * 5), *by("ben", [1.0, 1.0] * 5)]
    it = measure(material([1.0, 0.0] * 5, labels))
    [row] = it.rows
    assert (row.experts.raw.hits, row.experts.n, row.experts_differ) == (5, 10, True)
    assert it.status == "look"


def test_a_run_by_experts_is_not_compared_with_the_labels_it_is_made_of():
    labels = [*by("ann", [1.0, 0.0] * 5), *by("ben", [1.0, 0.0] * 5)]
    it = measure(material([Fraction(1, 2)] * 10, labels, by_judge=False))
    assert (it.pooled.counts.n, it.findings) == (0, ())
    assert (
        it.sentence
        == "These verdicts are the experts’ own. Two experts say the same 10 times in 10."
    )


def test_a_run_by_one_expert_says_that_nobody_agrees_or_differs():
    it = measure(material([1.0] * 6, by("ann", [1.0] * 6), by_judge=False))
    assert it.status == "none"
    assert "nobody to agree with" in it.sentence


def test_levels_count_as_met_from_one_half_and_keep_their_values_between_experts():
    levels = (Level("none", 0), Level("some", 0.5), Level("all", 1))
    labels = [*by("ann", [0.0, 0.5, 1.0] * 4), *by("ben", [0.0, 1.0, 1.0] * 4)]
    it = measure(material([0.0, 0.5, 0.5] * 4, labels, criteria(levels=levels)))
    assert it.pooled.counts.raw.share == 1
    assert 0 < it.alpha.alpha < 1


def test_probes_and_answers_outside_the_run_are_left_out():
    it = measure(material([1.0] * 5, [*by("ann", [1.0] * 5), (99, "ann", 0.0)]))
    assert it.pooled.counts.n == 5


def test_a_lopsided_table_shows_ac1_beside_kappa():
    judged = [1.0] * 36 + [0.0] * 4
    labels = [1.0] * 34 + [0.0] * 2 + [1.0] * 2 + [0.0] * 2
    it = measure(material(judged, by("ann", labels)))
    said = it.as_json()["judge"]
    assert said["ac1"] > said["kappa"] == pytest.approx(0.444, abs=0.01)


def test_the_worst_criterion_comes_first_and_the_rest_is_in_the_table():
    it = measure(material([1.0] * 6, by("ann", [0.0] * 6), criteria(3)))
    assert [row.key for row in it.rows] == ["c-0"]
    assert it.rows[0].wrong_count == 6


def many(agreed, of=6, expert="ann"):
    """A criterion for each number: on so many of the answers judge and expert agree. The judge
    holds every other criterion met by all of them, the others by none."""
    document = criteria(len(agreed))
    held = {it.key: float(number % 2) for number, it in enumerate(document.criteria)}
    judged = {str(at): held for at in range(of)}
    labels = tuple(
        GivenLabel(str(at), key, expert, expert, "graded", said if at < hits else 1 - said)
        for (key, said), hits in zip(held.items(), agreed, strict=True)
        for at in range(of)
    )
    samples = tuple(Sample(id=str(at), letter=chr(65 + at), tier=2) for at in range(of))
    return Material(document=document, samples=samples, judged=judged, labels=labels)


def test_of_fifty_criteria_the_unluckiest_are_left_alone():
    """One verdict in twelve differs: on 50 criteria some differ on 2 or 3 of 6 answers."""
    it = measure(many([6] * 30 + [5] * 16 + [4] * 3 + [3]))
    assert not [row for row in it.rows if row.is_flagged]
    assert it.findings == ()
    assert "which may be luck" in it.sentence
    assert "on 4 criteria" in it.sentence


def test_a_criterion_that_stands_out_of_fifty_is_named():
    it = measure(many([6] * 30 + [5] * 16 + [4] * 3 + [0]))
    assert [row.number for row in it.rows if row.is_flagged] == [50]
    assert [(found.kind, found.criterion) for found in it.findings] == [("over_credit", "c-49")]


def test_two_experts_on_a_cell_are_one_witness():
    """Three of six cells, each twice: six of twelve pairs, and no more proof than three of six."""
    both = many([6] * 49 + [3])
    again = many([6] * 49 + [3], expert="ben")
    alone, together = measure(both), measure(replace(both, labels=both.labels + again.labels))
    assert together.rows[0].judge.n == 2 * alone.rows[0].judge.n
    assert [it.stands_out for it in together.rows] == [it.stands_out for it in alone.rows]


def test_a_judge_that_is_off_everywhere_warns_as_a_whole():
    it = measure(many([7] * 20, of=10))
    assert not [row for row in it.rows if row.is_flagged]
    assert it.status == "look"
