import itertools

from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.wording import Piece, word_diff


def marked(old, new):
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[it.op].format(it.text) for it in word_diff(old, new))


def test_one_word_changed():
    assert marked("States the dose.", "Names the dose.") == "[-States-][+Names+] the dose."


def test_neighbouring_words_change_together():
    assert marked("Says one two.", "Says three four five.") == (
        "Says [-one two-][+three four five+]."
    )


def test_words_added_and_removed():
    assert marked("a b", "a b c") == "a b[+ c+]"
    assert marked("", "new") == "[+new+]"
    assert marked("old", "") == "[-old-]"
    assert marked("same", "same") == "same"
    assert word_diff("", "") == ()


def test_scripts_without_spaces_differ_by_character():
    assert marked("空は青い。", "空は赤い。") == "空は[-青-][+赤+]い。"


def test_pieces_are_values():
    assert word_diff("a", "b") == (Piece("removed", "a"), Piece("added", "b"))


WORDS = st.lists(st.sampled_from(["a", "bb", " ", "\n", ".", "é", "空"]), max_size=12).map("".join)


@given(WORDS | st.text(), WORDS | st.text())
def test_pieces_join_to_both_texts(old, new):
    pieces = word_diff(old, new)
    assert "".join(it.text for it in pieces if it.op != "added") == old
    assert "".join(it.text for it in pieces if it.op != "removed") == new
    assert all(it.text for it in pieces)
    assert all(before.op != after.op for before, after in itertools.pairwise(pieces))
