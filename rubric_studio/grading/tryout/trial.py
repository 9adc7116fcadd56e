"""Trying one criterion, as it is typed, on the pinned answers. Nothing of it is stored."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from rubric_studio.engine.document.canonical import grading_hash
from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.judging.fingerprint import fingerprint
from rubric_studio.engine.judging.outcome import Cell
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.answers.pins import pinned_answers
from rubric_studio.grading.judges.editing import judges_for
from rubric_studio.grading.judges.endpoints import identity_of
from rubric_studio.grading.judges.prompt_rules import Wording, wording_of
from rubric_studio.grading.labelling.blindness import StillToLabel
from rubric_studio.grading.models import Grade, Judge, Run, SampleAnswer
from rubric_studio.grading.runs.reusing import known_grades
from rubric_studio.rubrics.access import as_id
from rubric_studio.rubrics.models import Question


class NothingToTry(DomainError):
    code = "nothing_to_try"


@dataclass(frozen=True)
class Trial:
    """A criterion of `document`, which need not be saved, the answers, and who is asked."""

    question: Question
    document: Document
    key: str
    judge: Judge
    answers: Sequence[SampleAnswer]

    @cached_property
    def criterion(self) -> Criterion:
        return self.document.criterion(self.key)

    @cached_property
    def rules(self) -> Wording:
        """The rules in the prompt."""
        return wording_of(self.question.collection.team)

    @cached_property
    def wording(self) -> str:
        """The grading hash of what is tried."""
        return grading_hash(self.document, self.key)

    def cell(self, answer: SampleAnswer) -> Cell:
        """The call to make for this answer."""
        rules = self.rules.text
        return Cell(answer.pk, self.document.question, (self.criterion,), content_of(answer), rules)

    def known(self) -> Mapping[UUID, Grade]:
        """Grades of earlier runs that asked the judge exactly this, by answer's id."""
        prints = {it.pk: self._fingerprint(it) for it in self.answers}
        ids = known_grades(self.question.collection.team, list(prints.values()))
        grades = Grade.objects.in_bulk(list(ids.values()))
        return {pk: grades[ids[it]] for pk, it in prints.items() if it in ids}

    def _fingerprint(self, answer: SampleAnswer) -> str:
        return fingerprint(
            prompt_version=self.rules.version,
            grading_hash=self.wording,
            answer=content_of(answer),
            judge_identity=identity_of(self.judge),
            repeat=0,
            criteria_per_call=1,
        )


def trial_of(
    question: Question,
    document: Document,
    key: str,
    judge_id: str = "",
    hidden: Container[UUID] = (),
) -> Trial:
    """What one press of the key tries, on pinned answers that are not `hidden`. Raises
    NothingToTry, with what is missing, and StillToLabel where all of them are hidden."""
    if document.criterion(key).check is not None:
        raise NothingToTry("A program decides this criterion at once; no judge is asked.")
    judges = judges_to_try(question)
    if not judges:
        raise NothingToTry("There is no judge to ask yet. Connect one under Judges.")
    wanted = [it for it in judges if judge_id and it.pk == as_id(judge_id)]
    pinned = pinned_answers(question)
    answers = [it for it in pinned if it.pk not in hidden]
    if pinned and not answers:
        raise StillToLabel(len(pinned))
    if not answers:
        raise NothingToTry("There is no answer to try it on yet. Add a sample answer first.")
    return Trial(question, document, key, (wanted or judges)[0], answers)


def judges_to_try(question: Question) -> list[Judge]:
    """The team's judges that can be asked by themselves; first the one that is asked by default:
    the judge of the newest run, unless that is the demo judge and there is a better one."""
    judges = [it for it in judges_for(question.collection.team) if not it.is_panel]
    newest = Run.objects.whole().filter(question=question, source=Run.Source.JUDGE)
    last = newest.values_list("judge_id", flat=True).first()
    return sorted(judges, key=lambda it: it.pk != last or it.is_demo)
