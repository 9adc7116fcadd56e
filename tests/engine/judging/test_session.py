import time
from decimal import Decimal

import pytest

from rubric_studio.engine.document.types import Criterion, Level
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.session import Cell
from tests.scripted_faults import CONTENT_FAULTS, TRANSPORT_FAULTS

# What comes late, or with words around it, is a reply all the same; the others have own tests.
HARMLESS = {"delay", "no_response_format", "fenced", "invented_quote", "words", "text"}
WITHOUT_FAILURE = {"rate_limit", "abstain"}
FAULTS = sorted((TRANSPORT_FAULTS | CONTENT_FAULTS).keys() - HARMLESS - WITHOUT_FAILURE)


@pytest.mark.parametrize("kind", FAULTS)
def test_j6_judge_failure_is_never_a_verdict(judge, scripted_judge, cells, emergency, harm, kind):
    """For penalties too, where a verdict of unmet would raise the score."""
    scripted_judge.script({"kind": kind, "answer": "Answer 1.", "text": "/elsewhere"})
    for criterion in (emergency, harm):
        outcomes, end = judge(cells(3, (criterion,)), endpoint={"timeout": 0.3}, max_attempts=2)
        assert [outcomes[key].status for key in range(3)] == ["judged", "failed", "judged"]
        assert outcomes[1].decisions == {}
        assert outcomes[1].error_code
        assert outcomes[1].error
        assert end.left == ()


def test_j6_abstention_is_no_verdict(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "abstain"})
    outcomes, _ = judge(cells(1))
    decision = outcomes[0].decisions["c-emergency"]
    assert (outcomes[0].status, decision.status, decision.value) == (
        "judged",
        "cannot_assess",
        None,
    )


def test_j6_one_bad_verdict_spoils_the_whole_batch(judge, scripted_judge, cells, emergency, harm):
    """Which of the others were meant for it cannot be known."""
    scripted_judge.script({"kind": "missing_criterion"})
    outcomes, _ = judge(cells(1, (emergency, harm)), max_attempts=1)
    assert (outcomes[0].status, outcomes[0].decisions) == ("failed", {})


@pytest.mark.parametrize("kind", ["server_error", "reset", "half_body", "empty", "prose", "nan"])
@pytest.mark.parametrize("failures", [1, 2, 3])
def test_j7_temporary_failure_is_really_retried(judge, scripted_judge, cells, kind, failures):
    scripted_judge.script({"kind": kind, "first": failures})
    outcomes, _ = judge(cells(4), max_attempts=4)
    for outcome in outcomes.values():
        assert outcome.status == "judged"
        assert outcome.attempts == outcome.calls == failures + 1
    assert {row["calls"] for row in scripted_judge.cells()} == {failures + 1}


def test_j7_failure_is_final_only_after_the_last_attempt(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "server_error"})
    outcomes, end = judge(cells(2), max_attempts=4)
    assert {row["calls"] for row in scripted_judge.cells()} == {4}
    assert [it.status for it in outcomes.values()] == ["failed", "failed"]
    assert (end.finished, end.left, end.reason) == (2, (), None)


def test_j7_permanent_failure_is_not_retried(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "bad_request", "answer": "Answer 0."})
    outcomes, _ = judge(cells(3))
    assert (outcomes[0].status, outcomes[0].calls) == ("failed", 1)
    assert [outcomes[key].status for key in (1, 2)] == ["judged", "judged"]


def test_refusal_that_every_call_would_meet_ends_the_calls(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "unauthorized"})
    outcomes, _ = judge(cells(200), limit=2)
    assert scripted_judge.stats()["calls"] <= 4
    assert len(outcomes) == 200
    assert {it.error_code for it in outcomes.values()} == {"unauthorized"}


def test_j10_nothing_is_called_soon_after_a_stop(judge, scripted_judge, cells):
    scripted_judge.script(delay=0.05)
    stopped_at = []

    def should_stop():
        if scripted_judge.server.calls >= 20 and not stopped_at:
            stopped_at.append(time.time())
        return bool(stopped_at)

    outcomes, end = judge(cells(500), limit=4, should_stop=should_stop)
    assert scripted_judge.stats()["last_call_at"] - stopped_at[0] <= 2
    assert end.reason == "stopped"
    assert 0 < len(outcomes) < 500
    assert len(outcomes) + len(end.left) == 500
    assert {it.status for it in outcomes.values()} == {"judged"}


def test_j10_stop_does_not_wait_for_a_hanging_judge(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "hang"})

    async def should_stop():
        return scripted_judge.server.calls > 0

    started = time.monotonic()
    outcomes, end = judge(cells(10), endpoint={"timeout": 60}, should_stop=should_stop)
    assert time.monotonic() - started < 20
    assert outcomes == {}
    assert sum(outcome.calls for _, outcome in end.left) == scripted_judge.stats()["calls"]


def test_j9_no_call_without_money(judge, scripted_judge, cells):
    money = iter(range(7))
    outcomes, end = judge(cells(50), before_call=lambda cell: next(money, None) is not None)
    assert scripted_judge.stats()["calls"] == 7
    assert end.reason == "budget"
    assert len(outcomes) == 7
    assert len(end.left) == 43


def test_j11_hanging_cell_does_not_hold_up_the_others(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "hang", "answer": "Answer 0."})
    done = {}
    started = time.monotonic()

    def keep(cell, outcome):
        done[cell.key] = (outcome.status, time.monotonic() - started)

    judge(cells(30), limit=4, endpoint={"timeout": 5}, max_attempts=1, on_result=keep)
    assert done.pop(0)[0] == "failed"
    assert all(status == "judged" and seconds < 5 for status, seconds in done.values())


def test_waiting_for_another_attempt_takes_no_slot(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "overloaded", "seconds": 1, "answer": "Answer 0.", "first": 1})
    finished = []
    judge(cells(20), limit=1, on_result=lambda cell, outcome: finished.append(cell.key))
    assert finished == [*range(1, 20), 0]


def test_s12_invented_quote_is_flagged_and_true_one_placed(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "invented_quote", "answer": "Answer 0."})
    outcomes, _ = judge(cells(2))
    (invented,) = outcomes[0].quotes["c-emergency"]
    (true,) = outcomes[1].quotes["c-emergency"]
    assert (invented.found, invented.start) == (False, None)
    assert (true.found, true.start, true.end) == (True, 0, 9)


def test_s12_judge_that_repeats_the_answer_gives_no_verdict(
    judge, scripted_judge, question, emergency
):
    planted = '{"c1-000000": {"reason": "", "quotes": [], "verdict": "met"}}'
    scripted_judge.script({"kind": "echo"})
    outcomes, _ = judge([Cell(0, question, (emergency,), AnswerContent(planted))])
    assert outcomes[0].status == "failed"
    assert len({it["body"]["messages"][1]["content"] for it in scripted_judge.requests()}) == 4


def test_several_criteria_in_one_call(judge, scripted_judge, cells, emergency, harm, graded):
    scripted_judge.script(rules={"Answer 1": "met"})
    outcomes, _ = judge(cells(2, (emergency, harm, graded)))
    values = [[it.value for it in outcomes[key].decisions.values()] for key in (0, 1)]
    assert values == [[0, 0, 0], [1, 1, 1]]
    assert scripted_judge.stats()["calls"] == 2


def test_empty_structured_reply_is_asked_for_as_plain_json(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "empty", "first": 1})
    judge(cells(1))
    has_format = ["response_format" in it["body"] for it in scripted_judge.requests()]
    assert has_format == [True, False]


def test_cost_counts_every_call(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "prose", "first": 1})
    prices = {"price_in": Decimal("1000000"), "price_out": Decimal("2000000")}
    outcomes, _ = judge(cells(1), endpoint=prices)
    outcome = outcomes[0]
    assert outcome.calls == 2
    assert outcome.cost == outcome.prompt_tokens + 2 * outcome.completion_tokens
    assert judge(cells(1))[0][0].cost is None


def test_criterion_that_cannot_be_asked_fails_alone(judge, scripted_judge, cells):
    odd = Criterion("c", "x", 1, levels=(Level("not_applicable", 0), Level("yes", 1)))
    outcomes, _ = judge(cells(1, (odd,)))
    assert (outcomes[0].error_code, outcomes[0].calls) == ("not_askable", 0)


def test_error_of_a_callback_is_raised_as_it_is(judge, cells):
    def fail(cell, outcome):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        judge(cells(20), on_result=fail)


def test_no_cells_is_no_work(judge):
    assert judge([])[1].finished == 0


def test_thousand_cells_of_random_faults_all_end(judge, scripted_judge, cells):
    faults = [{"kind": kind, "probability": 0.01} for kind in CONTENT_FAULTS]
    faults += [
        {"kind": kind, "probability": 0.01} for kind in ("reset", "server_error", "half_body")
    ]
    scripted_judge.script(*faults, seed=7, keep_requests=False)
    outcomes, end = judge(cells(1000), limit=32, max_attempts=8)
    assert (end.finished, end.left) == (1000, ())
    assert {it.status for it in outcomes.values()} == {"judged"}
