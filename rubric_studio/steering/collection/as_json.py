"""Judges against experts as programs read it."""

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.pooling import Pooled
from rubric_studio.engine.measuring.standing import RaterPair
from rubric_studio.steering.collection.agreement import (
    CollectionAgreement,
    CriterionErrors,
    JudgeAgreement,
    Part,
    criterion_errors,
)
from rubric_studio.steering.collection.cells import CollectionCells
from rubric_studio.steering.figures.agreement import counts_json
from rubric_studio.steering.figures.figure import interval_json


def agreement_json(cells: CollectionCells, found: CollectionAgreement) -> dict[str, Json]:
    """Shares lie in [0, 1], null is what the labels do not carry. Criteria are those with a label
    to set the judge beside."""
    return {
        "questions": found.questions,
        "labelled_questions": found.labelled_questions,
        "labelled_answers": found.labelled_answers,
        "experts": found.experts,
        "labels": found.labels,
        "set_aside": found.left,
        "without_judge": found.unused,
        "between_experts": {
            "n": found.alpha.units,
            "alpha": found.alpha.alpha,
            "interval": interval_json(found.alpha.interval),
            "kappa_range": interval_json(found.ceiling),
            "pairs": [_pair_json(it) for it in found.pairs],
        },
        "judges": [_judge_json(cells, it) for it in found.judges],
        "between_judges": [_pair_json(it) for it in found.judge_pairs],
    }


def _judge_json(cells: CollectionCells, judge: JudgeAgreement) -> dict[str, Json]:
    cost = judge.cost_per_thousand
    return {
        "judge": str(judge.cells.judge.pk),
        "name": judge.name,
        **_pooled_json(judge.pooled),
        "percentile_of_experts": judge.standing.percentile,
        "bias_spread": judge.spread,
        "cost_per_1000_verdicts": None if cost is None else f"{cost:f}",
        "sources": [_part_json(it) for it in judge.sources],
        "signs": [_part_json(it) for it in judge.signs],
        "criteria": [_errors_json(it) for it in criterion_errors(cells, judge.cells)],
    }


def _pooled_json(pooled: Pooled) -> dict[str, Json]:
    return {
        **counts_json(pooled.counts),
        "questions": pooled.questions,
        "answers": pooled.answers,
        "raw_interval": interval_json(pooled.raw_interval),
        "kappa_interval": interval_json(pooled.kappa_interval),
        "macro_f1_interval": interval_json(pooled.macro_f1_interval),
        "bias_interval": interval_json(pooled.bias_interval),
    }


def _part_json(part: Part) -> dict[str, Json]:
    return {"name": part.name, **_pooled_json(part.pooled)}


def _pair_json(pair: RaterPair) -> dict[str, Json]:
    return {"first": pair.first, "second": pair.second, **counts_json(pair.counts)}


def _errors_json(row: CriterionErrors) -> dict[str, Json]:
    return {
        "question": str(row.asked.question),
        "criterion": row.asked.key,
        "run": str(row.run),
        **counts_json(row.counts),
        "wrong": [
            {
                "answer": str(it.answer.pk),
                "judge": "met" if it.accepts else "unmet",
                "against": it.against,
                "labels": it.labels,
            }
            for it in row.wrong
        ],
    }
