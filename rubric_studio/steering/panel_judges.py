"""The judges of a panel, each as a source of verdicts of its own."""

from dataclasses import dataclass

from rubric_studio.grading.models import Run


@dataclass(frozen=True, slots=True)
class PanelJudge:
    """One judge and its part of the panel's run. `key` names it in addresses."""

    key: str
    name: str
    run: Run


def panel_judges(run: Run) -> tuple[PanelJudge, ...]:
    """None for a run by a single judge or by experts. One query for a panel's."""
    if run.judge is None or not run.judge.is_panel:
        return ()
    parts = Run.objects.filter(panel=run).select_related("judge", "version")
    found = []
    for part in parts.defer("document", "version__document").order_by("ordinal"):
        part.question = run.question
        found.append(PanelJudge(f"judge-{part.pk}", str(part.judge), part))
    return tuple(found)
