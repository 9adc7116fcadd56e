from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from rubric_studio.accounts.models import Membership, Role, Team, User


class Command(BaseCommand):
    help = "Make an account without a password; they come in by a sign-in link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--team", help="put them into this team; it is made where there is none"
        )
        parser.add_argument(
            "--role",
            choices=Role.values,
            help="their role in the team: owner of a new one, otherwise reader",
        )

    @transaction.atomic
    def handle(
        self, *args: Any, email: str, name: str, team: str | None, role: str | None, **options: Any
    ) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address.") from None
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"There is already an account with the e-mail address {email}.")
        if role and not team:
            raise CommandError("A role is held in a team: name it with --team.")
        user = User.objects.create_user(email, name=name)
        self.stdout.write(f"{user.email} has an account.")
        if team:
            self._join(user, team, role)
        self.stdout.write(f"Let them in: python manage.py sign_in_link {user.email}")

    def _join(self, user: User, name: str, role: str | None) -> None:
        teams = list(Team.objects.filter(name=name)[:2])
        if len(teams) > 1:
            raise CommandError(f"More than one team is called {name}. An owner can add them.")
        team = teams[0] if teams else Team.objects.create(name=name)
        chosen = Role(role or (Role.READER if teams else Role.OWNER))
        if chosen != Role.OWNER and not teams:
            raise CommandError(f"There is no team {name}. The first in a new team is its owner.")
        Membership.objects.create(team=team, user=user, role=chosen)
        self.stdout.write(f"They are {chosen.label.lower()} in {team}.")
