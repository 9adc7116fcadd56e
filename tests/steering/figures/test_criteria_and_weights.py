"""Figures 6 and 7 on poor data: each says what it lacks, and shows no number that is not there."""

import json
from dataclasses import replace

import pytest

from rubric_studio.engine.document.scoring import NOT_APPLICABLE, score
from rubric_studio.engine.document.types import Criterion, Document, Question
from rubric_studio.steering.figures import criteria, weights
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample

POINTS = (5, 3, 2, 2, -4)
TIERS = (3, 3, 2, 2, 1, 1)
GOOD = ("111100", "110000", "101010", "111000", "000011")


def material(columns=GOOD, tiers=TIERS, points=POINTS, missing=()):
    """Verdicts as digits, "-" not applicable; `missing` are (answer, criterion) without one."""
    rubric = Document(
        Question("q", ()),
        criteria=tuple(Criterion(f"c{n}", f"Says {n}.", it) for n, it in enumerate(points)),
    )
    verdicts, samples = {}, []
    for place, tier in enumerate(tiers):
        given = {
            f"c{n}": NOT_APPLICABLE if column[place] == "-" else int(column[place])
            for n, column in enumerate(columns)
            if (place, n) not in missing
        }
        verdicts[str(place)] = given
        value = score(rubric, given).score
        samples.append(Sample(str(place), "ABCDEFGH"[place], tier=tier, score=value, coverage=1))
    return Material(rubric, tuple(samples), verdicts)


def both(given):
    found = criteria.measure(given), weights.measure(given)
    for figure in found:
        json.dumps(figure.as_json(), allow_nan=False)
        assert figure.sentence.endswith(".")
        assert "None" not in figure.sentence.replace("None of", "")
        assert "nan" not in figure.n_line
        figure.drawing  # noqa: B018
    return found


def test_a_good_rubric_is_as_it_should_be():
    what, safe = both(material())
    assert (what.status, safe.status) == ("ok", "ok")
    assert "make" in what.sentence
    assert what.letters == ("A", "B", "C", "D", "E", "F")


@pytest.mark.parametrize("n, more", [(0, "5 more are"), (1, "4 more are"), (4, "1 more is")])
def test_few_answers_say_how_many_more(n, more):
    what, safe = both(material(tiers=TIERS[:n]))
    assert (what.status, safe.status) == ("none", "none")
    assert more in what.sentence
    assert more in safe.sentence


def test_no_tiers():
    what, safe = both(material(tiers=(None,) * 6))
    assert what.findings == ()
    assert (safe.status, safe.needs) == ("none", 5)


def test_all_tied_tell_no_weights():
    what, safe = both(material(columns=("111111", "111111", "000000", "000000", "000000")))
    assert "All 6 answers score the same" in what.sentence
    assert {it.weight.effective for it in what.rows} == {None}
    assert "No two answers stand in your order yet" in safe.sentence
    assert safe.status == "none"


def test_columns_that_never_apply_have_no_number():
    what, _ = both(material(columns=(*GOOD[:3], "------", GOOD[4])))
    row = what.rows[3]
    assert (row.item.n, row.item.mean, row.item.met.interval) == (0, None, None)
    assert {it.kind for it in what.findings}.isdisjoint({"dead", "always_met"})


def test_missing_cells_leave_their_answer_out():
    what, safe = both(material(missing={(0, 0)}))
    assert (what.n, what.left_out) == (5, 1)
    assert (safe.measured.n, safe.measured.left_out) == (5, 1)
    assert what.rows[0].cells[0].status == "failed"


def test_a_rubric_without_criteria_or_positive_points():
    empty = Material(Document(Question("q", ())))
    what, safe = both(empty)
    assert what.sentence == "The rubric has no criterion yet."
    assert (what.status, safe.status) == ("none", "none")


def test_many_answers_show_shares_in_place_of_marks():
    given = material(columns=tuple(it * 2 for it in GOOD), tiers=TIERS)
    many = tuple(replace(it, id=f"{it.id}{n}") for n in "ab" for it in given.samples)
    verdicts = {it.id: given.verdicts[it.id[:-1]] for it in many}
    what, _ = both(replace(given, samples=many, verdicts=verdicts))
    assert (what.letters, what.rows[0].cells) == ((), ())
    assert what.drawing.rows[0].met is not None


def test_a_criterion_with_a_long_wording_is_quoted_in_part():
    given = material(columns=(*GOOD[:4], "110000"))
    long = replace(given.document.criteria[4], text="Says that " + "very " * 40 + "much.")
    document = replace(given.document, criteria=(*given.document.criteria[:4], long))
    what, _ = both(replace(given, document=document))
    [finding] = [it for it in what.findings if it.kind == "reversed_sign"]
    assert finding.sentence.endswith(" …”")
    assert what.sentence.endswith("2 of 2 of your best answers meet it and 0 of 2 of your weakest.")


def test_points_on_the_edge_name_the_pair():
    # D earns 5; E, worse, would earn 4.9 of 5: 2 % more points and they are level.
    columns = ("111100", "110000", "000010", "111000", "000001")
    what, safe = both(material(columns=columns, points=(5, 3, 4.9, 2, -4)))
    [finding] = safe.findings
    assert finding.kind == "unstable_weight"
    assert "E draws level with D" in finding.sentence
    assert safe.status == "look"
    assert what.status in ("ok", "look")
