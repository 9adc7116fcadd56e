from rubric_studio.accounts.views.signing_in import enter, password, sign_in, sign_out
from rubric_studio.accounts.views.team import (
    member_link,
    member_remove,
    member_role,
    team,
    team_sign_off,
)
from rubric_studio.accounts.views.tokens import token_revoke, tokens

__all__ = [
    "enter",
    "member_link",
    "member_remove",
    "member_role",
    "password",
    "sign_in",
    "sign_out",
    "team",
    "team_sign_off",
    "token_revoke",
    "tokens",
]
