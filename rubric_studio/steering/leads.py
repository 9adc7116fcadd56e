"""The words at the top of the report: the verdict and what it rests on."""

from rubric_studio.steering.assessment import Report, Verdict, sign_off
from rubric_studio.steering.samples import VerdictsFrom
from rubric_studio.steering.sentences import counted, listed

HEADLINES: dict[Verdict, str] = {
    "not_tested": "Not tested yet",
    "too_little_data": "Too little data to say",
    "steers": "Steers on your samples, as far as tested",
    "steers_with_warnings": "Steers on your samples, with warnings",
    "does_not_steer": "Does not steer on your samples",
}
# More figures than these are counted, as what to fix first names the gravest.
MOST_NAMED = 3


def headline(report: Report) -> str:
    return HEADLINES[report.verdict]


def lead(report: Report, verdicts_from: VerdictsFrom) -> str:
    """Two or three sentences on what order, tiers and bands say; never more than was measured."""
    if report.verdict == "not_tested":
        if verdicts_from != "run":
            return "No expert’s label fits the wording and the answers of this run."
        return "This run has no verdict on any answer yet."
    if report.verdict in ("too_little_data", "does_not_steer"):
        return " ".join(it for it in (report.order.sentence, _others(report), _open(report)) if it)
    parts = ["Better answers score higher."]
    if report.order.status != "ok":
        parts = [report.order.sentence]
    if report.order.measured.left_out:
        left_out = counted(report.order.measured.left_out, "answer has", "answers have")
        parts.append(f"{left_out} no complete score.")
    parts += [_tiers(report), _bands(report), _others(report), _open(report)]
    return " ".join(part for part in parts if part)


def _tiers(report: Report) -> str:
    gaps = report.separation.measured.margins
    unclear = sum(not margin.is_clear for margin in gaps)
    if not gaps:
        return ""
    if not unclear:
        return "Every tier stands clear of the next." if len(gaps) > 1 else "The tiers stand apart."
    if len(gaps) == 1:
        return "The tiers are not clear of each other."
    return (
        f"{unclear} of {len(gaps)} gaps between tiers {'is' if unclear == 1 else 'are'} not clear."
    )


def _bands(report: Report) -> str:
    tried, missed = report.bands.measured.hits.n, len(report.bands.measured.misses)
    if not tried:
        return "No band or anchor could be tried."
    if not missed:
        return "Every score falls in the range you stated for it."
    return f"{missed} of {counted(tried, 'stated range')} {'is' if missed == 1 else 'are'} missed."


def _others(report: Report) -> str:
    """The figures after the first three that are not as they should be, by name."""
    names = [f"{it.name.lower()} (figure {it.number})" for it in report.warned if it.number > 3]
    if not names:
        return ""
    if len(names) > MOST_NAMED:
        stop = sum(it.status == "stop" for it in report.warned if it.number > 3)
        ending = f", {stop} of them {'stops' if stop == 1 else 'stop'} sign-off" if stop else ""
        return f"{len(names)} more figures ask for a look{ending}."
    return f"Look at {listed(names)}."


def _open(report: Report) -> str:
    """What sign-off asks for and nothing is known of."""
    names = [it.name for it in sign_off(report) if it.status == "none" and it.number > 3]
    if not names:
        return ""
    said = listed([names[0], *(it.lower() for it in names[1:])])
    many = len(names) > 1 or names[0].endswith("s")
    return f"{said} {'are' if many else 'is'} not tested yet."
