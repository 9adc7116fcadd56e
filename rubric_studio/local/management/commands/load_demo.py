from typing import Any

from django.core.management.base import BaseCommand

from rubric_studio.local.demo.loading import OWNER, load_demo


class Command(BaseCommand):
    help = "Load the demo collection, once: does nothing where its owner already exists."

    def handle(self, *args: Any, **options: Any) -> None:
        collection = load_demo()
        if collection is None:
            self.stdout.write(f"The demo is there already ({OWNER}).")
        else:
            self.stdout.write(f"Loaded the demo collection “{collection.name}” for {OWNER}.")
