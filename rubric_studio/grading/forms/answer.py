"""The form of a sample answer: what it says, and what its author expects of it."""

import json
from typing import Any

from django import forms

from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.document.types import Json
from rubric_studio.grading.answers import HIGHEST_TIER
from rubric_studio.grading.listing import TIER_NAMES
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.forms.fields import NumberField, TextField

TIERS = [
    ("", "Not stated"),
    *((number, f"{number} {name}") for number, name in TIER_NAMES.items()),
    ("Finer tiers, higher is better", [(it, f"{it}") for it in range(4, HIGHEST_TIER + 1)]),
]
# Pointer step of a problem -> field of the form.
NAMES = {"band": "band_low"}


class AnswerForm(forms.Form):
    text = TextField(
        label="The answer",
        required=False,
        rows=16,
        widget=forms.Textarea(attrs={"rows": 16, "class": "serif"}),
    )
    messages = forms.CharField(
        label="Transcript",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "typed-code"}),
        help_text='Chat messages as JSON: [{"role": "user", "content": "…"}, …]. In place of text.',
    )
    name = forms.CharField(
        max_length=120, required=False, help_text="A few words to tell it from the others."
    )
    origin = forms.ChoiceField(
        label="Who wrote it", choices=SampleAnswer.Origin, initial=SampleAnswer.Origin.MODEL
    )
    model = forms.CharField(label="Which model", max_length=120, required=False)
    tier = forms.TypedChoiceField(
        label="Tier",
        choices=TIERS,
        required=False,
        coerce=int,
        empty_value=None,
        help_text="How good it is, by your own reading.",
    )
    band_low = NumberField(label="Score from", required=False)
    band_high = NumberField(label="to", required=False)
    anchor = forms.ChoiceField(
        label="A known end of the scale",
        choices=[("", "No"), *SampleAnswer.Anchor.choices],
        required=False,
    )

    @classmethod
    def of(cls, answer: SampleAnswer) -> "AnswerForm":
        written = None
        if answer.messages is not None:
            written = json.dumps(answer.messages, ensure_ascii=False, indent=1)
        given = ("text", "name", "origin", "model", "tier", "band_low", "band_high", "anchor")
        return cls(initial={**{it: getattr(answer, it) for it in given}, "messages": written})

    @property
    def is_transcript(self) -> bool:
        """Whether the transcript's part of the form is open."""
        return bool(self["messages"].value() or self.errors.get("messages"))

    def clean_messages(self) -> Json:
        written = self.cleaned_data["messages"]
        if not written.strip():
            return None
        try:
            return loads(written)
        except JsonError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        is_empty = not given.get("text", "").strip() and given.get("messages") is None
        is_meant = given.get("anchor") == SampleAnswer.Anchor.EMPTY
        if is_empty and not is_meant and "messages" not in self.errors:
            self.add_error(
                "text",
                "Paste the answer. One that is empty on purpose has the known end “Empty answer”.",
            )
        low, high = given.get("band_low"), given.get("band_high")
        if (low is None) != (high is None) and not {"band_low", "band_high"} & self.errors.keys():
            missing = "band_low" if low is None else "band_high"
            self.add_error(missing, "Give both ends of the expected score, or none.")
        return given

    def changes(self) -> dict[str, Any]:
        """The answer's fields; `band` is a pair or None."""
        given = dict(self.cleaned_data)
        low, high = given.pop("band_low"), given.pop("band_high")
        text = given["text"]
        if given["messages"] is not None:
            text = text or None
        return {**given, "text": text, "band": None if low is None else (low, high)}
