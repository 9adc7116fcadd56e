"""The form of a team's own rules in the prompt."""

from typing import Any

from django import forms

from rubric_studio.engine.judging.prompt import MOST_RULES
from rubric_studio.grading.judges.prompt_rules import LONGEST_NOTE
from rubric_studio.rubrics.forms.fields import TextField


class PromptRulesForm(forms.Form):
    text = TextField(
        label="Rules",
        rows=7,
        max_length=MOST_RULES,
        required=False,
        help_text="One rule a line, each beginning with a hyphen. Empty takes the standard ones.",
    )
    note = forms.CharField(
        label="Why",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="For whoever reads the history.",
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, words: str, newest: int) -> None:
        super().__init__(data, initial={"text": words, "based_on": newest})
