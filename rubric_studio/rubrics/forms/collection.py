from typing import Any

from django import forms
from django.db.models import QuerySet

from rubric_studio.accounts.models import Team


class CollectionForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(
        label="What it is for",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For whom the answers are, and about what.",
    )
    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        empty_label=None,
        help_text="Its members see the collection.",
    )

    def __init__(self, *args: Any, teams: QuerySet[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams
        self.has_teams = bool(teams)
        if len(teams) == 1:
            team.initial = teams[0]
