"""Whose verdicts a report can be measured from, by the names that addresses use."""

from dataclasses import dataclass

from rubric_studio.grading.label_sources import LabelSource, sources_of
from rubric_studio.grading.models import Run
from rubric_studio.steering.panel_judges import PanelJudge, panel_judges
from rubric_studio.steering.samples import VerdictsFrom


@dataclass(frozen=True, slots=True)
class VerdictSources:
    """Of `run`: itself, each judge of its panel, and its experts together and one by one."""

    run: Run
    judges: tuple[PanelJudge, ...]
    experts: tuple[LabelSource, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        experts = [it.key for it in self.experts if it.key != "labels"]
        return ("run", "labels", *(it.key for it in self.judges), *experts)

    def pick(self, key: str) -> tuple[Run, VerdictsFrom]:
        """The run and the source that `key` means: of a panel's judge its own part of the run,
        where its quotes and reasons are. Raises KeyError for another key."""
        if key not in self.keys:
            raise KeyError(key)
        part = next((it.run for it in self.judges if it.key == key), None)
        return (self.run, key) if part is None else (part, "run")


def verdict_sources(run: Run) -> VerdictSources:
    return VerdictSources(run, panel_judges(run), sources_of(run))
