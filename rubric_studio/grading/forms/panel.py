"""The form of a panel: which of the team's judges decide together."""

from typing import Any

from django import forms

from rubric_studio.grading.judges.panels import FEWEST, MOST
from rubric_studio.grading.models import Judge


class PanelForm(forms.Form):
    name = forms.CharField(
        max_length=120, initial="Panel", help_text="What your team calls it, such as “Panel of 3”."
    )
    members = forms.MultipleChoiceField(
        label="Judges",
        widget=forms.CheckboxSelectMultiple,
        help_text=f"{FEWEST} to {MOST}. Of an odd number more than half agree on yes or no.",
        error_messages={"required": f"Choose {FEWEST} to {MOST} judges."},
    )

    def __init__(self, judges: list[Judge], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.judges = {str(it.pk): it for it in judges if may_sit(it)}
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(pk, _words(it)) for pk, it in self.judges.items()]

    def chosen(self) -> list[Judge]:
        """Call it on a valid form."""
        return [self.judges[pk] for pk in self.cleaned_data["members"]]

    @property
    def has_enough(self) -> bool:
        """Whether there are judges for a panel at all."""
        return len(self.judges) >= FEWEST


def may_sit(judge: Judge) -> bool:
    return not judge.is_panel and not judge.is_demo


def _words(judge: Judge) -> str:
    return judge.name if judge.model in judge.name else f"{judge.name}: {judge.model}"
