from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from rubric_studio.accounts.models import SignInLink, User


class Command(BaseCommand):
    help = "Make a link that signs somebody in once, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--base-url",
            default="http://127.0.0.1:8000",
            help="where the site is seen from a browser (http://127.0.0.1:8000)",
        )

    def handle(self, *args: Any, email: str, base_url: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(
                f"Nobody has the e-mail address {email}. Make an account first: "
                f"python manage.py create_user {email}"
            )
        self.stdout.write(base_url.rstrip("/") + reverse("enter", args=[SignInLink.make(user)]))
