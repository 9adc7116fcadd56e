"""How a cell looks: its mark, its words, and how one's own label stands to it."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.types import Criterion
from rubric_studio.grading.models import Label, Status
from rubric_studio.grading.scores import CellVerdict, verdict_of_repeats
from rubric_studio.rubrics.drawing.marks import SHAPES, Mark, mark_of

NOT_DECIDED = Mark("failed", "no verdict: the program could not decide")
UNLABELLED = Mark("waiting", "not labelled")
_CREDIT, _PENALTY = ("met", "partly"), ("taken", "partly-taken")
# What a cell without a verdict says when its repeats differ.
_WORST_FIRST = (Status.PENDING, Status.FAILED, Status.CANNOT_ASSESS, Status.CANCELLED)
_SAME = 1e-9
_OPEN, _UPDATE = ' aria-current="true"', ' hx-swap-oob="true"'


@dataclass(frozen=True)
class Face:
    """A cell as it is drawn. `agrees`: one's own label does, differs, or can't be compared (None).
    `is_double`: one's own mark stands beside the judge's."""

    mark: Mark
    own: Mark | None = None
    agrees: bool | None = None
    is_double: bool = False

    @property
    def words(self) -> str:
        if self.own is None:
            return self.mark.words
        if self.agrees is None:
            return f"{self.mark.words}; your label: {self.own.words}"
        how = "agrees" if self.agrees else "differs"
        return f"{self.mark.words}; your label {how}: {self.own.words}"


def judged_mark(repeats: tuple[CellVerdict, ...], points: float, is_held: bool) -> Mark:
    """The mark of a cell's repeats together."""
    verdict = verdict_of_repeats(repeats)
    if verdict is not None:
        return _verdict_mark(verdict, points)
    statuses = {status for status, _ in repeats}
    status = next(it for it in _WORST_FIRST if it in statuses)
    return mark_of("judging" if status == Status.PENDING and is_held else status.value)


def cell_mark(repeats: tuple[CellVerdict, ...], criterion: Criterion, is_held: bool) -> Mark:
    """The mark of a cell, whoever decides it; `is_held`: a judge's worker is at the answer."""
    if criterion.check is None:
        return judged_mark(repeats, criterion.points, is_held)
    mark = judged_mark(repeats, criterion.points, is_held=False)
    return NOT_DECIDED if mark.shape == NOT_DECIDED.shape else mark


def label_mark(label: Label, points: float) -> Mark:
    if label.status == Label.Status.CANNOT_ASSESS:
        return Mark("cannot-assess", "cannot tell")
    return mark_of(label.status, label.value, points)


def agreement(repeats: tuple[CellVerdict, ...], label: Label) -> bool | None:
    """Whether a label says what the judge says; None where one of them says nothing."""
    verdict = verdict_of_repeats(repeats) if repeats else None
    if verdict is None or label.status == Label.Status.CANNOT_ASSESS:
        return None
    if isinstance(verdict, NotApplicable) or label.value is None:
        return isinstance(verdict, NotApplicable) and label.value is None
    return abs(float(verdict) - label.value) < _SAME


def draw_cell(code: str, address: str, face: Face, *, is_open: bool, is_update: bool) -> SafeString:
    """A table cell. `code` names it ("E.c-9f2k"), `address` (escaped) opens it without a script; an
    update takes the place of the cell on a page that is open.

    Put together by hand: a page may hold thousands, and only the code is not ours.
    """
    code = escape(code)
    return mark_safe(
        f'<td id="cell-{code}"{_UPDATE if is_update else ""}>'
        f'<a href="{address}&amp;cell={code}#cell" data-cell="{code}"'
        f"{_OPEN if is_open else ''}{_inside(face)}</a></td>"
    )


@lru_cache(maxsize=4096)
def _inside(face: Face) -> str:
    style = "" if face.agrees is None else " cell-agrees" if face.agrees else " cell-differs"
    second = _drawn(face.own.shape) if face.own and face.is_double else ""
    return format_html(
        ' class="cell{}{}" aria-label="{}">{}{}',
        style,
        " cell-both" if second else "",
        face.words,
        _drawn(face.mark.shape),
        second,
    )


def sprite() -> SafeString:
    """Every mark once: cells refer to them, since a page may hold thousands."""
    symbols = format_html_join(
        "",
        '<symbol id="m-{}" viewBox="0 0 16 16">{}</symbol>',
        ((shape, mark_safe(drawn)) for shape, drawn in SHAPES.items()),
    )
    return format_html(
        '<svg class="defs" width="0" height="0" aria-hidden="true">{}</svg>', symbols
    )


def _drawn(shape: str) -> SafeString:
    """The page's style gives it its size."""
    colour = "credit" if shape in _CREDIT else "penalty" if shape in _PENALTY else shape
    return format_html('<svg class="mark mark-{}"><use href="#m-{}"/></svg>', colour, shape)


@lru_cache(maxsize=4096)
def _verdict_mark(verdict: Verdict, points: float) -> Mark:
    if isinstance(verdict, NotApplicable):
        return mark_of("not_applicable")
    return mark_of("graded", float(verdict), points)
