"""What a new run is asked: by whom, of what, how often, for how much."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from rubric_studio.grading.models import Judge, SampleAnswer
from rubric_studio.grading.runs.pinning import BUDGET_TOO_SMALL
from rubric_studio.grading.runs.starting import MOST_CRITERIA_PER_CALL, MOST_REPEATS
from rubric_studio.rubrics.models import Question, Version

EXPERTS, DRAFT = "experts", "draft"
NO_JUDGE = "Your team's own labels, no judge"
PROGRAMS_ALONE = "No judge: programs decide every criterion"


class RunForm(forms.Form):
    judge = forms.ChoiceField(label="Whose verdicts", widget=forms.RadioSelect)
    version = forms.ChoiceField(label="Which rubric")
    answers = forms.ModelMultipleChoiceField(
        label="Answers",
        queryset=SampleAnswer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one answer."},
    )
    probes = forms.BooleanField(required=False, initial=True)
    repeats = forms.IntegerField(
        label="Repeats",
        min_value=1,
        max_value=MOST_REPEATS,
        initial=1,
        help_text="Ask the same again, to see how steady the judge is.",
    )
    criteria_per_call = forms.IntegerField(
        label="Criteria per call",
        min_value=1,
        max_value=MOST_CRITERIA_PER_CALL,
        initial=1,
        help_text="1 judges each by itself, which is most reliable. More is cheaper.",
    )
    budget = forms.DecimalField(
        label="Budget",
        required=False,
        min_value=Decimal("0.000001"),
        max_digits=14,
        decimal_places=6,
        error_messages={"min_value": BUDGET_TOO_SMALL},
        help_text="The run pauses before it would cost more. Needs a judge with prices.",
    )

    def __init__(self, question: Question, judges: list[Judge], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.judges = {str(judge.pk): judge for judge in judges}
        self.versions = {
            str(version.pk): version
            for version in Version.objects.filter(question=question).defer("document")
        }
        needs_judge = _needs_judge(question)
        _choose(
            self.fields["judge"],
            *((pk, _judge_words(judge)) for pk, judge in self.judges.items()),
            (EXPERTS, NO_JUDGE if needs_judge else PROGRAMS_ALONE),
        )
        _choose(
            self.fields["version"],
            (DRAFT, "The draft, as it is now"),
            *((pk, str(version)) for pk, version in self.versions.items()),
        )
        answers = _answers(question).filter(probe=None)
        self.probe_answers = list(_answers(question).filter(probe__isnull=False))
        self._offer_probes(question)
        field = self.fields["answers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = answers
        field.label_from_instance = _answer_words  # type: ignore[method-assign, assignment]
        if self.initial.get("judge") not in self.judges:
            first = [*self.judges, EXPERTS] if needs_judge else [EXPERTS]
            self.initial["judge"] = first[0]
        if self.initial.get("version") not in self.versions:
            self.initial["version"] = DRAFT
        self.initial.setdefault("answers", list(answers))

    def _offer_probes(self, question: Question) -> None:
        if not self.probe_answers:
            del self.fields["probes"]
            return
        cells = len(self.probe_answers) * question.criteria.filter(deleted_at=None).count()
        count = "1 probe" if len(self.probe_answers) == 1 else f"{len(self.probe_answers)} probes"
        self.fields["probes"].label = f"And {count}: {cells:,} more cells for each repeat"

    def options(self) -> dict[str, Any]:
        """The arguments of start_run. Call it on a valid form."""
        data = self.cleaned_data
        return {
            "judge": self.judges.get(data["judge"]),
            "version": self._version(data["version"]),
            "answers": [*data["answers"], *(self.probe_answers if data.get("probes") else ())],
            "repeats": data["repeats"],
            "criteria_per_call": data["criteria_per_call"],
        }

    def chosen_at_first(self) -> dict[str, Any]:
        """The same of a form that nobody has sent yet."""
        return {
            "judge": self.judges.get(self.initial["judge"]),
            "version": self._version(self.initial["version"]),
        }

    def _version(self, wanted: str) -> Version | None:
        version = self.versions.get(wanted)
        if version is not None:
            version.refresh_from_db(fields=["document"])
        return version


def _needs_judge(question: Question) -> bool:
    """False where programs decide all criteria of the draft."""
    specs = question.criteria.filter(deleted_at=None).values_list("check_spec", flat=True)
    return not specs or None in specs


def _choose(field: forms.Field, *choices: tuple[str, str]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class BudgetForm(forms.Form):
    budget = forms.DecimalField(
        required=False, min_value=Decimal("0.000001"), max_digits=14, decimal_places=6
    )


def _answers(question: Question) -> QuerySet[SampleAnswer]:
    return SampleAnswer.objects.live().filter(question=question)


def _answer_words(answer: SampleAnswer) -> str:
    return f"{answer.letter}: {answer.name}" if answer.name else answer.letter


def _judge_words(judge: Judge) -> str:
    if judge.is_panel:
        return f"{judge.name}: {', '.join(it.name for it in judge.members.all())}"
    return (
        judge.name if judge.model in judge.name or judge.is_demo else f"{judge.name}: {judge.model}"
    )
