"""What is asked of probes: of which answers they are made, and what an edit should change."""

from collections.abc import Sequence
from typing import Any

from django import forms

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing.families import FAMILIES
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.probes.keeping import DOWN, UP
from rubric_studio.rubrics.forms.fields import TextField


class MakeForm(forms.Form):
    bases = forms.ModelMultipleChoiceField(
        label="Made of",
        queryset=SampleAnswer.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="One of each quality tells most: a weak answer has most to gain.",
    )
    families = forms.MultipleChoiceField(
        label="Families",
        choices=[(it.key, it.title) for it in FAMILIES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one family."},
    )

    def __init__(
        self, answers: Sequence[SampleAnswer], proposed: Sequence[SampleAnswer], *args: Any
    ) -> None:
        super().__init__(*args)
        field = self.fields["bases"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = SampleAnswer.objects.filter(pk__in=[it.pk for it in answers])
        field.label_from_instance = _words  # type: ignore[method-assign, assignment]
        self.initial["bases"] = [it.pk for it in proposed]
        self.initial["families"] = [it.key for it in FAMILIES]


class EditForm(forms.Form):
    """An edit of an answer. Beside its fields it takes a tick for each criterion that should
    change: `up-KEY` or `down-KEY`."""

    text = TextField(
        label="The answer, edited",
        required=False,
        rows=12,
        widget=forms.Textarea(attrs={"rows": 12, "class": "serif"}),
        help_text="Change as little as you can: exactly what the criterion asks for.",
    )

    def __init__(self, document: Document, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [it.key for it in document.criteria]

    @property
    def expected(self) -> dict[str, str]:
        """What is ticked; a criterion with both ticks is refused by `clean`."""
        ticked: dict[str, str] = {}
        for key in self.keys:
            for direction in (UP, DOWN):
                if f"{direction}-{key}" in self.data:
                    ticked[key] = direction
        return ticked

    def clean(self) -> dict[str, Any]:
        for number, key in enumerate(self.keys, start=1):
            if f"{UP}-{key}" in self.data and f"{DOWN}-{key}" in self.data:
                self.add_error(
                    None, f"Criterion {number} can’t become true and untrue at once: tick one."
                )
        return self.cleaned_data


class ProbeTextForm(forms.Form):
    text = TextField(
        label="The probe’s text",
        required=False,
        rows=14,
        widget=forms.Textarea(attrs={"rows": 14, "class": "serif"}),
        help_text="Grades of the text as it was stay with the runs that gave them.",
    )


def _words(answer: SampleAnswer) -> str:
    return f"{answer.letter}: {answer.name}" if answer.name else answer.letter
