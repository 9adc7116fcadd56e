from django import forms

from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.document.writing import section_json
from rubric_studio.rubrics.forms.fields import NumberField, TextField
from rubric_studio.rubrics.models import Section


class SectionForm(forms.Form):
    """A heading, where it lies, what it weighs."""

    title = TextField(label="Title", widget=forms.TextInput())
    parent = forms.ChoiceField(label="Inside", required=False)
    weight = NumberField(
        label="Weight",
        initial=1,
        help_text="Counts in a tree score, beside the sections around it.",
    )
    cap = NumberField(
        label="Cap",
        required=False,
        help_text="The most points that this section can add. Empty: no cap.",
    )

    def __init__(self, *args: object, document: Document, own: str = "", **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)
        others = [(it.key, it.title) for it in document.sections if it.key != own]
        parent.choices = [("", "No other section"), *others]

    @classmethod
    def of(cls, section: Section, document: Document) -> "SectionForm":
        return cls(initial=written_section(section, document), document=document, own=section.key)

    def changes(self) -> dict[str, Json]:
        return {**self.cleaned_data, "parent": self.cleaned_data["parent"] or None}


def written_section(section: Section, document: Document) -> dict[str, Json]:
    """The section's fields as the document writes them."""
    return section_json(next(it for it in document.sections if it.key == section.key))
