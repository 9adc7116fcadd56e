import pytest

from tests.grading.judges.panels import panel_of
from tests.scripted_judge import ScriptedJudge


@pytest.fixture
def scripted(allow_loopback):
    """Three judges of their own minds, all of whom say met until the test says otherwise."""
    with (
        ScriptedJudge(rule="met") as one,
        ScriptedJudge(rule="met") as two,
        ScriptedJudge(rule="met") as three,
    ):
        yield one, two, three


@pytest.fixture
def panel(scripted, team):
    return panel_of(team, *scripted)
