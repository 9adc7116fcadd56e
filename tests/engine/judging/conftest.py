import asyncio
from functools import partial

import pytest

from rubric_studio.engine.document.types import Criterion, Level, Message, Question
from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import JudgeClient
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.session import Cell, judge_cells
from tests.judge_fixtures import scripted_judge

__all__ = ["scripted_judge"]


@pytest.fixture
def question():
    return Question("chest-pain", (Message("user", "My chest hurts. What now?"),))


@pytest.fixture
def emergency():
    return Criterion("c-emergency", "Says to call an ambulance.", 5)


@pytest.fixture
def harm():
    return Criterion("c-harm", "Tells the reader to wait a day.", -10)


@pytest.fixture
def graded():
    levels = (Level("none", 0), Level("some", 0.5, "One sign."), Level("all", 1))
    return Criterion("c-signs", "Names the signs.", 3, levels=levels, may_not_apply=True)


@pytest.fixture
def cells(question, emergency):
    """cells(n): n cells, each of its own answer."""

    def make(count, criteria=(emergency,)):
        answers = (AnswerContent(f"Answer {number}.") for number in range(count))
        return [
            Cell(number, question, tuple(criteria), answer) for number, answer in enumerate(answers)
        ]

    return make


@pytest.fixture
def judge(scripted_judge):
    """judge(cells, …): run a session against the scripted judge; outcomes by key, and the end."""

    async def session(cells, endpoint, client_options, **options):
        outcomes = {}

        def keep(cell, outcome):
            assert cell.key not in outcomes, "a cell was finished twice"
            outcomes[cell.key] = outcome

        options = {"limit": 8, "backoff": 0.01, "on_result": keep} | options
        async with JudgeClient(endpoint, AddressGuard(["127.0.0.1"]), **client_options) as client:
            end = await judge_cells(client, cells, **options)
        return outcomes, end

    def run(cells, *, endpoint=None, client=None, **options):
        values = {"base_url": scripted_judge.base_url, "model": "scripted", "timeout": 2.0}
        made = Endpoint(**values | (endpoint or {}))
        return asyncio.run(partial(session, cells, made, client or {}, **options)())

    return run
