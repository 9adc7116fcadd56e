from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm

from rubric_studio.accounts.models import Role, Scope


class SignInForm(forms.Form):
    email = forms.EmailField(
        label="E-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class _InOurWords:
    """Django says the rules for a password as a list of three; one line says them as well."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.help_text = "At least 10 characters. Several words in a row are easy to remember."
        second.label, second.help_text = "The same again", ""


class NewPasswordForm(_InOurWords, SetPasswordForm):
    pass


class ChangedPasswordForm(_InOurWords, PasswordChangeForm):
    pass


class TokenForm(forms.Form):
    EXPIRIES = [("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "Never")]

    name = forms.CharField(
        max_length=100,
        help_text="What uses it, for example “training cluster”.",
        error_messages={"required": "Give it a name, so that you know later what uses it."},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=Scope,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.RUBRICS_READ, Scope.EXPORT_READ],
        error_messages={"required": "Choose at least one thing that it may do."},
    )
    days = forms.ChoiceField(label="Expires after", choices=EXPIRIES, initial="90", required=False)

    def clean_days(self) -> int | None:
        days = self.cleaned_data["days"]
        return int(days) if days else None


class MemberForm(forms.Form):
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(
        max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(choices=Role, initial=Role.AUTHOR)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role)
