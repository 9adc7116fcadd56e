"""Figure 11: what the wording of the criteria lets go wrong, and what they leave out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from rubric_studio.engine.document.lint import LintFinding, lint_document
from rubric_studio.engine.document.lint.absence import absence_share
from rubric_studio.engine.document.lint.coverage import measure_coverage
from rubric_studio.engine.document.lint.whole import LEAST_ABSENCE, NO_ABSENCE
from rubric_studio.engine.document.types import Document, Json
from rubric_studio.rubrics.linting import noted
from rubric_studio.steering.figures.figure import FigureStatus, Group
from rubric_studio.steering.findings import Action, Finding, Kind
from rubric_studio.steering.material import Material
from rubric_studio.steering.sentences import counted

# Share of weight on absence criteria: HealthBench, and rubrics that a model wrote, both from
# arXiv 2605.12474.
REFERENCES = (("HealthBench", 0.225), ("Typical generated rubric", 0.086))
KINDS: dict[str, Kind] = {"L01": "compound", "L15": "duplicate", "R01": "no_absence_criteria"}
ACTIONS: dict[str, Action] = {"L01": "split", "R01": "add_absence_criterion", "R03": "reweight"}
WEIGHTS = {"error": 2.0, "warning": 1.0, "info": 0.0}
SHOWN = 8


@dataclass(frozen=True, slots=True)
class LintRow:
    """One finding. `words` are those of the sentence that it is about; number 0 and no criterion
    where the rubric as a whole is meant."""

    rule: str
    severity: Literal["error", "warning", "info"]
    title: str
    why: str
    detail: str
    words: str
    number: int
    criterion: str
    text: str
    reason: str = ""  # for which somebody let it stand


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    share: float
    is_own: bool

    @property
    def percent(self) -> float:
        """Of the plot, which ends at one half."""
        return round(min(200 * self.share, 100), 2)


@dataclass(frozen=True, slots=True)
class LintFigure:
    """`n` criteria, `pairs` of them compared; `parts` is None where the question has no requests
    that can be told apart. `let_stand` are findings that somebody dismissed: they count for
    nothing here and are shown with the reason."""

    number: ClassVar[int] = 11
    key: ClassVar[str] = "lint"
    name: ClassVar[str] = "Lint and coverage"
    group: ClassVar[Group] = "work"

    rows: tuple[LintRow, ...]
    n: int
    silent: int
    absence: float | None
    parts: int | None
    uncovered: tuple[str, ...]
    let_stand: tuple[LintRow, ...] = ()

    @property
    def status(self) -> FigureStatus:
        if self.n == self.silent:
            return "none"
        if self.counts["error"]:
            return "stop"
        return "look" if self.counts["warning"] else "ok"

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(it.severity for it in self.rows)
        return {name: found[name] for name in ("error", "warning", "info")}

    @property
    def sentence(self) -> str:
        if not self.n:
            return "There are no criteria to read yet."
        if self.n == self.silent:
            return "The rules read English only, so they say nothing of these criteria."
        errors, warnings = self.counts["error"], self.counts["warning"]
        if errors:
            said = f"{counted(errors, 'criterion', 'criteria')} can’t be judged as written"
            said += (
                f", and {counted(warnings, 'more place')} could be read two ways."
                if warnings
                else "."
            )
        elif warnings:
            said = f"{counted(warnings, 'place')} in the rubric to look at; none stops sign-off."
        else:
            said = "No rule finds anything wrong with the wording."
        if self.absence is not None:
            said += f" What must not be said carries {_percent(self.absence)} of the weight."
        return said

    @property
    def n_line(self) -> str:
        criteria, pairs = counted(self.n, "criterion", "criteria"), counted(self.pairs, "pair")
        said = f"n = {criteria}, {pairs} compared"
        return said + (f"; {self.silent} not in English, not read" if self.silent else "")

    @property
    def pairs(self) -> int:
        read = self.n - self.silent
        return read * (read - 1) // 2

    @property
    def shown(self) -> tuple[LintRow, ...]:
        return tuple(it for it in self.rows if it.severity != "info")[:SHOWN]

    @property
    def hidden(self) -> int:
        return self.counts["error"] + self.counts["warning"] - len(self.shown)

    @property
    def bars(self) -> tuple[Bar, ...]:
        own = () if self.absence is None else (Bar("This rubric", self.absence, True),)
        return (*own, *(Bar(name, share, False) for name, share in REFERENCES))

    @property
    def least(self) -> float:
        return 200 * LEAST_ABSENCE

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings())

    def as_json(self) -> dict[str, Json]:
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": self.n,
            "not_english": self.silent,
            "counts": {**self.counts},
            "absence_share": self.absence,
            "parts": self.parts,
            "uncovered": list(self.uncovered),
            "lint": [_as_json(it) for it in self.rows],
            "let_stand": [{**_as_json(it), "reason": it.reason} for it in self.let_stand],
        }

    def _findings(self) -> Iterator[Finding]:
        for it in self.rows:
            if it.severity == "info":
                continue
            what = f"“{it.words}”: " if it.words else f"{it.detail}. " if it.detail else ""
            yield Finding(
                kind=KINDS.get(it.rule, "lint"),
                figure=11,
                title=_title(it),
                sentence=f"{it.title}. {what}{it.why}",
                criterion=it.criterion or None,
                action=ACTIONS.get(it.rule, "reword"),
                weight=WEIGHTS[it.severity],
            )


def measure(material: Material) -> LintFigure:
    document = material.document
    lint, coverage = lint_document(document), measure_coverage(document)
    numbers = {it.key: number for number, it in enumerate(document.criteria, start=1)}
    # “No example yet” (L18) holds of nearly every criterion at first, and is no fault of the
    # wording, which this figure sums up: the writing page gives it as a hint.
    found = [it for it in lint.findings if it.rule.id != "L18"]
    rows: list[LintRow] = []
    let_stand: list[LintRow] = []
    for it in found:
        reason = material.let_stand.get(noted(it, document).key)
        (rows if reason is None else let_stand).append(_row(it, document, numbers, reason or ""))
    rows.sort(key=lambda it: -WEIGHTS[it.severity])
    return LintFigure(
        rows=tuple(rows),
        let_stand=tuple(let_stand),
        n=lint.n,
        silent=len(lint.silent),
        absence=absence_share(document),
        parts=None if coverage.parts is None else len(coverage.parts),
        uncovered=coverage.uncovered,
    )


def _row(finding: LintFinding, document: Document, numbers: dict[str, int], reason: str) -> LintRow:
    key = finding.criterion or ""
    text = document.criterion(key).text if key else ""
    words = " … ".join(text[start:end] for start, end in finding.spans[:3])
    return LintRow(
        rule=finding.rule.id,
        severity=finding.rule.severity,
        title=finding.rule.title,
        why=finding.rule.why,
        detail=finding.detail,
        words=words if len(words) <= 80 else words[:79] + "…",
        number=numbers.get(key, 0),
        criterion=key,
        text=text,
        reason=reason,
    )


def _as_json(row: LintRow) -> dict[str, Json]:
    return {
        "rule": row.rule,
        "severity": row.severity,
        "criterion": row.criterion or None,
        "title": row.title,
        "detail": row.detail,
        "words": row.words,
    }


def _title(row: LintRow) -> str:
    if row.rule == "L01":
        return f"Split criterion {row.number} in two"
    if row.rule == "L15":
        return f"Join criterion {row.number} with its twin, or drop it"
    if ACTIONS.get(row.rule) == "reweight" and row.number:
        return f"Share out the points of criterion {row.number}"
    if row.rule == NO_ABSENCE.id:
        return "Add a criterion for what must not be said"
    return f"Reword criterion {row.number}" if row.number else row.title


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
