"""Numbers, choices, JSON and mathematics."""

import pytest

from rubric_studio.engine.judging.checks import problems_of
from tests.engine.judging.checks.checking import holds, pointers, result_of


@pytest.mark.parametrize(
    "value, text, expected",
    [
        (1234.5, "It is 1,234.5 kg.", True),
        (1234.5, "Es sind 1.234,5 kg.", True),
        (1234567, "1\u202f234\u202f567 people", True),
        (1234, "1,234", True),
        (1.234, "1,234", False),
        (3.5, "3,5", True),
        (0.123, "0,123", True),
        (-3, "it is −3.", True),
        (5, "pages 3-5", True),
        (-5, "pages 3-5", False),
        (2.5e6, "2.5 × 10^6", True),
        (2.5e6, "2.5×10⁶", True),
        (1.5e-7, "1.5e-7", True),
        (0.75, "3/4 of it", True),
        (0.5, r"\frac{1}{2}", True),
        (1.5, "1½ or so", True),
        (1.5, "1 1/2 cups", True),
        (3.14, "٣٫١٤", True),
        (12, "１２", True),
        (0.45, "45 %", True),
        (45, "45 %", False),
        (2, "H2O", False),
        (1, "v1.2.3", False),
        (0, "", False),
        (1, "1/0", False),
    ],
)
def test_number_is_read_as_it_is_written(value, text, expected):
    assert holds({"kind": "number", "value": value}, text) is expected


@pytest.mark.parametrize(
    "fields, text, expected",
    [
        ({"value": 10, "tolerance": 0.5}, "10.5", True),
        ({"value": 10, "tolerance": 0.5}, "10.51", False),
        ({"value": 0.1, "tolerance": 0.2}, "0.3", True),
        ({"value": 200, "tolerance": 0.05, "tolerance_kind": "relative"}, "210", True),
        ({"value": 200, "tolerance": 0.05, "tolerance_kind": "relative"}, "211", False),
        ({"value": 45, "unit": "%"}, "45 percent or 45%", True),
        ({"value": 5, "unit": "mg, milligrams"}, "5 Milligrams", True),
        ({"value": 5, "unit": "mg"}, "5 g and 6 mg", False),
        ({"value": 5, "unit": "mW"}, "5 MW", False),
        ({"value": 5, "unit": "€"}, "€5", True),
        ({"value": 5, "unit": "USD"}, "USD 5", True),
        ({"value": 2, "which": "first"}, "1, 2", False),
        ({"value": 2, "which": "last"}, "1, 2", True),
        ({"value": 2, "which": "all"}, "2 and 2.0", True),
        ({"value": 2, "which": "all"}, "2 and 3", False),
        ({"value": 2, "which": "all"}, "none", False),
    ],
)
def test_number_within_its_tolerance_unit_and_place(fields, text, expected):
    assert holds({"kind": "number", **fields}, text) is expected


def test_number_must_be_one():
    for value in (float("nan"), float("inf"), 10**400, True, "3", None):
        assert pointers({"kind": "number", "value": value}) == ["/value"]


@pytest.mark.parametrize(
    "fields, text, expected",
    [
        ({"answers": ["B"], "letters": True}, "So\n**Answer: B) Paris**", True),
        ({"answers": ["B"], "letters": True}, "Answer:\r\n\r\n(b).", True),
        ({"answers": ["A"], "letters": True}, "Answer: A dog", False),
        ({"answers": ["A, C"], "letters": True}, r"\boxed{\text{C and A}}", True),
        ({"answers": ["A, C"], "letters": True}, r"\boxed{A}", False),
        ({"answers": ["Paris", "Lutetia"]}, r"thus $\boxed{lutetia}$.", True),
        ({"answers": ["{1}"]}, r"\boxed{2} no, \boxed{{1}}", True),
        ({"answers": ["4"]}, r"\boxed{\frac{4}", False),
        ({"answers": ["42"]}, "#### 42", True),
        ({"answers": ["42"]}, "Answer: 41. No! Answer: 42", True),
        ({"answers": ["42"], "markers": ["Résultat :"]}, "RÉSULTAT : 42", True),
        ({"answers": ["yes"], "where": "last_line"}, "No.\n\nYes.\n", True),
        ({"answers": ["yes"], "where": "boxed"}, "Answer: yes", False),
        ({"answers": ["שלום"]}, "Answer: שלום", True),
        ({"answers": ["yes"]}, "", False),
    ],
)
def test_choice_compares_the_final_answer(fields, text, expected):
    assert holds({"kind": "choice", **fields}, text) is expected


def test_choice_of_letters_takes_letters_alone():
    assert pointers({"kind": "choice", "letters": True, "answers": ["B", "Paris"]}) == [
        "/answers/1"
    ]


@pytest.mark.parametrize(
    "fields, text, expected",
    [
        ({}, 'Sure: {"a": [1, "}"]} done', True),
        ({"where": "whole"}, 'Sure: {"a": 1}', False),
        ({"where": "whole"}, ' {"a": 1}\r\n', True),
        ({"where": "fence"}, 'x\n```json\n{"a": "é🫀"}\n```', True),
        ({"where": "fence"}, '{"a": 1}', False),
        ({}, "```\n{bad}\n```", False),
        ({"where": "first"}, '[1, {"a": 2}', True),
        ({}, "NaN", False),
        ({}, "{'a': 1}", False),
        ({}, "", False),
        ({"schema": {"required": ["a"]}}, '{"a": 1}', True),
        ({"schema": {"required": ["b"]}}, '{"a": 1}', False),
        ({"schema": {"properties": {"$ref": {"type": "string"}}}}, '{"$ref": 1}', False),
        ({"schema": {"$defs": {"n": {"type": "integer"}}, "items": {"$ref": "#/$defs/n"}}},
         "[1, 2.5]", False),
        ({"schema": {"additionalProperties": {"$ref": "#"}}}, '{"a": {"b": {}}}', True),
        ({}, '{"a":' * 1000 + "1" + "}" * 1000, "too_large"),
    ],
)  # fmt: skip
def test_json_is_found_and_held_against_its_schema(fields, text, expected):
    result = holds({"kind": "json", **fields}, text)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    "schema, pointer, word",
    [
        ({"$ref": "#"}, "/schema/$ref", "never end"),
        ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
         "/schema/$defs/a/$ref", "never end"),
        ({"items": {"$ref": "https://a.org/s"}}, "/schema/items/$ref", "within"),
        ({"$ref": "file:///etc/passwd"}, "/schema/$ref", "within"),
        ({"$ref": "#/$defs/none"}, "/schema/$ref", "nowhere"),
        ({"$dynamicRef": "#x"}, "/schema/$dynamicRef", "Dynamic"),
        ({"pattern": "(?=a)b"}, "/schema", "regex"),
        ({"type": "strin"}, "/schema", "cannot be used"),
        ([], "/schema", "object"),
    ],
)  # fmt: skip
def test_json_schema_that_cannot_be_used_is_explained(schema, pointer, word):
    problem = problems_of({"kind": "json", "schema": schema})[0]
    assert problem.pointer == pointer
    assert word in problem.message


SAME = [
    ("1/2", "0.5"), ("1/2", r"\frac{1}{2}"), (r"\frac12", "50%"), ("2x(x+1)", "2x^2+2x"),
    ("(x-1)(x+1)", "x²−1"), (r"\sqrt{8}", "2√2"), ("sin^2 x+cos^2 x", "1"), ("x=3", "3"),
    ("3", "x = 3"),
    (r"\{1, 2\}", "2, 1"), (r"\pm 2", "x=2 or x=-2"), ("[0,1)", r"\left[0,1\right)"),
    (r"(-\infty,2)\cup(3,\infty)", "(3,∞) ∪ (-∞, 2)"), ("x>3", "3<x"), ("2x+4y=6", "x+2y-3=0"),
    (r"e^{i\pi}", "-1"), (r"\ln 8", r"3\ln 2"), (r"\log_2 8", "3"), ("5!", "120"), ("45°", "π/4"),
    ("|x|", r"\sqrt{x^2}"), ("tan x", "sin x/cos x"), (r"\frac{x^2-1}{x-1}", "x+1"),
    ("10^60+1", "1+10**60"), ("1,234", "1234"), (r"2\frac{1}{2}", "5/2"), ("x_1+x_2", "x_2+x_1"),
    (r"\sqrt[3]{27}", "3"), (r"3\times10^5", "300000"), ("f(x)=3x", "3x"), ("0<x≤3", "(0,3]"),
    (r"x \in [1,2]", "[1,2]"), ("-3^2", "-9"), ("2^3^2", "512"), ("sin(2x)", "2 sin x cos x"),
    ("5", r"5\text{ cm}"), ("∅", "{}"), ("α+1", r"1+\alpha"),
]  # fmt: skip
DIFFERENT = [
    ("1/2", "0.3"), ("10^60+1", "10^60"), ("x>3", "x<3"), ("x>=3", "x>3"), ("(0,1)", "[0,1]"),
    ("(1,2)", "(2,1)"), (r"\{1,2\}", "1"), ("x", "y"), ("x", "|x|"), ("2x=4", "x=3"),
    ("e^{-200}", "e^{-201}"), ("1/3", "0.3333"), ("-x<3", "x<-3"), ("1", "no idea"), ("∞", "-∞"),
]  # fmt: skip


@pytest.mark.parametrize("expected, given", SAME)
def test_maths_that_means_the_same_is_the_same(expected, given):
    spec = {"kind": "maths", "answers": [expected]}
    assert holds(spec, f"So $\\boxed{{{given}}}$.") is True


@pytest.mark.parametrize("expected, given", DIFFERENT)
def test_maths_that_differs_is_not_the_same(expected, given):
    assert holds({"kind": "maths", "answers": [expected]}, f"Answer: {given}") is False


@pytest.mark.parametrize(
    "given, code",
    [(r"\int_0^1 x dx", "not_maths"), ("9^{9^{9^9}}", "too_large"), ("1/0", "unsure")],
)
def test_maths_that_cannot_be_compared_is_no_verdict(given, code):
    assert holds({"kind": "maths", "answers": ["2"]}, f"Answer: {given}") == code


def test_maths_shows_the_final_answer():
    (quote,) = result_of({"kind": "maths", "answers": ["2"]}, "é Answer: $1+1$.").quotes
    assert (quote.text, quote.start) == ("1+1", 11)
