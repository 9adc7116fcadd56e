"""A dead endpoint is not asked five thousand times; one that limps is asked on."""

from dataclasses import replace

import pytest

from rubric_studio.engine.judging.breaker import Breaker
from rubric_studio.local.addresses import free_port


def broken(judge, cells, **options):
    defaults = {"breaker": Breaker(), "limit": 2, "max_attempts": 2}
    return judge(cells, **defaults | options)


@pytest.mark.parametrize("kind", ["server_error", "reset", "hang"])
def test_dead_endpoint_ends_the_session_and_burns_nothing(judge, scripted_judge, cells, kind):
    scripted_judge.script({"kind": kind})
    outcomes, end = broken(judge, cells(100), endpoint={"timeout": 0.2})
    assert (outcomes, end.reason) == ({}, "broken")
    assert len(end.left) == 100
    doubted = [outcome for _, outcome in end.left if outcome.error_code]
    assert {(it.status, it.attempts) for it in doubted} == {("stopped", 2)}
    assert 5 <= len(doubted) <= 6
    assert {it.attempts for _, it in end.left if not it.error_code} == {0}
    # Six cells at most were begun, and five of them made their two attempts.
    assert 10 <= scripted_judge.stats()["calls"] <= 12
    assert sum(outcome.calls for _, outcome in end.left) == scripted_judge.stats()["calls"]
    assert end.trouble.code in ("server_error", "connection_lost", "timeout")
    assert end.trouble.message


def test_endpoint_that_is_not_there_ends_the_session(judge, cells):
    breaker = Breaker()
    endpoint = {"base_url": f"http://127.0.0.1:{free_port()}/v1"}
    outcomes, end = broken(judge, cells(30), breaker=breaker, endpoint=endpoint)
    assert (outcomes, end.reason, end.trouble.code) == ({}, "broken", "not_reachable")
    assert end.trouble == breaker.trouble


def test_one_reply_between_starts_the_count_anew(judge, scripted_judge, cells):
    scripted_judge.script(
        *({"kind": "server_error", "answer": f"Answer {n}."} for n in range(9) if n != 4)
    )
    outcomes, end = broken(judge, cells(9), limit=1, max_attempts=1)
    assert end.reason is None
    assert [outcomes[key].status for key in range(5)] == ["failed"] * 4 + ["judged"]
    # The last four may be the beginning of an outage: whoever asked decides.
    assert [(it.status, it.error_code) for _, it in end.left] == [("stopped", "server_error")] * 4


def test_a_reply_that_cannot_be_read_and_a_refusal_are_no_trouble(judge, scripted_judge, cells):
    scripted_judge.script(
        {"kind": "prose", "answer": "1."}, {"kind": "bad_request"}, keep_requests=False
    )
    outcomes, end = broken(judge, cells(30))
    assert (end.reason, end.left, len(outcomes)) == (None, (), 30)


def test_the_count_goes_on_in_the_next_session(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "server_error"})
    breaker = Breaker()
    outcomes, end = broken(judge, cells(3), breaker=breaker)
    assert (outcomes, len(end.left), end.reason) == ({}, 3, None)
    outcomes, end = broken(judge, cells(3), breaker=breaker)
    assert (outcomes, end.reason) == ({}, "broken")


def test_j7_attempts_of_earlier_sessions_count(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "server_error"})
    again = [replace(cell, attempts=3) for cell in cells(2)]
    outcomes, _ = judge(again, max_attempts=4)
    assert {it.attempts for it in outcomes.values()} == {4}
    assert scripted_judge.stats()["calls"] == 2


def test_judge_that_fails_one_call_in_five_never_breaks(judge, scripted_judge, cells):
    faults = [{"kind": "server_error", "probability": 0.2}]
    scripted_judge.script(*faults, seed=3, keep_requests=False)
    outcomes, end = broken(judge, cells(1500), limit=16, max_attempts=4)
    assert (end.reason, len(outcomes)) == (None, 1500)
