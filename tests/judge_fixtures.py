"""A pytest plugin: a scripted judge for each test, ready for sync and async code."""

import pytest

from tests.scripted_judge import ScriptedJudge


@pytest.fixture
def scripted_judge():
    """A judge on loopback (allow "127.0.0.1"); verdicts by hash until the test says otherwise."""
    with ScriptedJudge() as judge:
        yield judge
