"""The steering report of a run, as a value and as JSON."""

from collections.abc import Iterable
from typing import Any

from rubric_studio.engine.document.types import Document, Json
from rubric_studio.grading.models import Run, SampleAnswer
from rubric_studio.grading.scores import AnswerVerdicts, score_answers
from rubric_studio.steering.assessment import Report, measure_report
from rubric_studio.steering.figures.registry import OF_THE_ORDER
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.loading import material_of
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Noise, VerdictsFrom, samples_from

__all__ = ["Report", "report_json", "report_of"]


def report_of(run: Run, *, verdicts_from: VerdictsFrom = "run") -> Report:
    """What the run says of its answers: see `material_of`."""
    return measure_report(material_of(run, verdicts_from=verdicts_from))


def report_from(
    run: Run,
    document: Document,
    answers: Iterable[SampleAnswer],
    verdicts: dict[Any, AnswerVerdicts],
    noise: Noise,
) -> Report:
    """Order, tiers and bands alone, on verdicts that are at hand already, by the answers' ids."""
    samples = samples_from(score_answers(document, answers, verdicts), noise)
    named = {str(key): given for key, given in verdicts.items()}
    material = Material(document, samples, named, judged=named, asked=run.repeats)
    return measure_report(material.with_held_out_apart(), OF_THE_ORDER)


def report_json(report: Report) -> dict[str, Json]:
    """The report for programs. Answers are named by id, criteria by key; shares lie in [0, 1]."""
    return {
        "verdict": report.verdict,
        "fix_first": [_finding(finding) for finding in report.first_findings],
        "figures": {figure.key: figure.as_json() for figure in report.figures},
    }


def _finding(finding: Finding) -> dict[str, Json]:
    return {
        "kind": finding.kind,
        "criterion": finding.criterion,
        "answer": finding.answer,
        "probe": finding.probe,
        "figure": finding.figure,
        "sentence": finding.sentence,
    }
