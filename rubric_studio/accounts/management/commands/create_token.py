from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rubric_studio.accounts.models import ApiToken, Scope, User


class Command(BaseCommand):
    help = "Make an API token for somebody and print it, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--scope",
            dest="scopes",
            nargs="+",
            action="extend",
            required=True,
            metavar="SCOPE",
            help=f"what it may do, one or more of: {', '.join(Scope.values)}",
        )
        parser.add_argument(
            "--days", type=int, default=90, help="valid for so many days (90); 0 for ever"
        )
        parser.add_argument("--name", default="made on the command line")

    def handle(
        self, *args: Any, email: str, scopes: list[str], days: int, name: str, **options: Any
    ) -> None:
        unknown = [scope for scope in scopes if scope not in Scope.values]
        if unknown:
            raise CommandError(
                f"There is no scope {', '.join(unknown)}. Use: {', '.join(Scope.values)}."
            )
        if days < 0:
            raise CommandError("--days counts from today: give 0 (for ever) or more.")
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(
                f"Nobody has the e-mail address {email}. Make an account first: "
                f"python manage.py create_user {email}"
            )
        _, secret = ApiToken.issue(user, name[:100], list(dict.fromkeys(scopes)), days or None)
        self.stdout.write(secret)
