import pytest

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.fingerprint import fingerprint

ENDPOINT = Endpoint("https://judge.example/v1", "m", api_key="sk-secret")


def make(**changes):
    values = {
        "prompt_version": "1",
        "grading_hash": "a" * 64,
        "answer": AnswerContent("Call 112."),
        "judge_identity": ENDPOINT.identity(),
        "repeat": 0,
        "criteria_per_call": 1,
        "batch": ("a" * 64,),
    }
    return fingerprint(**values | changes)


def identity(**changes):
    return Endpoint(**{"base_url": "https://judge.example/v1", "model": "m"} | changes).identity()


def test_fingerprint_is_64_hex_digits_and_stable():
    assert make() == make()
    assert len(make()) == 64
    int(make(), 16)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt_version": "2"},
        {"grading_hash": "b" * 64},
        {"answer": AnswerContent("Call 112!")},
        {"answer": AnswerContent(messages=(Message("assistant", "Call 112."),))},
        {"judge_identity": identity(model="n")},
        {"judge_identity": identity(temperature=0.5)},
        {"judge_identity": identity(max_tokens=100)},
        {"judge_identity": identity(seed=1)},
        {"judge_identity": identity(extra_body={"top_p": 0.5})},
        {"judge_identity": identity(structured_output=False)},
        {"judge_identity": identity(base_url="https://other.example/v1")},
        {"repeat": 1},
        {"criteria_per_call": 2},
    ],
)
def test_whatever_may_change_a_verdict_changes_it(changes):
    assert make(**changes) != make()


def test_what_cannot_change_a_verdict_does_not_change_it():
    assert make(judge_identity=identity(api_key="sk-other", timeout=5, price_in=1)) == make()
    assert make(judge_identity=identity(base_url="https://judge.example/v1/")) == make()
    assert make(batch=()) == make()


def test_neighbours_count_when_criteria_are_judged_together():
    together = [
        make(criteria_per_call=3, batch=batch) for batch in [("a", "b"), ("b", "a"), ("a",)]
    ]
    assert len(set(together)) == 3


def test_key_never_enters_a_fingerprint():
    assert "sk-secret" not in str(ENDPOINT.identity())
    with pytest.raises(ValueError, match="exactly"):
        make(judge_identity=ENDPOINT.identity() | {"api_key": "sk-secret"})
