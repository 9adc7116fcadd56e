"""What is wrong with a judge's settings, said at the field where it was given."""

import json
from decimal import Decimal

from django.core.exceptions import ValidationError

from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.judging.addresses import ForbiddenAddress
from rubric_studio.engine.judging.endpoint import KEPT_FIELDS, UnsendableSetting
from rubric_studio.grading.judges.endpoints import address_guard, endpoint_with
from rubric_studio.grading.models import Judge

MOST_CALLS_AT_ONCE = 1000
LARGEST_EXTRA_BODY = 20_000  # characters


def problems_of(judge: Judge) -> list[Problem]:
    """Everything but the key; empty for a judge that can be asked."""
    problems = [*_column_problems(judge), *_name_problems(judge)]
    if judge.kind == Judge.Kind.ADDED:
        problems += _address_problems(judge)
    return problems or _option_problems(judge) or _sendable_problems(judge)


def key_problems(judge: Judge, key: str) -> list[Problem]:
    """A key that can't be sent."""
    try:
        endpoint_with(judge, key)
    except UnsendableSetting as error:
        return [Problem("/api_key", error.message)]
    return []


def _name_problems(judge: Judge) -> list[Problem]:
    found = []
    if not judge.model:
        found.append(Problem("/model", "Name the model that the judge should use."))
    if not judge.base_url:
        found.append(Problem("/base_url", "Give the endpoint's address, ending in /v1."))
    return found


def _column_problems(judge: Judge) -> list[Problem]:
    try:
        judge.clean_fields(exclude={"team", "created_by"})
    except ValidationError as error:
        return [
            Problem(pointer(name), message)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return []


def _address_problems(judge: Judge) -> list[Problem]:
    try:
        address_guard().check_url(judge.base_url)
    except ForbiddenAddress as error:
        return [Problem("/base_url", error.message)]
    return []


def _option_problems(judge: Judge) -> list[Problem]:
    problems = []
    problems += [Problem("/extra_body", it) for it in _extra_problems(judge.extra_body)]
    if not isinstance(judge.concurrency, int) or judge.concurrency < 1:
        problems.append(Problem("/concurrency", "Allow at least one call at a time."))
    elif judge.concurrency > MOST_CALLS_AT_ONCE:
        message = f"Allow at most {MOST_CALLS_AT_ONCE:,} calls at a time."
        problems.append(Problem("/concurrency", message))
    for name in ("price_in", "price_out"):
        if getattr(judge, name) is None or Decimal(getattr(judge, name)) < 0:
            problems.append(Problem(pointer(name), "A price can't be negative."))
    return problems


def _extra_problems(extra: object) -> list[str]:
    if not isinstance(extra, dict):
        return ['Write a JSON object, such as {"top_p": 1}.']
    if taken := [it for it in KEPT_FIELDS if it in extra]:
        return [f"Leave out {' and '.join(taken)}: the request sets that itself."]
    if len(json.dumps(extra)) > LARGEST_EXTRA_BODY:
        return [f"Keep this under {LARGEST_EXTRA_BODY:,} characters: every call carries it."]
    return []


def _sendable_problems(judge: Judge) -> list[Problem]:
    try:
        endpoint_with(judge, "")
    except UnsendableSetting as error:
        return [Problem(pointer(error.field), error.message)]
    return []
