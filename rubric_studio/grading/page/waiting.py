"""A run that nobody works on yet: said from its rows, so also while the broker is away."""

from datetime import timedelta

from django.utils.timezone import now

from rubric_studio.grading.models import Run

# What a worker takes up at once is not worth a word.
USUAL = timedelta(seconds=10)
WAITING = (
    "Queued: no worker has taken it up yet. Nothing is lost; it starts by itself as soon as a "
    "worker is there."
)


def waiting_sentence(run: Run | None) -> str:
    """Why nothing happens: no worker has begun. "" once one has, and while the judge rests."""
    if run is None or run.judge is None or run.status != Run.Status.QUEUED:
        return ""
    if run.started_at is not None or now() - run.created_at < USUAL:
        return ""
    if run.judge.resting_until is not None and run.judge.resting_until > now():
        return ""
    if run.judge.is_panel and run.members.exclude(started_at=None).exists():
        return ""
    return WAITING
