"""Verdict marks. The shape says the verdict, the colour what it did to the score."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from rubric_studio.rubrics.drawing.numbers import plain, signed

_SQUARE = '<rect x="1.5" y="1.5" width="13" height="13" rx="3"{}/>'
_OUTLINE = _SQUARE.format(' class="mark-line"')
_DASHED = _SQUARE.format(' class="mark-line mark-dashed"')
_FILLED = '<rect x="1" y="1" width="14" height="14" rx="3.5" class="mark-fill"/>'
_TICK = '<path d="M4.6 8.3l2.3 2.3 4.6-5" class="mark-cut"/>'
_TRIANGLE = "M1.6 2h12.8c.9 0 1.4 1 .9 1.7l-6.4 10c-.4.7-1.4.7-1.8 0L.7 3.7C.2 3 .7 2 1.6 2z"
_HALF_TRIANGLE = "M12.4 8.2L8.9 13.7c-.4.7-1.4.7-1.8 0L3.6 8.2z"
_SIGN = '<text x="8" y="11.8" class="mark-sign">{}</text>'

SHAPES = {
    "met": _FILLED + _TICK,
    "taken": f'<path d="{_TRIANGLE}" class="mark-fill"/><path d="M5.2 5.4h5.6" class="mark-cut"/>',
    "partly": _OUTLINE
    + '<path d="M1.5 8.5h13v3a3 3 0 0 1-3 3h-7a3 3 0 0 1-3-3z" class="mark-fill"/>',
    "partly-taken": f'<path d="{_TRIANGLE}" class="mark-line"/>'
    f'<path d="{_HALF_TRIANGLE}" class="mark-fill"/>',
    "unmet": _OUTLINE,
    "spared": '<circle cx="8" cy="8" r="2.4" class="mark-line"/>',
    "not-applicable": '<path d="M4 8h8" class="mark-line mark-dash"/>',
    "failed": _DASHED + _SIGN.format("!"),
    "cannot-assess": _DASHED + _SIGN.format("?"),
    "judging": '<circle cx="8" cy="8" r="5.5" class="mark-orbit"/>'
    '<path d="M8 2.5A5.5 5.5 0 0 1 13.5 8" class="mark-line mark-arc"/>',
    "waiting": '<circle cx="8" cy="8" r="1.2" class="mark-fill"/>',
    "cancelled": _DASHED,
}
_EFFECTS = {"met": "credit", "partly": "credit", "taken": "penalty", "partly-taken": "penalty"}
_WORDS = {
    "not_applicable": ("not-applicable", "not applicable"),
    "failed": ("failed", "no verdict: the judge failed"),
    "cannot_assess": ("cannot-assess", "no verdict: cannot assess"),
    "judging": ("judging", "judging"),
    "pending": ("waiting", "waiting"),
    "stale": ("waiting", "reworded since it was judged"),
    "cancelled": ("cancelled", "cancelled, no verdict"),
}


@dataclass(frozen=True)
class Mark:
    shape: str
    words: str


def mark_of(status: str, value: float | None = None, points: float = 1) -> Mark:
    """Shape and words for a cell.

    status: a grade's status, or "judging", "stale"; value in [0, 1] when it is "graded".
    Raises ValueError for a status that does not exist, or a verdict without its value.
    """
    if status in _WORDS:
        return Mark(*_WORDS[status])
    if status != "graded" or value is None:
        raise ValueError(f"There is no mark for status {status!r} with value {value!r}.")
    if value <= 0:
        if points < 0:
            return Mark("spared", "not met, nothing lost")
        return Mark("unmet", f"not met, {plain(points)} points missed")
    effect = f"{signed(points * value)} points"
    if value >= 1:
        return Mark("met" if points > 0 else "taken", f"met, {effect}")
    return Mark("partly" if points > 0 else "partly-taken", f"partly, {plain(value)}: {effect}")


def blind_mark_of(status: str, value: float | None = None) -> Mark:
    """As mark_of, but telling nothing of points: for those who label without seeing them."""
    mark = mark_of(status, value)
    return Mark(mark.shape, mark.words.partition(",")[0]) if status == "graded" else mark


def draw_mark(mark: Mark, size: int = 16, *, colour: bool = True) -> SafeString:
    """The mark as SVG, `size` pixels wide; without `colour` it says nothing of the score."""
    effect = f" mark-{_EFFECTS.get(mark.shape, mark.shape)}" if colour else ""
    return format_html(
        '<svg class="mark{}" width="{}" height="{}" viewBox="0 0 16 16" role="img">'
        "<title>{}</title>{}</svg>",
        effect,
        size,
        size,
        mark.words,
        mark_safe(SHAPES[mark.shape]),
    )


def draw_reference(mark: Mark, size: int = 16) -> SafeString:
    """The mark as a reference to a page's own copy of it, for pages with thousands; silent, its
    words stand beside it."""
    return format_html(
        '<svg class="mark mark-{}" width="{}" height="{}" aria-hidden="true">'
        '<use href="#m-{}"/></svg>',
        _EFFECTS.get(mark.shape, mark.shape),
        size,
        size,
        mark.shape,
    )
