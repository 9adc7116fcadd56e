"""The steering report of a run, as a value and as JSON."""

from collections.abc import Iterable
from typing import Any

from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.measuring.bands import Placed
from rubric_studio.engine.measuring.intervals import Interval
from rubric_studio.engine.measuring.order import Pair
from rubric_studio.engine.measuring.separation import Margin
from rubric_studio.grading.models import Run, SampleAnswer
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.scores import (
    AnswerVerdicts,
    label_verdicts,
    score_answers,
    verdicts_of,
)
from rubric_studio.steering.assessment import Report, assess
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.samples import Noise, VerdictsFrom, answers_of, noise_of, samples_from

__all__ = ["Report", "report_json", "report_of"]


def report_of(run: Run, *, verdicts_from: VerdictsFrom = "run") -> Report:
    """What the run says of its answers, those in the trash left out.

    Scored under the run's own document; tiers, bands and anchors as they are stated now. From
    experts' labels there is no noise: a label is given once.
    """
    document = document_of(run)
    if verdicts_from == "run":
        noise = noise_of([run], {run.pk: document}).get(run.pk, {})
        return report_from(run, document, answers_of([run])[run.pk], verdicts_of(run), noise)
    pinned = list(run.run_answers.select_related("answer").filter(answer__deleted_at=None))
    labelled = label_verdicts(run, document, pinned, "labels")
    return report_from(run, document, [it.answer for it in pinned], labelled, {})


def report_from(
    run: Run,
    document: Document,
    answers: Iterable[SampleAnswer],
    verdicts: dict[Any, AnswerVerdicts],
    noise: Noise,
) -> Report:
    """The report on verdicts that are at hand already, by the answers' ids."""
    samples = samples_from(run, score_answers(document, answers, verdicts), noise)
    return assess(samples, document, {str(key): given for key, given in verdicts.items()})


def report_json(report: Report) -> dict[str, Json]:
    """The report for programs. Answers are named by id, criteria by key; shares lie in [0, 1]."""
    return {
        "verdict": report.verdict,
        "fix_first": [_finding(finding) for finding in report.fix_first],
        "figures": {
            "order": _order(report),
            "separation": _separation(report),
            "bands": _bands(report),
        },
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


def _order(report: Report) -> dict[str, Json]:
    order = report.order
    return {
        "status": report.order_status,
        "sentence": report.order_sentence,
        "n": order.n,
        "left_out": order.left_out,
        "needs": order.needs,
        "needs_to_beat_luck": order.needs_to_beat_luck,
        "tiers": order.tiers,
        "pairs": order.pairs,
        "concordance": order.concordance,
        "strict_accuracy": order.strict,
        "tau_b": order.tau_b,
        "chance": order.chance,
        "p": order.p,
        "interval": _interval(order.interval),
        "inversions": [_pair(pair, report) for pair in order.inversions],
        "ties": [_pair(pair, report) for pair in order.ties],
    }


def _pair(pair: Pair, report: Report) -> dict[str, Json]:
    better, worse = report.samples[pair.better], report.samples[pair.worse]
    return {"better": better.id, "worse": worse.id, "gap": pair.gap}


def _separation(report: Report) -> dict[str, Json]:
    separation = report.separation
    return {
        "status": report.separation_status,
        "sentence": report.separation_sentence,
        "n": separation.n,
        "left_out": separation.left_out,
        "needs": separation.needs,
        "noise": separation.noise,
        "tiers": [
            {
                "tier": tier.tier,
                "n": tier.n,
                "low": tier.low,
                "high": tier.high,
                "mean": tier.mean,
                "noise": tier.noise,
            }
            for tier in separation.tiers
        ],
        "margins": [_margin(margin, report) for margin in separation.margins],
    }


def _margin(margin: Margin, report: Report) -> dict[str, Json]:
    return {
        "upper": margin.upper,
        "lower": margin.lower,
        "lowest_above": report.samples[margin.lowest_above].id,
        "highest_below": report.samples[margin.highest_below].id,
        "worst": margin.worst,
        "mean": margin.mean,
        "z": margin.z,
        "clear": margin.is_clear,
    }


def _bands(report: Report) -> dict[str, Json]:
    bands = report.bands
    return {
        "status": report.bands_status,
        "sentence": report.bands_sentence,
        "n": bands.hits.n,
        "left_out": bands.left_out,
        "needs": bands.needs,
        "hits": bands.hits.hits,
        "rate": bands.hits.share,
        "interval": _interval(bands.hits.interval),
        "stated_late": sum(sample.stated_late for sample in report.samples),
        "untestable": [report.samples[index].id for index in bands.untestable],
        "stated": [_placed(placed, report) for placed in (*bands.bands, *bands.anchors)],
    }


def _placed(placed: Placed, report: Report) -> dict[str, Json]:
    return {
        "answer": report.samples[placed.index].id,
        "anchor": placed.anchor,
        "low": placed.low,
        "high": placed.high,
        "score": placed.score,
        "miss": placed.miss,
        "hit": placed.is_hit,
    }


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
