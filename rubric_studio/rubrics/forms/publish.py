from dataclasses import dataclass

from django import forms

from rubric_studio.engine.document.comparing import Bump
from rubric_studio.rubrics.forms.fields import TextField
from rubric_studio.rubrics.models import Version
from rubric_studio.rubrics.publishing import BUMPS, raised_number


@dataclass(frozen=True)
class BumpChoice:
    bump: Bump
    number: str
    is_computed: bool
    is_allowed: bool


class PublishForm(forms.Form):
    note = TextField(
        label="What changed and why",
        rows=3,
        error_messages={"required": "Say what changed and why, for those who use it."},
    )
    bump = forms.ChoiceField(choices=[(it, it) for it in BUMPS], required=False)

    override = TextField(
        label="Why you publish all the same",
        rows=2,
        required=False,
        help_text="Kept in the version, with the gates that are open.",
    )

    @staticmethod
    def choices_for(newest: Version | None, computed: Bump | None) -> tuple[BumpChoice, ...]:
        """Major, minor, patch with the number each leads to; the first version has no choice."""
        if newest is None or computed is None:
            return ()
        return tuple(
            BumpChoice(
                bump,
                raised_number(newest.number, bump),
                bump == computed,
                BUMPS.index(bump) >= BUMPS.index(computed),
            )
            for bump in reversed(BUMPS)
        )
