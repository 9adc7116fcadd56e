"""One answer on the labelling page, with nothing on it that could sway the expert."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from uuid import UUID

from rubric_studio.engine.document.types import Criterion
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.answers.readable import Readable
from rubric_studio.grading.labelling.queue import CellState, Queue
from rubric_studio.grading.labelling.rewording import Rewording, rewordings_of
from rubric_studio.grading.labels import MET, UNMET, Wording
from rubric_studio.grading.models import Label, SampleAnswer
from rubric_studio.grading.models.expert_verdict import ExpertVerdict
from rubric_studio.rubrics.drawing.marks import Mark, blind_mark_of
from rubric_studio.rubrics.outline import Entry

LONGEST_PAUSE = 120  # seconds between two keys; more is a break, not reading
LEAST_KEYS = 5  # before a pace is told
MOST_DIGITS = 10
FEW_PARTS = 60  # of the bar; more have no gaps between them


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict that can be given. `key` gives it: "" where the digits have run out."""

    verdict: str
    words: str
    key: str
    mark: Mark
    is_chosen: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One criterion as it is asked. `wording` is sent back with the verdict."""

    entry: Entry
    section: str
    state: CellState
    label: Label | None
    wording: Wording
    rewording: Rewording | None = None

    @property
    def criterion(self) -> Criterion:
        return self.entry.criterion

    @property
    def choices(self) -> tuple[Choice, ...]:
        return choices_of(self.criterion, self.label if self.state == "done" else None)

    @property
    def said(self) -> Choice | None:
        """What the label says; nothing of a stale one: it is asked anew, its old verdict hidden."""
        return next((it for it in self.choices if it.is_chosen), None)


@dataclass(frozen=True)
class LabelPage:
    queue: Queue
    answer: SampleAnswer
    panels: tuple[Panel, ...]
    at: str

    @property
    def place(self) -> int:
        return [it.pk for it in self.queue.answers].index(self.answer.pk) + 1

    @cached_property
    def readable(self) -> Readable:
        return Readable(content_of(self.answer))

    @property
    def done(self) -> int:
        return sum(it.state == "done" for it in self.panels)

    @property
    def before(self) -> SampleAnswer | None:
        return self.queue.answers[self.place - 2] if self.place > 1 else None

    @property
    def after(self) -> SampleAnswer | None:
        """The answer that comes next: one with something left, or else just the next one."""
        following = self.queue.answers[self.place : self.place + 1]
        return self.queue.first_open(self.answer.pk) or (following[0] if following else None)

    @property
    def bar(self) -> list[tuple[Panel, float, float]]:
        """The panels as parts of one bar: start and width in percent."""
        step = 100 / max(len(self.panels), 1)
        width = step * (0.8 if len(self.panels) <= FEW_PARTS else 1)
        return [
            (it, round(place * step, 3), round(width, 3)) for place, it in enumerate(self.panels)
        ]

    @property
    def rest(self) -> int:
        """How many answers besides this one have something left."""
        left = self.queue.left
        return sum(bool(count) for pk, count in left.items() if pk != self.answer.pk)

    @cached_property
    def seconds_a_key(self) -> float | None:
        """The expert's own pace; None before it can be told."""
        times = sorted(it.created_at for it in self.queue.labels.values())
        pauses = [(b - a).total_seconds() for a, b in pairwise(times)]
        reading = [it for it in pauses if 0.2 < it <= LONGEST_PAUSE]
        return median(reading) if len(reading) >= LEAST_KEYS else None


def page_of(queue: Queue, answer_id: UUID, at: str = "") -> LabelPage:
    """The page of one of the queue's answers; `at` is the criterion that stands open, by default
    the first that waits."""
    answer = SampleAnswer.objects.get(pk=answer_id)
    text = answer_hash(content_of(answer))
    titles = {it.key: it.title for it in queue.document.sections}
    stale = [
        label
        for (pk, key), label in queue.labels.items()
        if pk == answer_id and key in queue.keys and queue.state(pk, key) == "stale"
    ]
    rewordings = rewordings_of(queue.question, queue.document, stale, queue.texts) if stale else {}
    panels = []
    for entry in queue.entries:
        key = entry.criterion.key
        state = queue.state(answer_id, key)
        if queue.only_stale and state != "stale":
            continue
        wording = Wording(queue.hashes[key], text)
        section = titles.get(entry.criterion.section or "", "")
        label = queue.labels.get((answer_id, key))
        panels.append(Panel(entry, section, state, label, wording, rewordings.get(key)))
    return LabelPage(queue, answer, tuple(panels), _opened(panels, at))


def _opened(panels: Sequence[Panel], at: str) -> str:
    keys = [it.criterion.key for it in panels]
    waiting = [it.criterion.key for it in panels if it.state != "done"]
    return at if at in keys else next(iter([*waiting, *keys]), "")


def choices_of(criterion: Criterion, label: ExpertVerdict | None) -> tuple[Choice, ...]:
    """Levels from the highest down, keyed from 0 for the lowest; "not applicable" only where the
    criterion may not apply. Marks tell nothing of points."""
    chosen = chosen_verdict(label)
    levels = sorted(criterion.levels or (), key=lambda level: level.value)
    found = [
        Choice(
            it.label,
            it.label,
            str(place) if place < MOST_DIGITS else "",
            blind_mark_of("graded", float(it.value)),
            it.label == chosen,
            it.description,
        )
        for place, it in enumerate(levels)
    ][::-1] or [
        Choice(MET, "Met", "1", blind_mark_of("graded", 1), chosen == MET, "True of the answer"),
        Choice(
            UNMET, "Not met", "0", blind_mark_of("graded", 0), chosen == UNMET, "Not true of it"
        ),
    ]
    na, unsure = Label.Status.NOT_APPLICABLE.value, Label.Status.CANNOT_ASSESS.value
    if criterion.may_not_apply or chosen == na:
        found.append(Choice(na, "Not applicable", "n", blind_mark_of(na), chosen == na))
    doubt = Mark("cannot-assess", "cannot tell")
    return (*found, Choice(unsure, "Cannot tell", "?", doubt, chosen == unsure))


def chosen_verdict(label: ExpertVerdict | None) -> str:
    """The word that gives this label: "met", a level's label, "cannot_assess"; "" for none."""
    if label is None:
        return ""
    if label.status != Label.Status.GRADED:
        return label.status
    return label.level or (MET if label.value else UNMET)
