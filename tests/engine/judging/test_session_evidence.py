"""What a session keeps of each call: what was asked, what came back, and every attempt."""

import time

from rubric_studio.engine.document.canonical import canonical_bytes
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.outcome import LONGEST_REPLY_KEPT
from rubric_studio.engine.judging.prompt import build_prompt


def messages(request):
    return request["body"]["messages"]


def test_prompts_hash_is_that_of_its_messages_as_canonical_json(question, emergency, graded):
    import hashlib

    answer = AnswerContent('Emoji \U0001f600, a "quote", \\, \x1b, \x7f, \u2028, é and tabs\t.')
    prompt = build_prompt(question, (emergency, graded), answer)
    assert prompt.hash == hashlib.sha256(canonical_bytes(prompt.messages)).hexdigest()


def test_evidence_leads_to_the_exact_prompt_and_reply(
    judge, scripted_judge, cells, question, emergency
):
    before = time.time()
    outcomes, _ = judge(cells(1))
    evidence = outcomes[0].evidence
    (request,) = scripted_judge.requests()
    again = build_prompt(question, (emergency,), AnswerContent("Answer 0."), evidence.nonce)
    assert again.messages == messages(request)
    assert again.hash == evidence.prompt_hash
    assert '"verdict": "' in evidence.reply
    (attempt,) = evidence.attempts
    assert (attempt.code, attempt.message) == ("", "")
    assert before <= attempt.at <= time.time()
    assert attempt.seconds == outcomes[0].seconds > 0


def test_every_attempt_is_kept_in_order_rate_limits_too(judge, scripted_judge, cells):
    scripted_judge.script(
        {"kind": "rate_limit", "seconds": 0, "first": 1},
        {"kind": "server_error", "first": 2},
        {"kind": "prose", "first": 3},
    )
    outcomes, _ = judge(cells(1))
    evidence = outcomes[0].evidence
    codes = [it.code for it in evidence.attempts]
    assert codes == ["rate_limited", "server_error", "not_json", ""]
    assert (outcomes[0].calls, outcomes[0].attempts) == (4, 3)
    assert all(it.message for it in evidence.attempts[:3])
    assert evidence.nonce in messages(scripted_judge.requests()[-1])[1]["content"]


def test_failed_cell_keeps_the_reply_that_could_not_be_read(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "text", "text": "It is met."})
    outcomes, _ = judge(cells(1), max_attempts=2)
    assert outcomes[0].status == "failed"
    assert outcomes[0].evidence.reply == "It is met."


def test_reply_belongs_to_the_last_call_alone(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "prose", "first": 1}, {"kind": "server_error"})
    outcomes, _ = judge(cells(1), max_attempts=2)
    assert outcomes[0].evidence.reply == ""


def test_huge_reply_is_cut(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "text", "text": "x" * (LONGEST_REPLY_KEPT + 1)})
    outcomes, _ = judge(cells(1), max_attempts=1)
    assert len(outcomes[0].evidence.reply) == LONGEST_REPLY_KEPT


def test_call_that_a_stop_cut_short_is_kept_as_given_up(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "hang"})
    _, end = judge(
        cells(1),
        endpoint={"timeout": 60},
        should_stop=lambda: scripted_judge.server.calls > 0,
        stop_grace=0.1,
    )
    ((_, outcome),) = end.left
    assert outcome.status == "stopped"
    assert [it.code for it in outcome.evidence.attempts] == ["given_up"]


def test_cell_that_was_never_asked_has_no_evidence(judge, scripted_judge, cells):
    scripted_judge.script({"kind": "unauthorized"})
    outcomes, _ = judge(cells(20), limit=1)
    assert outcomes[0].evidence is not None
    assert outcomes[19].evidence is None
