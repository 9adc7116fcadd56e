"""The form of a sample answer: what it says, and what its author expects of it."""

import json
from typing import Any

from django import forms

from rubric_studio.engine.judging.transcripts import TranscriptError, read_pasted
from rubric_studio.grading.answers.editing import HIGHEST_TIER
from rubric_studio.grading.answers.listing import TIER_NAMES
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.forms.fields import NumberField, TextField

TIERS = [
    ("", "Not stated"),
    *((number, f"{number} {name}") for number, name in TIER_NAMES.items()),
    ("Finer tiers, higher is better", [(it, f"{it}") for it in range(4, HIGHEST_TIER + 1)]),
]
# Pointer step of a problem -> field of the form.
NAMES = {"band": "band_low", "messages": "text"}


class AnswerForm(forms.Form):
    """`left_out` names what stood beside the messages of a transcript that was pasted."""

    left_out: tuple[str, ...] = ()

    text = TextField(
        label="The answer",
        required=False,
        rows=16,
        widget=forms.Textarea(attrs={"rows": 16, "class": "serif"}),
        help_text="Text, or an agent’s run as JSON or JSON Lines: messages are recognised.",
    )
    as_text = forms.BooleanField(
        label="Keep it as plain text, even if it looks like a transcript", required=False
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
        given = ("text", "name", "origin", "model", "tier", "band_low", "band_high", "anchor")
        initial = {it: getattr(answer, it) for it in given}
        if answer.messages is not None:
            initial["text"] = json.dumps(answer.messages, ensure_ascii=False, indent=1)
        else:
            initial["as_text"] = _is_transcript(answer.text or "")
        form = cls(initial=initial)
        if answer.messages is not None:
            form.fields["text"].widget.attrs["class"] = "typed-code"
        return form

    def _recognise(self, given: dict[str, Any]) -> None:
        """Take what was pasted for the transcript that it is; else `messages` are None."""
        given["messages"] = None
        if given.get("as_text"):
            return
        try:
            pasted = read_pasted(given.get("text", ""))
        except TranscriptError as error:
            self.add_error("text", f"{error.message} Or keep it as plain text.")
            return
        if pasted is not None:
            self.left_out = pasted.left_out
            given["text"], given["messages"] = "", pasted.messages

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self._recognise(given)
        is_empty = not given.get("text", "").strip() and given.get("messages") is None
        is_meant = given.get("anchor") == SampleAnswer.Anchor.EMPTY
        if is_empty and not is_meant and "text" not in self.errors:
            self.add_error(
                "text",
                "Paste the answer. One that is empty on purpose has the known end “Empty answer”.",
            )
        low, high = given.get("band_low"), given.get("band_high")
        if (low is None) != (high is None) and not {"band_low", "band_high"} & self.errors.keys():
            missing = "band_low" if low is None else "band_high"
            self.add_error(missing, "Give both ends of the expected score, or none.")
        return given

    @property
    def said_of_transcript(self) -> str:
        """How a text was understood, after "Answer A is added"."""
        if self.cleaned_data["messages"] is None:
            return ""
        count = len(self.cleaned_data["messages"])
        said = f" as a transcript of {count} message{'s' * (count != 1)}"
        if self.left_out:
            said += f", without what stood beside them ({', '.join(self.left_out)[:80]})"
        return said

    def changes(self) -> dict[str, Any]:
        """The answer's fields; `band` is a pair or None."""
        given = dict(self.cleaned_data)
        del given["as_text"]
        low, high = given.pop("band_low"), given.pop("band_high")
        text = given["text"] if given["messages"] is None else None
        return {**given, "text": text, "band": None if low is None else (low, high)}


def _is_transcript(text: str) -> bool:
    try:
        return read_pasted(text) is not None
    except TranscriptError:
        return True
