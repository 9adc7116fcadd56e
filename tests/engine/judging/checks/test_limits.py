"""What would burn is refused when it is written, or ended when it runs."""

import itertools
import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.checks import Child, decide, problems_of
from rubric_studio.engine.judging.checks.undecided import Undecided

ROOT = Path(__file__).parents[4]
EVIL_TEXTS = ["a" * 30_000 + "!", "ab" * 20_000, '"' + "a" * 20_000, "0" * 30_000, "x=" * 9000]

REGEXES = [
    "(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(x+x+)+y", "([a-zA-Z]+)*$", "(.*)*", "(a?){500}a{500}", "((a{1,30}){1,30}){1,30}",
    "(.{1,999}){1,999}", "(?:a{0,1000}){0,1000}", r"(\pL{500}){2}", "((((a*)*)*)*)*b",
    "(a+){10}(a+){10}(a+){10}$", ".*.*.*.*.*=.*", "[^b]*[^c]*[^d]*[^e]*$", "(?=a)", r"(a)\1",
    "a" * 1000, "(" * 500 + "a" + ")" * 500, "(" * 5000, "[" * 900, "|" * 1000,
]  # fmt: skip


def nested(keyword, depth):
    schema = {"type": "string"}
    for _ in range(depth):
        schema = {keyword: [schema, schema] if depth < 12 else [schema]}
    return schema


SCHEMAS = [
    {"$ref": "#"},
    {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
    {"allOf": [{"$ref": "#"}]},
    {"not": {"$ref": "#"}},
    {"if": {"$ref": "#"}, "then": True},
    {"dependentSchemas": {"a": {"$ref": "#"}}},
    {"$dynamicRef": "#x"},
    {"$ref": "http://169.254.169.254/latest"},
    {"$ref": "file:///etc/passwd"},
    {"$id": "http://a.org", "items": {"$id": "http://b.org", "$ref": "#x"}},
    {"pattern": "^(a+)+$"},
    {"pattern": "(?:(?:a{1000}){1000}){1000}"},
    {"patternProperties": {"(a*)*$": {}, "(?=x)": {}}},
    {"uniqueItems": True},
    nested("allOf", 11),
    nested("anyOf", 40),
    {"enum": list(range(30_000))},
    {"properties": {str(number): {} for number in range(5000)}},
    {"multipleOf": 1e-300},
    {"$defs": {str(n): {"allOf": [{"$ref": f"#/$defs/{n + 1}"}] * 2} for n in range(20)}
     | {"20": {"type": "integer"}}, "$ref": "#/$defs/0"},
]  # fmt: skip

FORMULAS = [
    "9**9**9**9", "9^9^9", "1000000!", "100!!!", "(((2^99)^99)^99)^99", "x^{10^9}", "2^{-10^9}",
    "e^{e^{e^{e^9}}}", "10^{10^{10}}", "\\sin(10^{99})", "(x+1)^{1000}", "x^x^x^x^x^x^x",
    "(" * 900 + "1", "-" * 1500 + "1", "\\sqrt" * 300 + "2", "{" * 900, "|" * 1900, "1" * 1900,
    "+".join(["x"] * 900), "\\frac" * 300, "x!" * 500, "\\frac{1}{" * 200, "!" * 1000,
    "\\pm1" * 400, "{1,2}" * 300, ",".join(["1"] * 400), "1/0",
]  # fmt: skip

EVIL = [
    *({"kind": "regex", "pattern": pattern} for pattern in REGEXES),
    *({"kind": "json", "schema": schema} for schema in SCHEMAS),
    *({"kind": "maths", "answers": [text[:1000]]} for text in FORMULAS),
]


@pytest.fixture(scope="module")
def child():
    own = Child()
    yield own
    own.close()


def memory():
    """Bytes that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("number", range(len(EVIL)))
def test_s6_what_would_burn_is_refused_or_ends(child, number):
    spec = EVIL[number]
    before, began = memory(), time.process_time()
    if not problems_of(spec):
        for text in EVIL_TEXTS:
            said = f"\\boxed{{{text}}}" if spec["kind"] == "maths" else text
            result = decide(spec, AnswerContent(text=said), child)
            assert (result.status == "graded") == (result.value is not None)
            assert result.error_code in ("", "too_slow", "too_large", "not_maths", "unsure")
    # Of this process alone: it neither computes for long nor grows, whatever the child does.
    assert time.process_time() - began < 3
    assert memory() - before < 64 << 20


def test_s6_there_are_more_than_sixty_of_them():
    assert len(EVIL) > 60


@pytest.mark.parametrize("formula", FORMULAS)
def test_s6_formulas_of_answers_end_too(child, formula):
    answer = AnswerContent(text=f"Answer: {formula}")
    result = decide({"kind": "maths", "answers": ["2"]}, answer, child)
    assert result.status == "failed" or result.value == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "🫀" * 50_000,
        "{" * 100_000,
        '{"a":' * 30_000,
        "[" * 100 + "]" * 100_000,
        '{"' * 50_000,
        "\\boxed{" * 20_000,
        "Answer: " * 20_000,
        "e\u0301" * 60_000,
        "ﬁ" * 60_000,
        "a." * 60_000,
        "1," * 60_000,
        "1 1/" * 30_000,
        "https://a.b/(" * 10_000,
        "(Aa and Aa " * 10_000,
        "```" * 30_000,
        "\u202e\u200b\r\n" * 30_000,
        "x" * 1_000_001,
    ],
)
def test_s6_no_answer_stalls_a_check(child, text):
    specs = [
        {"kind": "contains", "values": ["i" + "fi" * 200, "a" * 400], "whole_words": True},
        {"kind": "number", "value": 1},
        {"kind": "choice", "answers": ["x"]},
        {"kind": "maths", "answers": ["x"]},
        {"kind": "regex", "pattern": "(.*)(.*)(.*)[0-9]$"},
        {"kind": "length", "unit": "sentences", "at_least": 1},
        {"kind": "length", "unit": "characters", "at_least": 1},
        {"kind": "language", "language": "en"},
        {"kind": "citation"},
        {"kind": "json"},
    ]
    began = time.process_time()
    for spec in specs:
        result = decide(spec, AnswerContent(text=text), child)
        assert (result.status == "graded") == (result.value is not None)
    assert time.process_time() - began < 20


def test_child_that_overruns_is_killed_and_replaced():
    child = Child(wall_seconds=0.3)
    try:
        # The automaton of this pattern has no end of states: it cannot be remembered.
        pattern = "(" + "|".join(f"x.{{{n}}}y" for n in range(1, 60)) + ")z"
        slow = [pattern, "s", "xy" * 400_000]
        with pytest.raises(Undecided) as caught:
            child.ask("regex", slow)
        assert caught.value.code == "too_slow"
        assert child.pid is None
        assert child.ask("regex", ["b+", "", "abb"]) == [1, 3]
    finally:
        child.close()


def test_child_keeps_warm_and_ends_when_closed():
    child = Child()
    assert child.pid is None
    child.ask("regex", ["b", "", "ab"])
    first = child.pid
    child.ask("find_json", ["{}", "whole", None])
    assert child.pid == first
    child.close()
    assert child.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_child_that_was_killed_is_replaced():
    child = Child()
    try:
        child.ask("regex", ["b", "", "ab"])
        os.kill(child.pid, 9)
        with pytest.raises(Undecided):
            child.ask("regex", ["b", "", "ab"])
        assert child.ask("regex", ["b", "", "ab"]) == [1, 2]
    finally:
        child.close()


def test_child_sees_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("JUDGE_API_KEY", "hush")
    child = Child()
    try:
        child.ask("regex", ["b", "", "ab"])
        with open(f"/proc/{child.pid}/environ", "rb") as file:
            assert b"hush" not in file.read()
    finally:
        child.close()


def test_child_ends_with_the_process_that_started_it():
    program = (
        "import os; from rubric_studio.engine.judging.checks import Child; child = Child();"
        "child.ask('regex', ['b', '', 'ab']); print(child.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    orphan = Path(f"/proc/{int(ran.stdout)}")
    deadline = time.monotonic() + 20
    while orphan.exists() and "\nState:\tZ" not in _status(orphan):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _status(process):
    try:
        return (process / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "\nState:\tZ"


def test_child_that_wants_too_much_memory_is_ended():
    child = Child()
    try:
        schema = {"items": {"pattern": "x"}}
        with pytest.raises(Undecided) as caught:
            child.ask("find_json", ["[" + "[0]," * 12_000_000 + "0]", "whole", schema])
        assert caught.value.code in ("too_large", "too_slow")
        assert child.ask("regex", ["b", "", "ab"]) == [1, 2]
    finally:
        child.close()


def test_child_answers_threads_in_turn():
    child = Child()
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(
                pool.map(lambda n: child.ask("regex", ["b", "", "a" * n + "b"]), range(100))
            )
        assert found == [[n, n + 1] for n in range(100)]
    finally:
        child.close()


def test_forked_process_has_a_child_of_its_own():
    spec = {"kind": "json", "where": "whole"}
    assert decide(spec, AnswerContent(text="{}")).value == 1.0
    reads, writes = os.pipe()
    forked = os.fork()
    if not forked:
        said = json.dumps([decide(spec, AnswerContent(text=text)).value for text in ("{}", "{")])
        os.write(writes, said.encode())
        os._exit(0)
    os.waitpid(forked, 0)
    assert os.read(reads, 100) == b"[1.0, 0.0]"
    os.close(reads)
    os.close(writes)
    assert decide(spec, AnswerContent(text="[]")).value == 1.0


def test_spec_fields_have_an_end():
    long = "x" * 100_000
    for spec in (
        {"kind": "contains", "values": [long]},
        {"kind": "contains", "values": ["x"] * 101},
        {"kind": "regex", "pattern": long},
        {"kind": "json", "schema": {"const": long}},
        {"kind": "maths", "answers": [long]},
        {"kind": "choice", "answers": ["x"], "markers": [long]},
        {"kind": "number", "value": 1, "unit": long},
        {"kind": "tool_called", "tool": long},
        {"kind": "citation", "domains": [long]},
    ):
        assert problems_of(spec)
    deep = list(itertools.accumulate(range(100_000), lambda inner, _: [inner], initial=[]))[-1]
    assert problems_of({"kind": "json", "schema": {"const": deep}})
