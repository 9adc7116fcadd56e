"""The form of a judge: where it is, what it costs, how it is asked."""

from typing import Any

from django import forms

from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.document.types import Json
from rubric_studio.rubrics.forms.fields import NumberField

ADVANCED = (
    "temperature",
    "max_tokens",
    "concurrency",
    "timeout",
    "seed",
    "structured_output",
    "extra_body",
)


class PriceField(forms.DecimalField):
    """Money per million tokens; a decimal comma is understood."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            min_value=0, max_digits=12, decimal_places=6, initial=0, widget=widget, **options
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class JudgeForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="What your team calls it.")
    base_url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://…/v1"}),
        help_text="The part before /chat/completions.",
    )
    model = forms.CharField(max_length=200, help_text="As the endpoint names it.")
    api_key = forms.CharField(
        label="API key",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Kept encrypted, and never shown again.",
    )
    price_in = PriceField(label="Price in")
    price_out = PriceField(label="Price out")

    temperature = NumberField(initial=0)
    max_tokens = forms.IntegerField(label="Longest reply, in tokens", min_value=1, initial=512)
    concurrency = forms.IntegerField(label="Calls at a time", min_value=1, initial=16)
    timeout = NumberField(label="Seconds to wait", initial=120)
    seed = forms.IntegerField(required=False)
    structured_output = forms.BooleanField(
        label="Ask for JSON by schema",
        required=False,
        initial=True,
        help_text="Switch it off for an endpoint that refuses response_format.",
    )
    extra_body = forms.CharField(
        label="Also send",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "typed-code"}),
        help_text='JSON that joins every request, such as {"top_p": 0.9}.',
    )

    @property
    def is_advanced(self) -> bool:
        """Whether what is folded away holds a problem."""
        return any(it in self.errors for it in ADVANCED)

    def clean_extra_body(self) -> Json:
        written = self.cleaned_data["extra_body"]
        if not written.strip():
            return {}
        try:
            return loads(written)
        except JsonError as error:
            raise forms.ValidationError(str(error)) from None
