"""A file that comes in: chosen, or pasted as text."""

from typing import Any

from django import forms
from django.conf import settings


class FileForm(forms.Form):
    """`cleaned_data["data"]` are the bytes of the one or the other."""

    file = forms.FileField(label="File", required=False)
    pasted = forms.CharField(
        label="Or paste it",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "typed-code"}),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        file, pasted = given.get("file"), given.get("pasted", "")
        largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if file and pasted.strip():
            self.add_error("pasted", "Give a file or pasted text, not both.")
        elif file and file.size > largest:
            self.add_error("file", f"Choose a file of at most {largest // 1024**2} MB.")
        elif not file and not pasted.strip() and not self.errors:
            self.add_error("file", "Choose a file, or paste its text below.")
        if not self.errors:
            given["data"] = file.read() if file else pasted.encode()
        return given
