"""Points on their axis, tiers, scores on their scale. Widths are attributes, colours classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rubric_studio.rubrics.drawing.numbers import MINUS, score, signed

TIERS = {1: "weak", 2: "acceptable", 3: "strong"}
# Half the width of the points axis, in pixels; the largest points of a list reach it.
_REACH = 20


def draw_points(points: float, max_abs: float) -> SafeString:
    """A bar from the axis: right for points to earn, left for points to lose.

    The axis runs the whole height of the row, so that rows in a list share one line.
    """
    width = round(max(1.5, _REACH * min(1.0, abs(points) / max_abs)), 2) if max_abs else 0
    middle = _REACH + 2
    return format_html(
        '<svg class="points-bar" width="{}" height="100%" aria-hidden="true">'
        '<line x1="{}" x2="{}" y1="0" y2="100%" class="axis"/>'
        '<rect x="{}" y="50%" width="{}" height="6" rx="1" transform="translate(0 -3)"'
        ' class="fill-{}"/></svg>',
        2 * middle,
        middle,
        middle,
        middle if points > 0 else middle - width,
        width,
        "credit" if points > 0 else "penalty",
    )


def draw_tier(tier: int | None) -> SafeString:
    """Three rising bars; as many are filled as the tier is high. Nothing stated: all are open."""
    steps = min(tier or 0, 3)
    words = f"tier {tier}, {TIERS[tier]}" if tier in TIERS else f"tier {tier}"
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="3" height="{}" rx=".5" class="{}"/>',
        (
            (1 + 4.5 * step, 11 - 3.5 * step, 3 + 3.5 * step, "on" if step < steps else "off")
            for step in range(3)
        ),
    )
    return format_html(
        '<svg class="tier" width="14" height="14" viewBox="0 0 14 14" role="img">'
        "<title>{}</title>{}</svg>",
        words if tier else "no tier stated",
        bars,
    )


@dataclass(frozen=True)
class Span:
    """From one end to the other, in percent of the picture's width."""

    start: float
    end: float

    @property
    def width(self) -> float:
        return round(self.end - self.start, 2)


@dataclass(frozen=True)
class Scale:
    """Where a score stands, in percent: the left edge is `low`, the right edge 1."""

    low: float

    def at(self, value: float) -> float:
        return round(100 * (min(1.0, max(self.low, value)) - self.low) / (1 - self.low), 2)

    def span(self, a: float, b: float) -> Span:
        return Span(self.at(min(a, b)), self.at(max(a, b)))


def _words(low: float, high: float, value: float | None, band: tuple[float, float] | None) -> str:
    said = f"score {score(value)}" if value is not None else f"score {score(low)} to {score(high)}"
    expected = f", expected {score(band[0])} to {score(band[1])}" if band else ""
    return said + expected


def draw_score(
    low: float,
    high: float,
    value: float | None,
    band: tuple[float, float] | None = None,
    *,
    worst: float = -1.0,
) -> SafeString:
    """A score on its scale, from `worst` (at most 0) to 1, with a line at zero.

    Known: solid from zero to the score. Incomplete (value None): solid as far as it surely goes,
    hatched between `low` and `high`. The expected band is a line below.
    """
    scale = Scale(min(worst, -0.05))
    near, far = (value, value) if value is not None else sorted((low, high), key=abs)
    sure = near if low * high > 0 or value is not None else 0.0
    parts = [_bar("track", Span(0, 100), 3, 6)]
    if sure:
        parts.append(_bar("fill-penalty" if sure < 0 else "fill-score", scale.span(0, sure), 3, 6))
    if value is None:
        open_part = scale.span(sure or low, far if sure else high)
        parts += [_bar("open", open_part, 3, 6), _bar("hatch", open_part, 3, 6)]
    if band:
        parts.append(_bar("band", scale.span(*band), 12, 2))
    zero = format_html('<line x1="{0}%" x2="{0}%" y1="0" y2="12" class="zero"/>', scale.at(0))
    return format_html(
        '<svg class="score-bar" width="100%" height="14" role="img"><title>{}</title>{}{}</svg>',
        _words(low, high, value, band),
        format_html_join("", "{}", ((part,) for part in parts)),
        zero,
    )


def _bar(name: str, span: Span, top: int, height: int) -> SafeString:
    fill = ' fill="url(#hatch)"' if name == "hatch" else ""
    return format_html(
        '<rect x="{}%" y="{}" width="{}%" height="{}" class="{}"' + fill + "/>",
        span.start,
        top,
        max(span.width, 1.0),
        height,
        name,
    )


def draw_weight(earn: float, lose: float, largest: float) -> SafeString:
    """Points to earn and to lose of a section or question, as one bar; `largest` fills it."""
    total = largest or 1
    green, rust = 100 * earn / total, 100 * abs(lose) / total
    return format_html(
        '<svg class="weight-bar" width="76" height="6" role="img"><title>{} and {} points</title>'
        '<rect width="100%" height="6" rx="1" class="track"/>'
        '<rect width="{}%" height="6" rx="1" class="fill-credit"/>'
        '<rect x="{}%" width="{}%" height="6" rx="1" class="fill-penalty"/></svg>',
        signed(earn),
        signed(lose) if lose else f"{MINUS}0",
        round(green, 2),
        round(green, 2),
        round(rust, 2),
    )


# More answers than this, and a bar stands for several of them.
_MOST_BARS = 18


def draw_counts(tiers: Sequence[tuple[int, int]], rest: int) -> SafeString:
    """How many answers there are of each tier, the highest first, a bar for each; `rest` are those
    without a tier, drawn open."""
    total = sum(count for _, count in tiers) + rest
    each = -(-total // _MOST_BARS) or 1
    bars, x = [], 0.0
    for tier, count in [*tiers, *([(0, rest)] if rest else [])]:
        height, style = (
            (5 if tier < 2 else 8 if tier == 2 else 12),
            "fill-score" if tier else "unranked",
        )
        for _ in range(-(-count // each)):
            bars.append((x, 12 - height, height, style))
            x += 5.5
        x += 4
    named = [f"{count} {TIERS.get(tier, f'of tier {tier}')}" for tier, count in tiers]
    words = ", ".join([*named, *([f"{rest} without a tier"] if rest else [])])
    return format_html(
        '<svg class="tier-counts" width="{}" height="12" role="img"><title>{}</title>{}</svg>',
        max(round(x - 5.5, 1), 4),
        words,
        format_html_join(
            "", '<rect x="{}" y="{}" width="4" height="{}" rx=".5" class="{}"/>', bars
        ),
    )
