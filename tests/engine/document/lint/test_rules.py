"""Each rule of a sentence: what it reports, on which words, and what it lets pass."""

import pytest

from rubric_studio.engine.document.lint import Sentence, lint_sentence

FOUND = [
    ("L01", "Names the valve and explains how to close it.", ["and explains how to close it"]),
    ("L01", "Tells the owner to drain the tank and to call us.", ["and to call us"]),
    ("L02", "Lists fever, rash, and cough.", ["fever, rash, and cough"]),
    ("L02", "Names risks, including fire, theft, and flood.", ["fire, theft, and flood"]),
    ("L03", "Gives appropriate advice.", ["appropriate"]),
    ("L03", "Uses coherent and logical arguments.", ["coherent", "logical"]),
    ("L04", "Provides a detailed account.", ["detailed"]),
    ("L04", "Explains the vote in depth.", ["in depth"]),
    ("L05", "Ideally names the year.", ["Ideally"]),
    ("L05", "The answer may name the year.", ["may"]),
    ("L06", "This follows from the second law.", ["This"]),
    ("L06", "Repeats the limit mentioned above.", ["mentioned above"]),
    ("L07", "Correctly identifies the cause.", ["Correctly identifies the cause"]),
    ("L07", "States the right dose.", ["the right dose"]),
    ("L08", "Omits the warning.", ["Omits"]),
    ("L08", "Never fails to name the dose.", ["Never fails to"]),
    ("L09", "Gives a clearer summary.", ["clearer"]),
    ("L09", "Uses more vivid images.", ["more vivid"]),
    ("L10", "Calculates the ratio as 1.42.", ["1.42"]),
    ("L10", "Reports a total of 12,450.", ["12,450"]),
    ("L11", "Names several rivers.", ["several"]),
    ("L11", "Cites a few rulings.", ["a few"]),
    ("L12", "Attempts to answer.", ["Attempts to"]),
    ("L12", "Touches on the tax.", ["Touches on"]),
    ("L13", "Shows empathy for the widow.", ["Shows empathy"]),
    ("L13", "Understands what inertia is.", ["Understands"]),
    ("L19", "Uses the phrase “act of God” for it.", ["Uses the phrase"]),
    ("L19", "Begins with a greeting.", ["Begins with"]),
]
PASSED = [
    ("L01", "Names the firm of Black and Decker."),
    ("L01", "Names at least two of: the cause and the date."),
    ("L01", "Names a pump that drains the cellar and starts by itself."),
    ("L01", "Advises less salt. (Justification: It helps. Also, it is cheap.)"),
    ("L02", "Lists all of fever, rash, and cough."),
    ("L02", "Lists symptoms such as fever, rash, and cough."),
    ("L02", "States that fever, rash, and cough are common."),
    ("L03", "States that appropriate advice was refused."),
    ("L03", "Gives an appropriate dose (5 mg)."),
    ("L04", "Recommends a detailed survey of the roof."),
    ("L04", "States that the report is detailed."),
    ("L05", "Asks whether the reader may drive."),
    ("L05", "States that prices might fall."),
    ("L06", "This answer names the judge."),
    ("L06", "Names a load of 3 t at the bolt. The load mentioned above is in tonnes."),
    ("L07", "Correctly identifies the cause as rust."),
    ("L07", "States the right dose, half a tablet."),
    ("L08", "States that the clerk omitted the date."),
    ("L08", "Does not recommend a second vote."),
    ("L09", "Says that tin is lighter than lead."),
    ("L09", "Recommends a longer rope."),
    ("L10", "Calculates a force of 1.42 kN."),
    ("L10", "Calculates the ratio as 1.42 or 1.43."),
    ("L11", "States that several rivers flood."),
    ("L11", "Names several rivers, at least three."),
    ("L12", "Attempts to calm the reader by naming the exit."),
    ("L12", "Provides some relief, such as ice for the ankle."),
    ("L13", "Shows that the sum is even."),
    ("L13", "Shows empathy by naming the loss."),
    ("L19", "Says that the lease begins with the signature."),
    ("L19", "Explains the phrase “act of God”."),
]


def found(text, rule, **given):
    return [it for it in lint_sentence(Sentence(text, **given)) if it.rule.id == rule]


@pytest.mark.parametrize(("rule", "text", "words"), FOUND)
def test_a_rule_reports_the_very_words(rule, text, words):
    [it] = found(text, rule)
    assert it.rule.title
    assert it.rule.why
    assert [text[start:end] for start, end in it.spans] == words


@pytest.mark.parametrize(("rule", "text"), PASSED)
def test_a_rule_lets_near_misses_pass(rule, text):
    assert found(text, rule) == []


@pytest.mark.parametrize(
    ("rule", "text", "points"),
    [
        ("L02", "Lists herbs, teas, and oils.", -3),
        ("L04", "Gives a detailed account.", -3),
        ("L10", "Reports a total of 12,450.", -3),
        ("L11", "Asks several questions.", -3),
        ("L12", "Attempts to answer.", -3),
        ("L19", "Begins with a greeting.", -3),
        ("L08", "Omits the warning.", -3),
    ],
)
def test_a_penalty_for_it_is_no_fault(rule, text, points):
    assert found(text, rule)
    assert found(text, rule, points=points) == []


@pytest.mark.parametrize("text", ["Avoids blame.", "Correctly names the capital."])
def test_a_penalty_for_what_is_good_is_a_clash(text):
    [it] = found(text, "L08", points=-4)
    assert it.fix.kind == "flip_sign"
    assert found(text, "L08", points=4) == []


def test_style_speaks_above_a_tenth_of_the_weight_only():
    text = "Uses bullet points for the steps."
    assert found(text, "L14", share=0.10) == []
    [it] = found(text, "L14", share=0.11)
    assert it.detail == "11 % of the weight"
    assert found("Names the tone of the string.", "L14", share=0.5) == []


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("Aspirin.", "1 word"),
        ("Names aspirin.", "2 words"),
        ("Names the date of the ruling.", None),
        ("Names the date, " + "or the year, " * 13 + "of it.", None),
        ("Names the date, " + "or the year, " * 14 + "of it.", "47 words"),
        ("Names him. Says why. Says when.", "3 sentences"),
        ("Cites Smith v. Jones, No. 3, as Dr. Hill did, e.g. The Times.", None),
    ],
)
def test_length_is_named_where_it_is_out_of_bounds(text, detail):
    assert [it.detail for it in found(text, "L17")] == ([detail] if detail else [])


def test_an_example_or_a_check_is_enough():
    text = "Names the date of the ruling."
    assert len(found(text, "L18")) == 1
    assert found(text, "L18", has_examples=True) == []
    assert found(text, "L18", has_check=True) == []


@pytest.mark.parametrize(
    "given", [{"guidance": "3 mg."}, {"has_reference": True}, {"has_examples": True}]
)
def test_the_value_may_stand_beside_the_sentence(given):
    assert found("States the correct dose.", "L07")
    assert found("States the correct dose.", "L07", **given) == []


def test_a_form_that_the_question_asks_for_is_no_lock():
    asked = "Write a letter that begins with my name."
    assert found("Begins with the name of the sender.", "L19", asked=asked) == []


def test_what_stands_whole_in_the_question_leaks():
    asked = "Plan it. Name the ferry from Dover to Calais at nine in the morning."
    text = "Name the ferry from Dover to Calais at nine."
    [it] = found(text, "L20", asked=asked)
    assert text[slice(*it.spans[0])] == text.rstrip(".")
    assert found(text, "L20", asked=asked, points=-2) == []
    assert found("Name the ferry from Dover to Calais.", "L20", asked=asked) == []
    longer = "Names the tunnel as dearer than to name the ferry from Dover to Calais at nine."
    assert found(longer, "L20", asked=asked) == []


def test_reasons_in_brackets_demand_nothing():
    text = "Names the drug. (Justification: As above, many good ones might be better.)"
    assert {it.rule.id for it in lint_sentence(Sentence(text))} == {"L18"}
