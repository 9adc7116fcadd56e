"""Access by one rule: strangers get 404, members whose role is too small get 403."""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404

from rubric_studio.accounts.models import Role, Team, User

MAY_EDIT = frozenset({Role.OWNER, Role.AUTHOR})
MAY_LABEL = frozenset({Role.OWNER, Role.AUTHOR, Role.REVIEWER})
MAY_MANAGE = frozenset({Role.OWNER})


def require_role(team: Team, user: User, roles: frozenset[Role], to: str = "change this") -> None:
    """403 with a sentence unless the user's role in the team is one of `roles`."""
    role = team.role_of(user)
    if role not in roles:
        names = " or ".join(sorted(role.label.lower() for role in roles))
        raise PermissionDenied(f"To {to} you need to be {names} in {team.name}; you are {role}.")


def get_team(user: User, pk: int, roles: frozenset[Role] | None = None) -> Team:
    """The only way to a team: 404 to strangers, 403 to a role that is too small."""
    team = get_object_or_404(Team.objects.visible_to(user), pk=pk)
    if roles is not None:
        require_role(team, user, roles)
    return team


def has_role(team: Team, user: User, roles: frozenset[Role]) -> bool:
    return team.role_of(user) in roles


def writable_teams(user: User) -> models.QuerySet[Team]:
    return Team.objects.filter(memberships__user=user, memberships__role__in=[*MAY_EDIT]).order_by(
        "pk"
    )
