"""Contains, regex, length, citation and language."""

import pytest

from rubric_studio.engine.judging.checks import problems_of
from tests.engine.judging.checks.checking import BOOKING, FAMILY, holds, pointers, result_of


@pytest.mark.parametrize(
    "fields, text, expected",
    [
        ({"values": ["aspirin", "chew"]}, "CHEW one Aspirin", True),
        ({"values": ["aspirin", "chew"]}, "Take one aspirin", False),
        ({"values": ["aspirin", "chew"], "match": "any"}, "Take one aspirin", True),
        ({"values": ["a", "b", "c"], "match": "at_least", "n": 2}, "a, c", True),
        ({"values": ["a", "b", "c"], "match": "at_least", "n": 2}, "c", False),
        ({"values": ['don\'t "wait"']}, "Well, don’t\r\n  “wait”!", True),
        ({"values": ["cat"], "whole_words": True}, "concatenate", False),
        ({"values": ["cat"], "whole_words": True}, "concatenate, cat.", True),
        ({"values": ["猫"], "whole_words": True}, "我有 猫。", True),
        ({"values": ["cat"], "absent": True}, "a dog", True),
        ({"values": ["cat"], "absent": True}, "a cat", False),
        ({"values": ["cat", "dog"], "match": "any", "absent": True}, "a dog", False),
        ({"values": ["cafe"]}, "café", False),
        ({"values": ["café"]}, "CAFE\u0301", True),
        ({"values": ["fi"]}, "ﬁ", True),
        ({"values": ["i"]}, "ﬁ", False),
        ({"values": ["שלום"]}, "\u202bשלום\u202c", True),
        ({"values": ["👩"]}, f"{FAMILY}", True),
        ({"values": ["x"]}, "", False),
    ],
)
def test_contains_compares_letters_not_their_looks(fields, text, expected):
    assert holds({"kind": "contains", **fields}, text) is expected


def test_contains_shows_where_the_words_stand():
    result = result_of({"kind": "contains", "values": ["pain", "arm"]}, "Pain\r\n in the ARM")
    assert [(quote.text, quote.start) for quote in result.quotes] == [("Pain", 0), ("ARM", 14)]


def test_contains_needs_something_to_look_for():
    assert pointers({"kind": "contains", "values": ["a", "\u200b"]}) == ["/values/1"]
    assert pointers({"kind": "contains", "values": []}) == ["/values"]
    assert pointers({"kind": "contains", "values": ["a"], "match": "at_least"}) == ["/n"]
    assert pointers({"kind": "contains", "values": ["a"], "match": "at_least", "n": 2}) == ["/n"]


@pytest.mark.parametrize(
    "fields, text, expected",
    [
        ({"pattern": r"\b1?12\b"}, "Call 112!", True),
        ({"pattern": r"^Call"}, "Please\nCall", False),
        ({"pattern": r"^Call", "by_line": True}, "Please\nCall", True),
        ({"pattern": "a.b"}, "a\nb", False),
        ({"pattern": "a.b", "dot_all": True}, "a\nb", True),
        ({"pattern": "ÉTÉ", "ignore_case": True}, "été", True),
        ({"pattern": r"^\pL+$"}, "שלום", True),
        ({"pattern": "🫀{2}"}, "🫀🫀", True),
        ({"pattern": "sorry", "absent": True}, "Sorry", True),
        ({"pattern": "sorry", "absent": True}, "sorry", False),
    ],
)
def test_regex_is_looked_for_anywhere(fields, text, expected):
    assert holds({"kind": "regex", **fields}, text) is expected


def test_regex_quotes_code_points():
    (quote,) = result_of({"kind": "regex", "pattern": "b+"}, f"{FAMILY} é bb").quotes
    assert (quote.text, quote.start) == ("bb", 8)


@pytest.mark.parametrize(
    "pattern, word",
    [
        ("(?=a)b", "Look-ahead"),
        ("(?<!a)b", "Look-behind"),
        (r"(a)\1", "Back-references"),
        ("(?>a)", "Atomic"),
        ("((a{100}){100}){100}", "repetition"),
        ("a{1001}", "repetition"),
        ("a++", "repetition"),
        (r"\u00e9", "x{00e9}"),
        ("(a", "missing )"),
        (r"(\pL{500}){2}", "too large"),
    ],
)
def test_regex_that_is_not_supported_is_explained(pattern, word):
    (problem,) = problems_of({"kind": "regex", "pattern": pattern})
    assert problem.pointer == "/pattern"
    assert word in problem.message


@pytest.mark.parametrize(
    "unit, text, number",
    [
        ("words", "Don't panic: call 112, well-known.", 5),
        ("words", "你好世界", 4),
        ("words", "สวัสดี hello", 5),
        ("words", "שלום לך 🫀", 2),
        ("words", "3.14 e\u0301te\u0301", 2),
        ("words", "", 0),
        ("sentences", "See Dr. Smith, e.g. today. Now! Or not?", 3),
        ("sentences", "你好。再见！\r\n\r\nNo stop", 3),
        ("sentences", "1. First\n2. Second.", 1),
        ("sentences", "…", 0),
        ("characters", f"{FAMILY}e\u0301", 2),
        ("characters", "a\r\nb", 3),
        ("characters", "🇩🇪🇫🇷👍🏽", 3),
    ],
)
def test_length_counts_as_a_reader_does(unit, text, number):
    for n, expected in ((number, True), (number + 1, False)):
        spec = {"kind": "length", "unit": unit, "at_least": n, "at_most": n}
        assert holds(spec, text) is expected, result_of(spec, text).reason


def test_length_needs_a_range_that_can_be():
    assert pointers({"kind": "length"}) == ["/at_least"]
    assert pointers({"kind": "length", "at_least": 3, "at_most": 2}) == ["/at_most"]


def test_length_of_a_transcript_is_what_the_assistant_says():
    spec = {"kind": "length", "unit": "words", "at_least": 6, "at_most": 6}
    assert holds(spec, BOOKING) is True


def test_words_of_the_user_earn_nothing():
    assert holds({"kind": "contains", "values": ["Rome"]}, BOOKING) is False
    assert holds({"kind": "contains", "values": ["which city", "Booked"]}, BOOKING) is True


@pytest.mark.parametrize(
    "fields, text, expected",
    [
        ({"style": "url"}, "See (https://who.int/a_(b)).", True),
        ({"style": "url"}, "See https:// or http://[", False),
        ({"style": "url", "at_least": 2}, "https://a.org https://a.org", False),
        ({"domains": ["who.int"]}, "https://www.WHO.int/x", True),
        ({"domains": ["who.int"]}, "https://who.int.evil.com", False),
        ({"domains": ["who.int"]}, "https://evil.com/@who.int", False),
        ({"style": "doi"}, "doi:10.1000/xyz123.", True),
        ({"style": "doi"}, "10.5 mg/l", False),
        ({"style": "bracket"}, "as shown [3, 5–7].", True),
        ({"style": "bracket"}, "array[i] and [a]", False),
        ({"style": "author_year"}, "(Müller et al., 2020)", True),
        ({"style": "author_year"}, "O’Brien and Smith (1999a) say", True),
        ({"style": "author_year"}, "(in 2020) it was", False),
        ({"at_least": 2}, "https://doi.org/10.1000/abc", False),
    ],
)
def test_citation_counts_different_sources(fields, text, expected):
    assert holds({"kind": "citation", **fields}, text) is expected


def test_citation_ends_before_the_full_stop():
    (quote,) = result_of({"kind": "citation"}, "See https://a.org/x_(y).").quotes
    assert quote.text == "https://a.org/x_(y)"


def test_domains_are_for_web_addresses():
    assert pointers({"kind": "citation", "style": "doi", "domains": ["a.org"]}) == ["/domains"]
    assert pointers({"kind": "citation", "domains": ["https://a.org"]}) == ["/domains/0"]


@pytest.mark.parametrize(
    "language, text, expected",
    [
        ("fr", "Le chat est sur la table, et il dort profondément.", True),
        ("en", "Le chat est sur la table, et il dort profondément.", False),
        ("de", "Das Wetter ist heute schön, aber morgen regnet es wieder.", True),
        ("zh", "这是一个测试，用来检查语言。我们希望它能正常工作。", True),
        ("ja", "これは日本語の文章です。今日は天気がいいですね。", True),
        ("he", "שלום לכולם, היום מזג האוויר נעים מאוד ואנחנו הולכים לים.", True),
        ("en", "Print this: ```le chat est sur la table et dort``` on the wide screen now.", True),
        ("en", "Hi 😀", "too_short"),
        ("en", "12345 67890 🫀🫀🫀", "too_short"),
        ("en", "asdf qwer zxcv hjkl qwpo asdf lkj qweoiru", "unsure"),
    ],
)
def test_language_is_told_or_left_undecided(language, text, expected):
    assert holds({"kind": "language", "language": language}, text) == expected


def test_language_is_weighed_by_share():
    text = (
        "The weather is lovely today and we are all going for a long walk by the river, because it"
        " has rained the whole week and nobody wants to stay at home any longer than needed, really"
        " nobody at all in this small town.\n\n"
        "Le chat est sur la table, et il dort profondément. Il fait beau aujourd’hui, alors nous"
        " allons nous promener au bord de la rivière avec les enfants et le petit chien de notre"
        " voisin qui habite juste à côté de chez nous."
    )
    for share, expected in ((0.4, True), (0.8, False)):
        assert holds({"kind": "language", "language": "en", "share": share}, text) is expected
