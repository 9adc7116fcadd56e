"""What makes one verdict the same question to a judge as another, so that it need not be asked."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import orjson

from rubric_studio.engine.document.canonical import canonical_bytes
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.document.writing import message_json
from rubric_studio.engine.judging.answer import AnswerContent

JUDGE_FIELDS = frozenset(
    {"base_url", "model", "temperature", "max_tokens", "seed", "extra_body", "structured_output"}
)


def fingerprint(
    *,
    prompt_version: str,
    grading_hash: str,
    answer: AnswerContent,
    judge_identity: Mapping[str, Json],
    repeat: int,
    criteria_per_call: int,
    batch: Sequence[str] = (),
) -> str:
    """SHA-256 as 64 hex digits. Equal fingerprints: the stored grade may be copied.

    `grading_hash` covers criterion and question; `judge_identity` is `Endpoint.identity()`;
    `batch` names what was judged in the same call, in order (best by grading hashes, which change
    with the neighbour's wording), and counts only when `criteria_per_call` > 1.
    Raises ValueError when the identity has other fields than those, such as a key.
    """
    of = fingerprints(
        prompt_version=prompt_version,
        answer=answer,
        judge_identity=judge_identity,
        criteria_per_call=criteria_per_call,
    )
    return of(grading_hash, repeat, batch)


def fingerprints(
    *,
    prompt_version: str,
    answer: AnswerContent,
    judge_identity: Mapping[str, Json],
    criteria_per_call: int,
) -> Callable[[str, int, Sequence[str]], str]:
    """As `fingerprint`, for many cells of one answer: what they share is hashed once. The function
    returned takes `grading_hash`, `repeat` and `batch`."""
    if set(judge_identity) != JUDGE_FIELDS:
        raise ValueError(f"A judge's identity needs exactly the fields {sorted(JUDGE_FIELDS)}.")
    shared = _sha256(
        {
            "prompt_version": prompt_version,
            "answer": _answer_json(answer),
            "judge": dict(judge_identity),
            "criteria_per_call": criteria_per_call,
        }
    )

    def of(grading_hash: str, repeat: int, batch: Sequence[str]) -> str:
        neighbours = list(batch) if criteria_per_call > 1 else []
        # Hashes and small numbers: orjson writes the same bytes as RFC 8785, many times faster.
        listed = orjson.dumps([shared, grading_hash, repeat, neighbours])
        return hashlib.sha256(listed).hexdigest()

    return of


def check_fingerprints(*, checks_version: str, answer: AnswerContent) -> Callable[[str], str]:
    """The fingerprints of cells that a program decides: the function returned takes
    `grading_hash`, which covers the check. No judge, no prompt and no repeat is in them."""
    shared = _sha256({"checks_version": checks_version, "answer": _answer_json(answer)})
    return lambda grading_hash: _sha256([shared, grading_hash])


def _sha256(value: Json) -> str:
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _answer_json(answer: AnswerContent) -> Json:
    if answer.messages is None:
        return {"text": answer.text}
    return {"messages": [message_json(message) for message in answer.messages]}
