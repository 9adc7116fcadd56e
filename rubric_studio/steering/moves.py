"""What moved between two runs, for a reader who should not have to wait for it: see `reading`.

What a worker compared is kept with the later run's reports, under the earlier run's name.
"""

from dataclasses import dataclass
from hashlib import sha256
from time import process_time
from uuid import UUID

from django.utils.timezone import now
from pydantic import ValidationError

from rubric_studio.engine.document.canonical import content_hash
from rubric_studio.engine.document.comparing import compare
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.inputs import inputs_of
from rubric_studio.steering.loading import material_of
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.moves_stored import regression_as_text, regression_from_text
from rubric_studio.steering.reading import Standing, ask_for, is_small
from rubric_studio.steering.regression import Regression, what_moved
from rubric_studio.steering.storing import is_kept

# So many finished runs are looked through for one of a document.
MOST_RUNS = 20
# A kept comparison's name in place of a source of verdicts: this and the earlier run's id.
SINCE = "since-"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs and what moved between them. `regression` is None while one of them is missing, or
    a worker still compares them; `is_current` and `is_asked` as of a `Reading`."""

    before: Run | None
    after: Run | None
    regression: Regression | None
    is_current: bool = True
    is_asked: bool = True

    @property
    def other_judge(self) -> bool:
        """Whether the runs were judged differently, so that not all is the rubric's doing."""
        if self.before is None or self.after is None:
            return False
        return _judging(self.before) != _judging(self.after)


def compared_runs(question: Question, old: Document, new: Document) -> Compared:
    """The newest finished runs of these two rubrics and what moved; of the older one a run by the
    same judge, where there is one."""
    runs = Run.objects.whole().filter(question=question, status__in=Run.FINISHED)
    recent = list(runs.select_related("judge")[:MOST_RUNS])
    after = next((it for it in recent if _tries(it, new)), None)
    olds = [it for it in recent if it != after and _tries(it, old)]
    alike = [it for it in olds if after is not None and _judging(it) == _judging(after)]
    before = next(iter([*alike, *olds]), None)
    if before is None or after is None:
        return Compared(before, after, None)
    return compared(before, after)


def compared(before: Run, after: Run) -> Compared:
    """Small runs at once, of others what a worker found, the last time or by now."""
    if is_small(before, after):
        return Compared(before, after, what_moved(material_of(before), material_of(after)))
    row = StoredReport.objects.filter(run=after, verdicts_from=_since(before)).first()
    regression = _read(row) if row else None
    is_current = row is not None and regression is not None and row.inputs == _of(before, after)
    was_asked = is_current or ask_for(after, _since(before))
    return Compared(before, after, regression, is_current, was_asked)


def standing_of_move(before: Run, after: Run) -> Standing:
    """For those who wait for it."""
    if is_small(before, after):
        return Standing(is_current=True)
    if is_kept(after, _since(before), _of(before, after)):
        return Standing(is_current=True)
    return Standing(is_current=False, is_asked=ask_for(after, _since(before)))


def measure_move(row: StoredReport) -> None:
    """What a worker does. May run twice."""
    after, started = row.run, process_time()
    runs = Run.objects.filter(question=after.question_id).select_related("question")
    before = runs.filter(pk=UUID(row.verdicts_from.removeprefix(SINCE))).first()
    if before is None:
        row.delete()
        return
    inputs, found = _of(before, after), StoredReport.objects.filter(pk=row.pk)
    if is_kept(after, row.verdicts_from, inputs):
        found.update(asked_at=None)
        return
    moment = now()
    text = regression_as_text(what_moved(material_of(before), material_of(after)))
    seconds = process_time() - started
    found.update(inputs=inputs, figures=text, seconds=seconds, measured_at=moment, asked_at=None)


def _since(before: Run) -> str:
    return f"{SINCE}{before.pk}"


def _of(before: Run, after: Run) -> str:
    return sha256(f"{inputs_of(before)} {inputs_of(after)}".encode()).hexdigest()


def _read(row: StoredReport) -> Regression | None:
    """None where nothing is kept, or only of an older kind, which is then measured anew."""
    if not row.figures:
        return None
    try:
        return regression_from_text(row.figures)
    except ValidationError:
        StoredReport.objects.filter(pk=row.pk, inputs=row.inputs).update(inputs="")
        return None


def _tries(run: Run, document: Document) -> bool:
    if run.document_hash == content_hash(document):
        return True
    return compare(document_of(run), document).bump in (None, "patch")


def _judging(run: Run) -> tuple[object, ...]:
    return run.judge_id, run.prompt_version, run.criteria_per_call
