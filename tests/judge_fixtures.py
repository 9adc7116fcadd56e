"""A pytest plugin: a scripted judge for each test, ready for sync and async code."""

import pytest

from tests.scripted_judge import ScriptedJudge


@pytest.fixture
def scripted_judge():
    """A judge on loopback (allow "127.0.0.1"); verdicts by hash until the test says otherwise."""
    with ScriptedJudge() as judge:
        yield judge


@pytest.fixture
def no_installed_judges(settings):
    """A team has the judges that the test gives it, and none by settings."""
    settings.JUDGE_BASE_URL = settings.JUDGE_MODEL = settings.JUDGE_API_KEY = ""
    settings.DEMO_JUDGE_URL = settings.DEMO_JUDGE_KEY = ""
