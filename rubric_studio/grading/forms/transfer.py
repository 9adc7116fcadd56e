"""What a file that comes in is, and what of a collection goes out."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rubric_studio.engine.formats import FORMATS
from rubric_studio.grading.forms.files import FileForm

ABOUT: Mapping[str, str] = {
    "rubric-studio": "Our own: everything, with the sample answers and labels that stand beside.",
    "healthbench": "Prompts with rubric items and points, also inside a training set’s "
    "reward_model; ideal completions become sample answers.",
    "paperbench": "Trees of weighted requirements; groups become sections, leaves criteria.",
}

# What a format does with sample answers; a format that is not named here keeps them whole.
ANSWERS_LOST: Mapping[str, str] = {
    "healthbench": "sample answers but the ideal one and its references; tiers, bands, labels",
    "paperbench": "all sample answers and labels",
}


def _choice(name: str) -> SafeString:
    return format_html(
        '<span class="format"><b>{}</b><span class="second">{}</span></span>',
        FORMATS[name].title,
        ABOUT[name],
    )


class ImportForm(FileForm):
    format = forms.ChoiceField(
        label="What the file is",
        choices=[(name, _choice(name)) for name in FORMATS],
        initial="rubric-studio",
        widget=forms.RadioSelect,
        error_messages={"required": "Say what the file is."},
    )
    field_order = ("format", "file", "pasted")


class ExportForm(forms.Form):
    """Read from the address, so that a choice can be kept as a bookmark."""

    drafts = forms.BooleanField(required=False)
    answers = forms.BooleanField(required=False)

    def address_with(self, **changes: bool) -> str:
        """The query string of this choice with these changes: "?drafts=true"."""
        chosen = {**self.cleaned_data, **changes}
        flags = {name: "true" for name in ("drafts", "answers") if chosen[name]}
        return "?" + urlencode(flags)


class DownloadForm(ExportForm):
    format = forms.ChoiceField(choices=[(name, name) for name in FORMATS])
