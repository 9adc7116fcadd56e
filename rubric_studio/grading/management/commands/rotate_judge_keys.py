from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rubric_studio.grading.judges.key_rotation import rotate_keys


class Command(BaseCommand):
    help = "Encrypt all judges' API keys under the newest SECRET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        rotation = rotate_keys()
        self.stdout.write(
            f"{rotation.renewed} encrypted anew, {rotation.current} were current already."
        )
        if rotation.unreadable:
            names = "; ".join(f"{it.name} ({it.team})" for it in rotation.unreadable)
            raise CommandError(
                f"{len(rotation.unreadable)} could not be read and stay as they are: {names}. Put "
                "the SECRET_KEY that they were encrypted under into SECRET_KEY_FALLBACKS and run "
                "this again, or have their keys given again under Judges."
            )
        self.stdout.write("SECRET_KEY_FALLBACKS is no longer needed for judges' keys.")
