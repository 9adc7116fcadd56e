"""What can be done about a finding, and the page on which it is ready to be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL
from rubric_studio.grading.models import Run, SampleAnswer
from rubric_studio.rubrics.models import Criterion, Question
from rubric_studio.steering.findings import Action, Finding

# On the writing page: the button's words, and what stands ready in the open editor.
ON_CRITERION: Mapping[Action, tuple[str, str]] = {
    "split": ("Split in two", "split"),
    "reword": ("Reword", "text"),
    "reweight": ("Change points", "points"),
    "open_criterion": ("Open criterion", "text"),
}
BY_LABELS: frozenset[Action] = frozenset({"re_ask", "label_more"})
# What a new penalty begins with: as much as a new reward.
PENALTY = -5
# Rows of the grading page that show what the finding is about, for findings on the whole run.
ROWS: Mapping[str, str] = {
    "flips": "flips",
    "dead": "flat",
    "always_met": "flat",
    "over_credit": "disagreements",
    "under_credit": "disagreements",
}


@dataclass(frozen=True, slots=True)
class Way:
    """What a button or a link says, and where it leads."""

    words: str
    url: str


@dataclass(frozen=True)
class Ways:
    """Where the findings on one run lead somebody of this role: only where they may go. `criteria`
    are the draft's by key, `letters` those of the answers that findings name, by id."""

    question: Question
    run: Run
    role: str | None
    criteria: Mapping[str, UUID]
    letters: Mapping[str, str]

    @classmethod
    def of(
        cls, findings: Iterable[Finding], question: Question, run: Run, role: str | None
    ) -> "Ways":
        """Two queries at most, however many the findings."""
        found = list(findings)
        keys = {it.criterion for it in found if it.criterion}
        named = {pk for it in found for pk in (it.answer, it.probe) if pk}
        live = Criterion.objects.live().filter(question=question, key__in=keys)
        answers = SampleAnswer.objects.filter(question=question, pk__in=named).only("ordinal")
        return cls(
            question,
            run,
            role,
            dict(live.values_list("key", "pk")) if keys else {},
            {str(it.pk): it.letter for it in answers} if named else {},
        )

    def first(self, finding: Finding) -> Way:
        """The button: the repair where there is one, else what shows the fault."""
        if finding.action in BY_LABELS and self.role in MAY_LABEL:
            return self._labels(finding)
        pk = self.criteria.get(finding.criterion or "")
        if pk and finding.action in ON_CRITERION and self.role not in MAY_EDIT:
            return Way("Open criterion", f"{self._page('write')}?open={pk}#c-{pk}")
        if finding.action == "add_absence_criterion" and self.role in MAY_EDIT:
            return Way("Add penalty", f"{self._page('write')}?new=&points={PENALTY}#new")
        if pk and finding.action in ON_CRITERION:
            words, ready = ON_CRITERION[finding.action]
            # A rule that found fault with the words may have the repair at hand.
            ready = "fix" if finding.kind == "lint" and ready == "text" else ready
            return Way(words, f"{self._page('write')}?open={pk}&for={ready}#c-{pk}")
        if finding.action == "open_probe" and finding.probe:
            return self._probe(finding.probe)
        if finding.figure == 11:
            return Way("Open rubric", self._page("write"))
        return self._grades(finding)

    def others(self, finding: Finding) -> tuple[Way, ...]:
        """Where the fault can be looked at, beside the way to repair it."""
        first, found = self.first(finding), []
        if finding.probe:
            letter = self.letters.get(finding.probe, "")
            words = f"Probe {letter} and its verdict" if finding.criterion else "Its grades"
            found.append(Way(words, self._cell(finding.probe, finding.criterion)))
        elif finding.answer and finding.criterion:
            letter = self.letters.get(finding.answer, "")
            found.append(
                Way(f"{letter} and its verdict", self._cell(finding.answer, finding.criterion))
            )
        elif finding.kind in ROWS and first.url.startswith(self._page("write")):
            found.append(Way("Grades", self._rows(finding.kind)))
        elif finding.kind == "band_missed" and finding.answer:
            found.append(Way("What you expect", reverse("answer", args=[finding.answer])))
        return tuple(it for it in found if it.url != first.url)

    def _labels(self, finding: Finding) -> Way:
        if finding.action == "re_ask":
            return Way("Re-ask only these", f"{self._page('labelling')}?only=stale")
        only = f"?only={quote(finding.criterion)}" if finding.criterion else ""
        return Way(f"Label {finding.more} more", f"{self._page('labelling')}{only}")

    def _grades(self, finding: Finding) -> Way:
        if pk := finding.probe or finding.answer:
            return Way("Open grades", self._cell(pk, finding.criterion))
        return Way("Open grades", self._rows(finding.kind))

    def _probe(self, pk: str) -> Way:
        return Way("Open probe", f"{self._page('probes')}?open={pk}#probe-{pk}")

    def _cell(self, pk: str, key: str | None) -> str:
        """The cell with its quotes where the criterion is known, else the answer's column."""
        address, letter = f"{self._page('grade')}?run={self.run.pk}", self.letters.get(pk)
        if letter is None:
            return address
        if key is None:
            return f"{address}&answer={pk}#head-{letter}"
        return f"{address}&cell={letter}.{quote(key)}#cell"

    def _rows(self, kind: str) -> str:
        only = f"&only={ROWS[kind]}" if kind in ROWS else ""
        return f"{self._page('grade')}?run={self.run.pk}{only}"

    def _page(self, name: str) -> str:
        return reverse(name, args=[self.question.pk])
