"""Figure 9: of many criteria the unluckiest is not blamed, and the sentence stays true."""

from rubric_studio.engine.document.types import Criterion, Document, Message, Question
from rubric_studio.steering.figures.repeatability import measure
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample

STEADY, FLIPPED = (1.0, 1.0, 1.0), (1.0, 0.0, 1.0)


def measured(flipped, answers=6):
    """A criterion for each number: so many of its cells flip once in three times."""
    document = Document(
        Question(key="q", messages=(Message("user", "What now?"),)),
        criteria=tuple(Criterion(f"c{n}", f"Says thing {n}.", 1) for n in range(len(flipped))),
    )
    repeats = {
        str(at): {f"c{n}": FLIPPED if at < many else STEADY for n, many in enumerate(flipped)}
        for at in range(answers)
    }
    samples = tuple(Sample(id=str(at), letter=chr(65 + at), tier=2) for at in range(answers))
    return measure(Material(document, samples, repeats=repeats, asked=3))


def test_of_fifty_criteria_the_unluckiest_are_left_alone():
    it = measured([0] * 35 + [1] * 12 + [2, 2, 3])
    assert (it.status, it.findings) == ("ok", ())
    assert it.sentence.endswith("on no criterion so often that it can’t be luck.")


def test_a_criterion_that_stands_out_of_fifty_is_named():
    it = measured([0] * 35 + [1] * 12 + [2, 2, 6])
    assert [(found.kind, found.criterion) for found in it.findings] == [("flips", "c49")]
    assert it.rows[0].key == "c49"


def test_a_judge_that_wavers_everywhere_is_said_to():
    it = measured([2] * 50)
    assert (it.status, it.findings) == ("look", ())
    assert it.sentence.endswith("in 100 of 300 cells, all over the rubric.")
