from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Criterion, Example, Level
from rubric_studio.engine.probing.edits import (
    cut_evidence,
    drop_half,
    insert_example,
    invariants,
    proposals,
)
from rubric_studio.engine.probing.words import as_statement, content_words, halves, sentences

CALL = Criterion("call", "Tells the reader to call the emergency number.", 5)
BASE = "Ring 112 at once. Then rest.\n\nStay calm."


def test_what_the_judge_quoted_is_cut_with_its_sentence():
    edit = cut_evidence(BASE, CALL, [(0, 8)])
    assert edit.made.text == "Then rest.\n\nStay calm."
    assert edit.change == "down"


def test_quotes_outside_the_text_cut_nothing():
    assert cut_evidence(BASE, CALL, [(500, 600), (3, 3), (-1, 4)]) is None


def test_an_edit_never_leaves_nothing():
    assert cut_evidence("Ring 112 at once.", CALL, [(0, 5)]) is None


def test_a_met_example_is_put_after_the_answer():
    examples = (Example("Wait.", "unmet"), Example("Call 112.", "met"))
    criterion = Criterion("call", "Calls.", 5, examples=examples)
    edit = insert_example(BASE, criterion)
    assert edit.made.text == f"{BASE}\n\nCall 112."
    assert [edit.made.text[a:b] for a, b in edit.made.inserted] == ["Call 112."]
    assert edit.change == "up"
    assert insert_example(edit.made.text, criterion) is None


def test_of_levels_the_best_ones_example_is_put_in():
    levels = (Level("none", 0), Level("all", 1), Level("some", 0.5))
    examples = (Example("A bit.", "some"), Example("All of it.", "all"))
    criterion = Criterion("k", "Explains.", 5, levels=levels, examples=examples)
    assert insert_example("Hello.", criterion).made.text.endswith("All of it.")


def test_one_half_of_a_compound_is_dropped():
    criterion = Criterion("k", "Says to chew aspirin tablets, and to skip it if allergic to it.", 5)
    base = "Chew aspirin tablets. If you are allergic, skip it."
    assert drop_half(base, criterion).made.text == "Chew aspirin tablets."
    assert drop_half(base, CALL) is None


def test_each_text_is_proposed_once():
    base = "Call the emergency number now. Rest."
    texts = [it.made.text for it in proposals(base, CALL, [(0, 10)])]
    assert texts == ["Rest."]


def test_what_is_asked_is_said_where_the_answer_does_not_say_it():
    [edit] = proposals("Rest.", CALL, [])
    assert edit.made.text == "Rest.\n\nCall the emergency number."
    assert edit.change == "up"


def test_only_a_quote_is_called_what_the_judge_quoted():
    base = "Call the emergency number now. Rest."
    [edit] = proposals(base, CALL, [])
    assert edit.made.does == "Takes out what has its key words: “Call the emergency number now.”"


def test_other_forms_keep_every_word():
    found = invariants("## Help\n\n- **Call** now.\n- Rest.\n\nStay calm.")
    assert {it.family for it in found} == {"bullets", "reorder", "plain", "lines"}
    for it in found:
        said = it.text.replace("*", " ").replace("#", " ").replace("-", " ").split()
        assert sorted(said) == sorted(["Help", "Call", "now.", "Rest.", "Stay", "calm."])


def test_a_text_of_one_sentence_has_no_other_form():
    assert invariants("Rest.") == ()
    assert invariants("") == ()


def test_halves():
    assert halves("Says that x rises and that y falls.") == ("Says that x rises", "that y falls")
    assert halves("Names both the dose and the interval.") is not None
    assert halves("Mentions salt and water.") is None
    assert halves("") is None


def test_statements():
    assert as_statement("States that water boils at 100 °C.") == "Water boils at 100 °C."
    assert as_statement("Tells the reader to call.") == "Call."
    assert as_statement("") == ""


def test_sentences_keep_their_places_and_know_abbreviations():
    text = "Ask Dr. Lee, e.g. today. It costs 3.5 EUR! Really?\n- One\n- Two"
    found = [it.text for it in sentences(text)]
    assert found == ["Ask Dr. Lee, e.g. today.", "It costs 3.5 EUR!", "Really?", "- One", "- Two"]


@given(st.text(max_size=200))
def test_sentences_are_pieces_of_the_text_in_order(text):
    at = 0
    for it in sentences(text):
        assert text[it.start : it.end] == it.text
        assert it.start >= at
        assert it.text.strip() == it.text != ""
        at = it.end


@given(st.text(max_size=200))
def test_content_words_stand_in_the_text_each_once(text):
    found = content_words(text)
    assert all(it in text for it in found)
    assert len({it.lower() for it in found}) == len(found)


@given(base=st.text(max_size=150), text=st.text(max_size=80), at=st.integers(-5, 200))
def test_any_proposal_differs_from_the_answer(base, text, at):
    criterion = Criterion("k", text, 1, examples=(Example("An example.", "met"),))
    for edit in proposals(base, criterion, [(at, at + 9)]):
        assert edit.made.text.strip() != base.strip()
        assert edit.made.text.strip()
    for it in invariants(base):
        assert it.text.strip() != base.strip()
