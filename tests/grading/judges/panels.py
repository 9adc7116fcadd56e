"""A panel of judges of their own minds."""

from rubric_studio.grading.judges.panels import make_panel
from tests.cast import author_of
from tests.grading_cast import make_judge

NAMES = ("Ada", "Ben", "Cyd")


def panel_of(team, *scripted, **fields):
    judges = [
        make_judge(team, it, name=name, **fields) for name, it in zip(NAMES, scripted, strict=False)
    ]
    return make_panel(team, author_of(team), name="Panel", members=judges)
