"""The form of a judge: where it is, what it costs, how it is asked."""

import json
from decimal import Decimal
from typing import Any

from django import forms

from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.document.types import Json
from rubric_studio.grading.judges.editing import editable_of
from rubric_studio.grading.models import Judge
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

    def prepare_value(self, value: Any) -> Any:
        """0.100000 is shown as 0.1."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class PaidForm(forms.Form):
    """What of a judge can't change a verdict."""

    name = forms.CharField(max_length=120, help_text="What your team calls it.")
    api_key = forms.CharField(
        label="API key",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Kept encrypted, and never shown again.",
    )
    price_in = PriceField(label="Price in")
    price_out = PriceField(label="Price out")
    concurrency = forms.IntegerField(label="Calls at a time", min_value=1, initial=16)
    timeout = NumberField(label="Seconds to wait", initial=120)


class JudgeForm(PaidForm):
    base_url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://…/v1"}),
        help_text="The part before /chat/completions.",
    )
    model = forms.CharField(max_length=200, help_text="As the endpoint names it.")
    temperature = NumberField(initial=0)
    max_tokens = forms.IntegerField(label="Longest reply, in tokens", min_value=1, initial=512)
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

    def __init__(
        self, data: Any = None, *, copy: Judge | None = None, model: str = "", base_url: str = ""
    ) -> None:
        self.copy = copy
        initial = {} if copy is None else _filled_in(copy)
        given = {"model": model[:200], "base_url": base_url, "name": model[:120] if model else ""}
        super().__init__(data, initial={**initial, **{k: v for k, v in given.items() if v}})
        if copy is not None and copy.key_encrypted is not None:
            hint = f" (…{copy.key_hint})" if copy.key_hint else ""
            self.fields["api_key"].help_text = (
                f"Leave it empty to use the key of {copy.name}{hint}: as long as the address stays "
                "the same."
            )

    @property
    def is_advanced(self) -> bool:
        """Whether what is folded away is worth a look: a problem, or values of a copied judge."""
        return self.copy is not None or any(it in self.errors for it in ADVANCED)

    def clean_extra_body(self) -> Json:
        written = self.cleaned_data["extra_body"]
        if not written.strip():
            return {}
        try:
            return loads(written)
        except JsonError as error:
            raise forms.ValidationError(str(error)) from None


class JudgeEditForm(PaidForm):
    """A judge changed in place: only what leaves its verdicts as they are."""

    forget_key = forms.BooleanField(label="Forget the key", required=False)

    def __init__(self, judge: Judge, data: Any = None) -> None:
        editable = editable_of(judge)
        super().__init__(data, initial={it: getattr(judge, it) for it in editable})
        keyed = judge.kind == Judge.Kind.ADDED
        kept = {*editable, *(("api_key", "forget_key") if keyed else ())}
        if judge.key_encrypted is None:
            kept -= {"forget_key"}
        else:
            self.fields["api_key"].help_text = "Leave it empty to keep the one that is there."
        for name in [*self.fields]:
            if name not in kept:
                del self.fields[name]


def _filled_in(judge: Judge) -> dict[str, Any]:
    names = ("base_url", "model", "price_in", "price_out", *ADVANCED)
    values = {name: getattr(judge, name) for name in names}
    extra = json.dumps(judge.extra_body) if judge.extra_body else ""
    return {**values, "extra_body": extra, "name": f"{judge.name[:113]} (copy)"}
