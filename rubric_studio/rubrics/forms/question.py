"""The form of a question: its messages as turns, and the fields beside them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.document.validation import KEY
from rubric_studio.rubrics.draft import written_question
from rubric_studio.rubrics.forms.fields import NumberField, TagsField, TextField
from rubric_studio.rubrics.models import Question

ROLES = ("user", "assistant", "system", "tool")


class QuestionForm(forms.Form):
    """Turns are rows of equally named inputs. A message that is more than text (tool calls, parts)
    is shown as it is and kept; only its place among the others is posted."""

    title = forms.CharField(
        label="Title", max_length=200, required=False, help_text="What your team calls it."
    )
    reference = TextField(
        label="Reference answer",
        required=False,
        rows=4,
        help_text="The answer you would want. A judge sees it.",
    )
    tags = TagsField(label="Tags", required=False, help_text="Separated by commas.")
    origin = forms.ChoiceField(
        label="Where it comes from", choices=Question.Origin, initial="real", required=False
    )
    key = forms.CharField(
        label="Key",
        max_length=80,
        required=False,
        help_text="What programs call it. Empty: made from the title.",
    )

    def __init__(self, *args: Any, kept: Sequence[Json] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = list(kept)

    roles = ROLES

    @classmethod
    def of(cls, question: Question) -> "QuestionForm":
        written = written_question(question)
        return cls(initial=written, kept=question.messages)

    @property
    def turns(self) -> list[dict[str, Any]]:
        """Rows to show: role and content, or the place of a message kept as it is."""
        if self.is_bound:
            return [self._shown(*row) for row in self._posted()]
        if not self.kept:
            return [{"role": "user", "content": "", "kept": ""}]
        return [
            self._shown("", "", str(place)) if _is_kept(message) else {**message, "kept": ""}
            for place, message in enumerate(self.kept)
        ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.messages():
            self.add_error(None, "Write the question: at least one message.")
        return cleaned

    def messages(self) -> list[Json]:
        """The turns that hold something, as chat messages."""
        found: list[Json] = []
        for role, content, kept in self._posted():
            if kept.isdecimal() and int(kept) < len(self.kept):
                found.append(self.kept[int(kept)])
            elif content.strip():
                found.append({"role": role, "content": content})
        return found

    def changes(self) -> dict[str, Json]:
        given = self.cleaned_data
        return {
            "title": given["title"],
            "messages": self.messages(),
            "reference": given["reference"] or None,
            "tags": given["tags"],
            "origin": given["origin"] or "real",
            "key": given["key"] or key_from(given["title"] or self._first_words()),
        }

    def _first_words(self) -> str:
        contents = (it.get("content") for it in self.messages() if it.get("role") == "user")
        return " ".join(next((it for it in contents if isinstance(it, str)), "").split()[:6])

    def _posted(self) -> list[tuple[str, str, str]]:
        assert isinstance(self.data, QueryDict)
        columns = [self.data.getlist(name) for name in ("role", "content", "kept")]
        return [
            (role, content.replace("\r\n", "\n"), kept)
            for role, content, kept in zip(*columns, strict=False)
        ]

    def _shown(self, role: str, content: str, kept: str) -> dict[str, Any]:
        if kept.isdecimal() and int(kept) < len(self.kept):
            return {**self.kept[int(kept)], "kept": kept, "is_kept": True}
        return {"role": role, "content": content, "kept": ""}


class ScoringForm(forms.Form):
    """How verdicts become a score."""

    method = forms.ChoiceField(
        label="Score",
        choices=[
            ("points", "Points: what was earned of all that can be earned"),
            ("tree", "Tree: weighted mean, section by section"),
        ],
        widget=forms.RadioSelect,
    )
    floor = NumberField(label="Floor", help_text="No exported score lies below. Usually 0.")
    pass_mark = NumberField(label="Pass mark", help_text="From 0 to 1.")

    def changes(self) -> dict[str, Json]:
        return {"scoring": self.cleaned_data}


def key_from(words: str) -> str:
    """A key out of a title: "Chest pain, 56" -> "chest-pain-56"; "question" where none is left."""
    slug = slugify(words)[:80].strip("-_")
    return slug if KEY.fullmatch(slug) else "question"


def _is_kept(message: Json) -> bool:
    return not isinstance(message.get("content"), str) or set(message) != {"role", "content"}
