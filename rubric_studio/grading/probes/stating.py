"""Steer tests: minimal edits of an answer, with what they should change stated beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing.edits import Edit, invariants, proposals
from rubric_studio.engine.probing.made import Made, Span
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.models import Grade, Probe, Run, RunAnswer, SampleAnswer, Status
from rubric_studio.grading.probes.keeping import NewProbe, keep_probes, put_in, read_expected
from rubric_studio.grading.scores import verdict_of_repeats
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing.refusals import InvalidEdit

BY_HAND = "by_hand"


@dataclass(frozen=True)
class GradedBase:
    """What the newest finished run said of an answer as it still reads: verdicts by criterion, and
    where the judge's quotes stand. Empty where there is none."""

    run: Run | None
    verdicts: Mapping[str, Verdict]
    quotes: Mapping[str, Sequence[Span]]

    def says(self, key: str) -> str:
        """true, not true, in part, not applicable; "" for no verdict."""
        verdict = self.verdicts.get(key)
        if verdict is None:
            return ""
        if isinstance(verdict, NotApplicable):
            return "not applicable"
        return "true" if verdict == 1 else "not true" if verdict == 0 else "in part"


def graded_base(answer: SampleAnswer) -> GradedBase:
    """Two queries."""
    now_hash = answer_hash(content_of(answer))
    pinned = (
        RunAnswer.objects.filter(answer=answer, run__panel=None, run__status__in=Run.FINISHED)
        .select_related("run")
        .defer("run__document")
        .order_by("-run__created_at", "-run__pk")
        .first()
    )
    if pinned is None or answer_hash(content_of(pinned)) != now_hash:
        return GradedBase(None, {}, {})
    cells: dict[str, list[tuple[str, float | None]]] = {}
    quotes: dict[str, list[Span]] = {}
    for key, status, value, said in Grade.objects.filter(run_answer=pinned).values_list(
        "criterion_key", "status", "value", "quotes"
    ):
        cells.setdefault(key, []).append((status, value))
        if status == Status.GRADED:
            quotes.setdefault(key, []).extend(_spans(said))
    verdicts = {key: verdict_of_repeats(given) for key, given in cells.items()}
    known = {key: verdict for key, verdict in verdicts.items() if verdict is not None}
    return GradedBase(pinned.run, known, quotes)


def edits_for(answer: SampleAnswer, document: Document, key: str, base: GradedBase) -> list[Edit]:
    """The edits that can be made by rule for this criterion. Of a transcript there is none.

    Those that the verdict leaves room for come first.
    """
    criterion = document.criterion(key)
    found = proposals(answer.text or "", criterion, base.quotes.get(key, ()))
    wanted = {"true": "down", "not true": "up"}.get(base.says(key))
    return sorted(found, key=lambda it: wanted is not None and it.change != wanted)


def steady_forms(answer: SampleAnswer) -> tuple[Made, ...]:
    """The answer said in other forms, which should change no verdict."""
    return invariants(answer.text or "")


@transaction.atomic
def state_edit(
    answer: SampleAnswer,
    user: User,
    *,
    text: str,
    expected: Mapping[str, Any],
    criterion_key: str = "",
    family: str = BY_HAND,
    does: str = "",
    proposed_by: str = "",
) -> Probe:
    """Keep an edit of the answer with the verdicts that it should change: "up" or "down" by
    criterion; none at all for one that should change nothing. Raises InvalidEdit.
    """
    document = draft_document(answer.question)
    stated = read_expected(expected, {it.key for it in document.criteria})
    _refuse_unfit(answer, text, criterion_key, stated)
    new = NewProbe(
        kind=Probe.Kind.STEER if stated else Probe.Kind.INVARIANT,
        family=family,
        title=_title(document, criterion_key if stated else ""),
        text=text,
        base=answer,
        criterion_key=criterion_key if stated else "",
        does=does,
        could_fool=(),
        inserted=put_in(answer.text, text),
        expected=stated,
        proposed_by=proposed_by,
    )
    return keep_probes(answer.question, user, document, [new])[0]


def _refuse_unfit(
    answer: SampleAnswer, text: str, criterion_key: str, stated: Mapping[str, str]
) -> None:
    if answer.text is None:
        message = "This answer is a transcript. Steer tests are edits of texts; choose another one."
        raise InvalidEdit([Problem("/text", message)])
    if hasattr(answer, "probe"):
        message = "This answer is a probe already. Edit the answer that it was made of."
        raise InvalidEdit([Problem("/text", message)])
    if text.strip() == answer.text.strip():
        message = "The text is still the answer’s own. Change what the criterion asks for."
        raise InvalidEdit([Problem("/text", message)])
    if stated and criterion_key not in stated:
        message = "Tick what should become of the criterion that you edit for."
        raise InvalidEdit([Problem("/expected", message)])


def _title(document: Document, key: str) -> str:
    if not key:
        return "Should change nothing"
    number = 1 + next(n for n, it in enumerate(document.criteria) if it.key == key)
    return f"Steer test of criterion {number}"


def _spans(quotes: Any) -> list[Span]:
    return [
        (it["start"], it["end"])
        for it in quotes
        if it.get("found") and it.get("start") is not None and it.get("end") is not None
    ]
