"""Who is in a team. A team keeps at least one owner, whoever acts at the same moment."""

from dataclasses import dataclass

from django.db import transaction

from rubric_studio.accounts.models import Membership, Role, SignInLink, Team, User
from rubric_studio.errors import DomainError


class LastOwner(DomainError):
    code = "last-owner"
    message = "A team needs an owner. Make somebody else owner first."


class AlreadyMember(DomainError):
    code = "already-member"


class NotInvitable(DomainError):
    code = "not-invitable"
    message = (
        "This person has signed in before, or is in another team too. "
        "They can sign in with their password; whoever runs this server can make them a link."
    )


@dataclass(frozen=True)
class Added:
    """A new member; `secret` is that of the sign-in link when the account is new as well."""

    membership: Membership
    secret: str | None


def _lock(team: Team) -> None:
    # Two owners who remove each other at the same time come one after the other.
    Team.objects.select_for_update().get(pk=team.pk)


@transaction.atomic
def add_member(team: Team, email: str, role: str, name: str = "") -> Added:
    """Put somebody into the team, making the account where there is none.

    Raises AlreadyMember.
    """
    _lock(team)
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user and team.memberships.filter(user=user).exists():
        raise AlreadyMember(f"{user.email} is already in {team}.")
    secret = None
    if user is None:
        user = User.objects.create_user(email, name=name.strip())
        secret = SignInLink.make(user)
    return Added(Membership.objects.create(team=team, user=user, role=role), secret)


@transaction.atomic
def change_role(membership: Membership, role: str) -> None:
    """Raises LastOwner when the team would be left without one."""
    _lock(membership.team)
    if role != Role.OWNER:
        _require_other_owner(membership)
    Membership.objects.filter(pk=membership.pk).update(role=role)


@transaction.atomic
def remove_member(membership: Membership) -> None:
    """What they wrote stays. Raises LastOwner when the team would be left without one."""
    _lock(membership.team)
    _require_other_owner(membership)
    membership.delete()


def _require_other_owner(membership: Membership) -> None:
    owners = membership.team.memberships.filter(role=Role.OWNER)
    if not owners.exclude(pk=membership.pk).exists():
        raise LastOwner


def invite_again(membership: Membership) -> str:
    """A new link's secret for somebody who never came in.

    Nobody else: a link is as good as a password, and an owner of one team must not get into what
    a member has in another. Raises NotInvitable.
    """
    user = membership.user
    if user.last_login is not None or user.memberships.count() > 1:
        raise NotInvitable
    return SignInLink.make(user)
