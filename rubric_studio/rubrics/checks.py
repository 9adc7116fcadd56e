"""Criteria that programs decide: what is wrong with their specs, and each one as a sentence."""

import json
from functools import lru_cache

from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.judging import checks

BROKEN = "A check that can't be run as it is; open the criterion to see why"


def check_problems(document: Document, since: Document | None = None) -> tuple[Problem, ...]:
    """Why checks of this document can't be run, at their places; () when all can. Those that were
    the same in `since` are not looked at."""
    before = {it.key: _written(it.check) for it in since.criteria} if since is not None else {}
    return tuple(
        Problem(pointer("criteria", number, "check") + it.pointer, it.message)
        for number, criterion in enumerate(document.criteria)
        if criterion.check is not None and before.get(criterion.key) != _written(criterion.check)
        for it in spec_problems(criterion.check)
    )


def spec_problems(spec: Json) -> tuple[Problem, ...]:
    """Why this spec can't be run, its pointers beginning at the spec."""
    return _problems(_written(spec))


def check_sentence(spec: Json) -> str:
    """What the program looks for, in a plain sentence."""
    return _sentence(_written(spec))


def _written(spec: Json) -> str:
    # Not a hash of the value: Python takes true for 1 and 5 for 5.0.
    return json.dumps(spec, sort_keys=True)


@lru_cache(maxsize=1024)
def _problems(written: str) -> tuple[Problem, ...]:
    return tuple(checks.problems_of(json.loads(written)))


@lru_cache(maxsize=1024)
def _sentence(written: str) -> str:
    return BROKEN if _problems(written) else checks.describe(json.loads(written))
