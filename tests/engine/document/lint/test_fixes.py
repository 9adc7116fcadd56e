"""Repairs: each makes sentences on which the rule says nothing more."""

import pytest

from bench.lint import read_labelled
from rubric_studio.engine.document.lint import Sentence, lint_sentence

SPLITS = [
    (
        "Tells the owner to drain the tank and to call the fitter.",
        ("Tells the owner to drain the tank.", "Tells the owner to call the fitter."),
    ),
    (
        "States that the fee is due in May and that it is waived for students.",
        ("States that the fee is due in May.", "States that it is waived for students."),
    ),
    (
        "Explains what a fuse is and why it melts.",
        ("Explains what a fuse is.", "Explains why it melts."),
    ),
    (
        "The answer names the judge and quotes the ruling.",
        ("The answer names the judge.", "Quotes the ruling."),
    ),
    ("Names and explains the defect.", ("Names the defect.", "Explains the defect.")),
    (
        "Suggests cleaning the filter and checking the hose.",
        ("Suggests cleaning the filter.", "Suggests checking the hose."),
    ),
    (
        "Reads the file first. Also runs the tests.",
        ("Reads the file first.", "Runs the tests."),
    ),
    (
        "Names the drug and warns of sleep. (Reason: It is strong.)",
        ("Names the drug.", "Warns of sleep. (Reason: It is strong.)"),
    ),
]


def of(text, rule, points=1.0):
    return next((it for it in lint_sentence(Sentence(text, points)) if it.rule.id == rule), None)


@pytest.mark.parametrize(("text", "pieces"), SPLITS)
def test_a_split_gives_two_sentences_that_stand_alone(text, pieces):
    fix = of(text, "L01").fix
    assert (fix.kind, fix.texts) == ("split", pieces)


@pytest.mark.parametrize(
    ("text", "reworded"),
    [
        ("Does not fail to mention the dose.", "Mentions the dose."),
        ("Never forgets to name the court.", "Names the court."),
        ("The answer must not neglect to notify the heirs.", "The answer must notify the heirs."),
        ("The answer does not fail to list two.", "The answer lists two."),
    ],
)
def test_a_double_negation_is_said_straight(text, reworded):
    fix = of(text, "L08").fix
    assert fix.kind == "reword"
    [new] = fix.texts
    assert new == reworded
    assert of(new, "L08") is None


@pytest.mark.parametrize("text", ["Never omits the units.", "Is not unclear about the fee."])
def test_what_has_no_sure_rewording_gets_none(text):
    assert of(text, "L08").fix is None


def test_a_penalty_for_what_is_right_in_half_is_one_state():
    text = "Names the right drug but invents the dose."
    assert of(text, "L01", points=-4) is None
    assert of(text, "L01", points=4) is not None


def test_turning_the_sign_ends_the_clash():
    for text, points in (("Omits the warning.", 4.0), ("Avoids blame.", -4.0)):
        assert of(text, "L08", points).fix.kind == "flip_sign"
        assert of(text, "L08", -points) is None


def test_no_repair_leaves_what_it_was_made_for():
    for it in read_labelled():
        for finding in lint_sentence(Sentence(it.text, it.points)):
            for new in finding.fix.texts if finding.fix else ():
                assert new.strip() == new
                assert new.endswith((".", ")", "!", "?"))
                assert new[0].isupper(), new
                again = of(new, finding.rule.id, it.points)
                # A sentence of three demands is split twice.
                assert again is None or len(new) < len(it.text), (it.text, new)


def test_a_split_loses_no_word():
    for it in read_labelled():
        finding = of(it.text, "L01", it.points)
        if finding is None or finding.fix is None:
            continue
        kept = set(" ".join(finding.fix.texts).lower().replace(".", " ").split())
        lost = set(it.text.lower().replace(".", " ").replace(",", " ").replace(";", " ").split())
        lost -= {word.strip(",;") for word in kept}
        assert lost <= {"and", "also", "but", "as", "well", "it", "then"}, it.text
