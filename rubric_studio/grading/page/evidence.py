"""The way from a grade to what was asked and answered: prompt, reply, calls and their cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404

from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.judging.prompt import Prompt, PromptError, build_prompt
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.judges.prompt_rules import wording_of_run
from rubric_studio.grading.models import Call, Grade, Run, RunAnswer
from rubric_studio.grading.page.faces import cell_mark
from rubric_studio.grading.page.tries import Tried, tries_of
from rubric_studio.grading.runs.spending import money
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.drawing.marks import Mark
from rubric_studio.rubrics.outline import outline_of


@dataclass(frozen=True)
class Evidence:
    """One repeat of a cell. `call` is what it was decided by, of an earlier run for a copied one;
    None where no judge was called."""

    run: Run
    document: Document
    run_answer: RunAnswer
    criterion: Criterion
    number: int
    grade: Grade
    repeats: Sequence[Grade]
    call: Call | None

    @property
    def code(self) -> str:
        return f"{self.run_answer.answer.letter}.{self.criterion.key}"

    @property
    def mark(self) -> Mark:
        return self._mark(self.grade)

    @property
    def marks(self) -> Sequence[tuple[Grade, Mark, str]]:
        """The repeats with what names each in an address."""
        return [
            (it, self._mark(it), urlencode({"cell": self.code, "repeat": it.repeat}))
            for it in self.repeats
        ]

    @property
    def alike(self) -> int:
        """How many repeats say what this one says."""
        return sum(self._mark(it).shape == self.mark.shape for it in self.repeats)

    @cached_property
    def votes(self) -> Sequence[tuple[Grade, Mark, str]]:
        """What the judges of a panel said, each with what names it in an address."""
        rows = Grade.objects.filter(
            run__panel=self.run,
            run_answer__answer=self.run_answer.answer_id,
            criterion_key=self.criterion.key,
            repeat=self.grade.repeat,
        )
        query = urlencode({"cell": self.code, "repeat": self.grade.repeat})
        votes = rows.select_related("run__judge").defer("run__document").order_by("run__ordinal")
        return [(it, self._mark(it), query) for it in votes]

    @property
    def tries(self) -> Sequence[Tried]:
        return tries_of(self.call) if self.call else ()

    @property
    def cost(self) -> str:
        """Of the whole call, whatever it judged."""
        return money(self.call.cost) if self.call else ""

    @property
    def asked_in(self) -> Run | None:
        """The run that the call was made for."""
        return self.call.run_answer.run if self.call else None

    @cached_property
    def criteria(self) -> Sequence[Criterion]:
        """What the call judged, in its order. Empty where the document has them no more."""
        if self.call is None or self.asked_in is None:
            return ()
        same = self.asked_in.pk == self.run.pk
        asked = self.document if same else document_of(self.asked_in)
        known = {it.key: it for it in asked.criteria}
        if not all(key in known for key in self.call.criterion_keys):
            return ()
        return [known[key] for key in self.call.criterion_keys]

    @cached_property
    def prompt(self) -> Prompt | None:
        """The prompt made again; None when that does not give what was sent, to the letter."""
        if self.call is None or self.asked_in is None or not self.criteria:
            return None
        document = document_of(self.asked_in)
        content = content_of(self.call.run_answer)
        rules = wording_of_run(self.asked_in).text
        try:
            made = build_prompt(document.question, self.criteria, content, self.call.nonce, rules)
        except PromptError:
            return None
        return made if made.hash == self.call.prompt_hash else None

    def _mark(self, grade: Grade) -> Mark:
        return cell_mark(((grade.status, grade.value),), self.criterion, False)


def evidence_of(run: Run, code: str, repeat: int) -> Evidence:
    """The evidence of the run's cell of that code ("E.c-9f2k"). 404 where there is none."""
    letter, _, key = code.partition(".")
    document = document_of(run)
    numbers = outline_of(document).numbers
    rows = run.run_answers.select_related("answer")
    row = next((it for it in rows.defer("text", "messages") if it.answer.letter == letter), None)
    if row is None or key not in numbers:
        raise Http404("There is no such cell.")
    grades = Grade.objects.filter(run_answer=row, criterion_key=key).order_by("repeat")
    repeats = list(
        grades.select_related("call__run_answer__run__judge", "call__run_answer__run__question")
    )
    grade = next((it for it in repeats if it.repeat == repeat), None)
    if grade is None:
        raise Http404("There is no such cell.")
    return Evidence(
        run, document, row, document.criterion(key), numbers[key], grade, repeats, grade.call
    )
