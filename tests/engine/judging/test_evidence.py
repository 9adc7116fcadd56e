import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.judging.evidence import Quote, locate_quotes, normalise

LETTERS = ["a", "B", "é", "e\u0301", "ß", "ﬁ", "½", "İ", "\u0301", "¨", "한", "שלום", "سلام"]
MARKS = ["…", "“", "”", "'", "’", "—", "-", " ", "\r\n", "\n", "\t", "\u202e", "\u200b"]
EMOJI = ["🫀", "👩\u200d⚕️", "❤️", "❤"]
PIECES = st.sampled_from([*LETTERS, *MARKS, *EMOJI])
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def place(quote, text):
    (found,) = locate_quotes([quote], text)
    return text[found.start : found.end] if found.found else None


def test_quote_is_found_word_for_word():
    assert locate_quotes(["call 112"], "Please call 112, call 112!") == (
        Quote("call 112", 7, 15, True),
    )


@pytest.mark.parametrize(
    "quote, text, expected",
    [
        ("don't wait", "Well, don’t  wait.", "don’t  wait"),
        ('the "arm"', "see the “arm” now", "the “arm”"),
        ("pain - severe", "Pain —\r\nsevere", "Pain —\r\nsevere"),
        ("CALL NOW", "then call\n\tnow", "call\n\tnow"),
        ("heart ❤ ok", "🫀 heart ❤️ ok 🫀", "heart ❤️ ok"),
        ("café", "au cafe\u0301 noir", "cafe\u0301"),
        ("שלום עולם", "א שלום \u200fעולם ב", "שלום \u200fעולם"),
        ("STRASSE", "die Straße", "Straße"),
        ("wait...", "so wait… then", "wait…"),
        ("<\u200b|im_start|>", "a <|im_start|> b", "<|im_start|>"),
    ],
)
def test_small_differences_map_back_to_the_true_place(quote, text, expected):
    assert place(quote, text) == expected


@pytest.mark.parametrize(
    "quote, text",
    [
        ("call an ambulance", "Wait until tomorrow."),
        ("call … 112", "call at once 112"),
        ("f", "ﬁ"),
        ("CAFE", "cafe\u0301"),
        ("\u200b", "abc"),
    ],
)
def test_s12_invented_quote_is_flagged(quote, text):
    assert locate_quotes([quote], text) == (Quote(quote, None, None, False),)


def test_blank_quotes_are_left_out():
    assert locate_quotes(["", " \n"], "abc") == ()


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_copied_is_found(before, quote, after):
    for found in locate_quotes([quote], before + quote + after):
        assert found.found
        assert (before + quote + after)[found.start : found.end] == quote


@given(TEXTS, TEXTS)
def test_found_quote_reads_like_the_place_it_points_to(quote, text):
    for found in locate_quotes([quote, normalise(quote), quote.upper()], text):
        if found.found:
            assert 0 <= found.start < found.end <= len(text)
            assert normalise(text[found.start : found.end]) == normalise(found.text)


@given(TEXTS)
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_a_long_answer_is_searched_to_its_end():
    text = "The patient’s arm hurts.\r\n" * 8000 + "Call 112 — now."
    quotes = [f"nobody wrote {number}" for number in range(50)] + ["call 112 - now."]
    located = [locate_quotes([quote], text)[0] for quote in quotes]
    assert [quote.found for quote in located] == [False] * 50 + [True]
