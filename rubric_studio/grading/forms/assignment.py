from collections.abc import Iterable
from typing import Any

from django import forms

from rubric_studio.accounts.models import User
from rubric_studio.grading.models import SampleAnswer


class AssignmentForm(forms.Form):
    experts = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose who is to label."}
    )
    answers = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one answer."},
    )
    each = forms.IntegerField(
        label="Experts for each answer",
        min_value=1,
        help_text="Two or more show how far experts agree; the work is shared evenly.",
    )

    def __init__(
        self, *args: Any, experts: list[User], answers: Iterable[SampleAnswer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known_experts = {str(it.pk): it for it in experts}
        self.known_answers = {str(it.pk): it for it in answers}
        ordinary = [
            pk for pk, it in self.known_answers.items() if it.origin != SampleAnswer.Origin.PROBE
        ]
        self._choose("experts", [(pk, str(it)) for pk, it in self.known_experts.items()])
        self._choose("answers", [(pk, _named(it)) for pk, it in self.known_answers.items()])
        self.fields["answers"].initial = ordinary
        self.fields["each"].initial = min(2, max(1, len(experts)))

    @property
    def chosen_experts(self) -> list[User]:
        return [self.known_experts[pk] for pk in self.cleaned_data["experts"]]

    @property
    def chosen_answers(self) -> list[SampleAnswer]:
        return [self.known_answers[pk] for pk in self.cleaned_data["answers"]]

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if given.get("each", 0) > len(given.get("experts", ())) > 0:
            self.add_error("each", "That is more than the experts you chose.")
        return None

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices


def _named(answer: SampleAnswer) -> str:
    return f"{answer.letter}: {answer.name}" if answer.name else f"Answer {answer.letter}"
