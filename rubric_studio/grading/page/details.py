"""One cell in full: verdict, reason, evidence in the answer, who judged, one's own label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode, urlsplit

from django.http import Http404

from rubric_studio.engine.document.types import Criterion, Json
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.answers.readable import Readable
from rubric_studio.grading.labels import MET, UNMET
from rubric_studio.grading.models import Grade, Label, RunAnswer, SampleAnswer, Status
from rubric_studio.grading.page.faces import agreement, cell_mark
from rubric_studio.grading.page.matrix import Matrix
from rubric_studio.grading.page.tries import Tried, tries_of
from rubric_studio.grading.runs.spending import money
from rubric_studio.rubrics.drawing.marks import Mark, mark_of


@dataclass(frozen=True)
class Cited:
    """A quote that the answer holds: its number among those, and its place in a transcript."""

    number: int
    text: str
    place: str


@dataclass(frozen=True)
class Choice:
    """A verdict that can be given, with the key that gives it."""

    verdict: str
    words: str
    key: str
    mark: Mark
    is_chosen: bool
    description: str = ""


@dataclass(frozen=True)
class Detail:
    matrix: Matrix
    code: str
    answer: SampleAnswer
    criterion: Criterion
    number: int
    pinned: SampleAnswer | RunAnswer
    grades: Sequence[Grade]
    label: Label | None

    @property
    def grade(self) -> Grade | None:
        """The grade whose reason is shown: of repeats the first."""
        return self.grades[0] if self.grades else None

    @cached_property
    def mark(self) -> Mark | None:
        """The judge's verdict, all repeats together."""
        if not self.grades:
            return None
        repeats = tuple((it.status, it.value) for it in self.grades)
        is_held = self.answer.pk in self.matrix.sheet.held
        return cell_mark(repeats, self.criterion, is_held)

    @property
    def tone(self) -> str:
        """Which ground the verdict stands on."""
        shape = self.mark.shape if self.mark else ""
        tones = {
            "met": "credit",
            "partly": "credit",
            "taken": "penalty",
            "partly-taken": "penalty",
            "failed": "warn",
            "cannot-assess": "warn",
        }
        return tones.get(shape, "")

    @property
    def headline(self) -> str:
        """Met: −10 points."""
        words = self.mark.words if self.mark else ""
        head, comma, rest = words.partition(", ")
        return f"{head[:1].upper()}{head[1:]}{': ' if comma else ''}{rest}"

    @property
    def meaning(self) -> str:
        grade = self.grade
        if grade is None or grade.status != Status.GRADED or grade.value is None:
            return ""
        if grade.level:
            return f"Level “{grade.level}”."
        if grade.value in (0, 1):
            is_or_not = "is" if grade.value else "is not"
            return f"The sentence {is_or_not} true of this answer."
        return ""

    @property
    def repeats(self) -> list[tuple[Grade, Mark]]:
        return [(it, mark_of(it.status, it.value, self.criterion.points)) for it in self.grades]

    @property
    def alike(self) -> int:
        """How many repeats say what most of them say."""
        return Counter(mark.shape for _, mark in self.repeats).most_common(1)[0][1]

    @property
    def host(self) -> str:
        run = self.matrix.sheet.run
        return urlsplit(run.judge.base_url).netloc if run and run.judge else ""

    @property
    def cost(self) -> str:
        return money(self.grade.cost) if self.grade else ""

    @property
    def agrees(self) -> bool | None:
        if self.label is None or not self.grades:
            return None
        return agreement(tuple((it.status, it.value) for it in self.grades), self.label)

    @cached_property
    def readable(self) -> Readable:
        """The answer with the quotes that it holds."""
        spans = [(it["start"], it["end"]) for it in self.quotes if it["found"]]
        return Readable(content_of(self.pinned), spans)

    @property
    def quotes(self) -> list[Json]:
        return list(self.grade.quotes) if self.grade else []

    @property
    def invented(self) -> list[str]:
        """Quotes that are not in the answer."""
        return [it["text"] for it in self.quotes if not it["found"]]

    @cached_property
    def cited(self) -> list[Cited]:
        """The quotes that the answer holds, each with the way to it."""
        return [
            Cited(number, self.readable.text[start:end], self.readable.place((start, end)))
            for number, (start, end) in enumerate(self.readable.spans, start=1)
        ]

    @property
    def query(self) -> str:
        """What names this cell's evidence in an address."""
        return urlencode({"cell": self.code})

    @property
    def tries(self) -> Sequence[Tried]:
        """What became of each call that was sent for it; none where that was not kept."""
        call = self.grade.call if self.grade else None
        return tries_of(call) if call else ()

    @cached_property
    def neighbours(self) -> dict[str, str]:
        return self.matrix.neighbours(self.answer, self.criterion.key)

    @property
    def choices(self) -> list[Choice]:
        """The verdicts that may be given: levels from the lowest, which is 0."""
        levels = sorted(self.criterion.levels or (), key=lambda level: level.value)
        chosen = _chosen(self.label)
        found = [
            Choice(
                it.label,
                it.label,
                str(place),
                mark_of("graded", float(it.value), self.criterion.points),
                it.label == chosen,
                it.description,
            )
            for place, it in enumerate(levels)
        ]
        if not found:
            points = self.criterion.points
            found = [
                Choice(MET, "Met", "1", mark_of("graded", 1, points), chosen == MET),
                Choice(UNMET, "Not met", "0", mark_of("graded", 0, points), chosen == UNMET),
            ]
        na, unsure = Label.Status.NOT_APPLICABLE.value, Label.Status.CANNOT_ASSESS.value
        return [
            *found,
            Choice(na, "n/a", "n", mark_of(na), chosen == na),
            Choice(unsure, "Cannot tell", "?", Mark("cannot-assess", ""), chosen == unsure),
        ]


def detail_of(matrix: Matrix, code: str) -> Detail:
    """The cell of that code ("E.c-9f2k"). 404 where the sheet has none."""
    letter, _, key = code.partition(".")
    sheet = matrix.sheet
    answer = next((it for it in sheet.answers if it.letter == letter), None)
    numbers = matrix.outline.numbers
    if answer is None or key not in numbers:
        raise Http404("There is no such cell.")
    pinned: SampleAnswer | RunAnswer
    if sheet.run is None:
        pinned, grades = SampleAnswer.objects.get(pk=answer.pk), []
    else:
        pinned = sheet.run.run_answers.get(answer=answer)
        cells = Grade.objects.filter(run_answer=pinned, criterion_key=key).select_related("call")
        grades = list(cells.order_by("repeat"))
    return Detail(
        matrix=matrix,
        code=code,
        answer=answer,
        criterion=sheet.document.criterion(key),
        number=numbers[key],
        pinned=pinned,
        grades=grades,
        label=matrix.labels.get((answer.pk, key)),
    )


def _chosen(label: Label | None) -> str:
    if label is None:
        return ""
    if label.status != Label.Status.GRADED:
        return label.status
    return label.level or (MET if label.value else UNMET)
