"""Figure 8: whether the judge and the experts, and the experts among themselves, agree."""

from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.agreement import Confusion, pairs_missing
from rubric_studio.engine.measuring.pooling import Pooled, PooledAlpha, pool, pool_alpha
from rubric_studio.engine.measuring.standing import Against, Standing, standing
from rubric_studio.steering.drawing.agreement_figure import AgreementDrawing, draw_agreement
from rubric_studio.steering.figures.agreement_rows import (
    MAX_BIAS,
    MIN_RAW,
    AgreementRow,
    Cell,
    counts,
    judge_pairs,
    labelled_cells,
    rows_of,
)
from rubric_studio.steering.figures.agreement_words import findings_of, sentence_of
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.sentences import counted

MIN_KAPPA = 0.4


@dataclass(frozen=True, slots=True)
class AgreementFigure:
    """`rows` has the least agreed on first. `pooled` is the judge against every label, `alpha` the
    experts among themselves. Labels that count for nothing here: `stale`, and `aside` (not
    applicable, cannot tell, or no verdict of the judge to set beside)."""

    number: ClassVar[int] = 8
    key: ClassVar[str] = "agreement"
    name: ClassVar[str] = "Agreement with experts"
    group: ClassVar[Group] = "trust"

    rows: tuple[AgreementRow, ...]
    pooled: Pooled
    alpha: PooledAlpha
    standing: Standing
    experts: int
    labels: int
    stale: int
    aside: int
    by_judge: bool

    @property
    def status(self) -> FigureStatus:
        judged_rows = any(not it.judge.needs or not it.experts.needs for it in self.rows)
        if not judged_rows and self.pooled.counts.needs_for_kappa:
            return "none"
        flagged = any(it.is_flagged for it in self.rows)
        as_a_whole = self.is_biased or self.has_low_kappa or self.is_low
        return "look" if flagged or as_a_whole else "ok"

    @property
    def is_low(self) -> bool:
        """Whether judge and experts agree less than they should over all criteria."""
        interval = self.pooled.raw_interval
        enough = not self.pooled.counts.needs_for_kappa
        return enough and interval is not None and interval.high < MIN_RAW

    @property
    def has_low_kappa(self) -> bool:
        """Whether the judge may agree little more than chance would."""
        interval = self.pooled.kappa_interval
        enough = not self.pooled.counts.needs_for_kappa
        return enough and interval is not None and interval.low < MIN_KAPPA

    @property
    def is_biased(self) -> bool:
        """Whether the judge credits, or refuses, more than the experts over all criteria."""
        interval, bias = self.pooled.bias_interval, self.pooled.counts.bias
        if self.pooled.counts.needs_for_kappa or interval is None or bias is None:
            return False
        return abs(bias) > MAX_BIAS and 0.0 not in interval

    @property
    def labels_missing(self) -> int | None:
        """Labels until the pooled kappa is known to ± 0.1, as far as these foretell."""
        return pairs_missing(self.pooled.counts)

    @property
    def sentence(self) -> str:
        return sentence_of(self)

    @property
    def n_line(self) -> str:
        pairs = self.pooled.counts.n
        said = f"n = {counted(self.experts, 'expert')}, {counted(self.labels, 'label')}"
        if self.by_judge:
            said += f", {counted(pairs, 'pair')} with the judge"
        if self.alpha.units:
            said += f", {counted(self.alpha.units, 'cell')} labelled by two or more"
        if self.aside:
            said += f"; {self.aside} set aside"
        return said + (f"; {self.stale} stale" if self.stale else "")

    @property
    def findings(self) -> tuple[Finding, ...]:
        return findings_of(self)

    @property
    def drawing(self) -> AgreementDrawing:
        return draw_agreement(self.rows, self.pooled, self.alpha)

    def as_json(self) -> dict[str, Json]:
        pooled = self.pooled
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": pooled.counts.n,
            "needs": pooled.counts.needs_for_kappa,
            "experts": self.experts,
            "labels": self.labels,
            "stale": self.stale,
            "set_aside": self.aside,
            "judge": {
                **counts_json(pooled.counts),
                "raw_interval": interval_json(pooled.raw_interval),
                "kappa_interval": interval_json(pooled.kappa_interval),
                "bias_interval": interval_json(pooled.bias_interval),
                "percentile_of_experts": self.standing.percentile,
                "labels_missing": self.labels_missing,
            },
            "between_experts": {
                "n": self.alpha.units,
                "alpha": self.alpha.alpha,
                "interval": interval_json(self.alpha.interval),
            },
            "criteria": [_row_json(it) for it in self.rows],
        }


def measure(material: Material) -> AgreementFigure:
    """Labels that are stale, not applicable or "cannot tell" do not count; levels count as met
    from one half upwards, and with their values where experts are compared."""
    cells = labelled_cells(material)
    pairs = [(cell.answer, *pair) for cell in cells for pair in judge_pairs(cell)]
    ids = [answer for answer, _, _ in pairs]
    ordinary = {it.id for it in material.samples}
    given = [it for it in material.labels if it.answer in ordinary]
    stale = sum(it.is_stale for it in given)
    used = sum(len(cell.experts) for cell in cells)
    return AgreementFigure(
        rows=rows_of(material, cells),
        pooled=pool([it[1] for it in pairs], [it[2] for it in pairs], [""] * len(pairs), ids),
        alpha=pool_alpha(
            [[value for _, value in cell.experts] for cell in cells],
            [""] * len(cells),
            [cell.answer for cell in cells],
        ),
        standing=_standing(material, cells),
        experts=len({it.rater for it in given if counts(it)}),
        labels=used,
        stale=stale,
        aside=len(given) - stale - (len(pairs) if material.by_judge else used),
        by_judge=material.by_judge,
    )


def _standing(material: Material, cells: tuple[Cell, ...]) -> Standing:
    """The judge among the experts, who go by their names."""
    names = {it.rater: it.name for it in material.labels}
    experts: dict[str, dict[tuple[str, str], bool]] = {}
    for cell in cells:
        for rater, value in cell.experts:
            experts.setdefault(rater, {})[cell.answer, cell.criterion] = value >= 0.5
    judge = {(it.answer, it.criterion): it.judge for it in cells if it.judge is not None}
    found = standing("judge", judge, experts)
    named = tuple(Against(names[it.rater], it.others, it.counts) for it in found.experts)
    return Standing(found.judge, named, found.percentile, found.needs)


def counts_json(counts: Confusion) -> dict[str, Json]:
    """A table of two raters with all that follows from it; null where it carries no figure."""
    return {
        "n": counts.n,
        "both_met": counts.tp,
        "false_accepts": counts.fp,
        "false_rejects": counts.fn,
        "both_unmet": counts.tn,
        "raw": counts.raw.share,
        "raw_wilson": interval_json(counts.raw.interval),
        "kappa": None if counts.needs_for_kappa else counts.kappa,
        "ac1": counts.ac1 if counts.is_lopsided and not counts.needs_for_kappa else None,
        "macro_f1": None if counts.needs_for_kappa else counts.macro_f1,
        "bias": counts.bias,
    }


def _row_json(row: AgreementRow) -> dict[str, Json]:
    return {
        "criterion": row.key,
        "n": row.judge.n,
        "needs": row.judge.needs,
        "agreed": row.judge.raw.hits,
        "raw": row.judge.raw.share,
        "interval": interval_json(row.judge.raw.interval),
        "false_accepts": row.judge.fp,
        "false_rejects": row.judge.fn,
        "bias": row.judge.bias,
        "flagged": row.is_flagged,
        "experts": {
            "n": row.experts.n,
            "raw": row.experts.raw.share,
            "interval": interval_json(row.experts.raw.interval),
        },
        "differ": [it.answer for it in row.wrong],
    }
