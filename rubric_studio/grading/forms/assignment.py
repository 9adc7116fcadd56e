from collections.abc import Iterable
from typing import Any

from django import forms

from rubric_studio.accounts.models import User
from rubric_studio.grading.models import SampleAnswer


class AssignmentForm(forms.Form):
    experts = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose who is to label."}
    )
    answers = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    probes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
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
        self._choose("experts", [(pk, str(it)) for pk, it in self.known_experts.items()])
        self._choose("answers", self._named(are_probes=False))
        self._choose("probes", self._named(are_probes=True))
        self.fields["answers"].initial = [pk for pk, _ in self._named(are_probes=False)]
        self.fields["each"].initial = min(2, max(1, len(experts)))

    @property
    def chosen_experts(self) -> list[User]:
        return [self.known_experts[pk] for pk in self.cleaned_data["experts"]]

    @property
    def chosen_answers(self) -> list[SampleAnswer]:
        chosen = {*self.cleaned_data["answers"], *self.cleaned_data["probes"]}
        return [it for pk, it in self.known_answers.items() if pk in chosen]

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if given.get("answers") == given.get("probes") == []:
            self.add_error("answers", "Choose at least one answer.")
        if given.get("each", 0) > len(given.get("experts", ())) > 0:
            self.add_error("each", "That is more than the experts you chose.")
        return None

    def _named(self, *, are_probes: bool) -> list[tuple[str, str]]:
        probe = SampleAnswer.Origin.PROBE
        return [
            (pk, _name(it))
            for pk, it in self.known_answers.items()
            if (it.origin == probe) == are_probes
        ]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices


def _name(answer: SampleAnswer) -> str:
    return f"{answer.letter}: {answer.name}" if answer.name else f"Answer {answer.letter}"
