"""Bring database and static files up to date and load the demo, in one process."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from rubric_studio.local.static_files import collect_static_files
from rubric_studio.local.var_folder import SIGN_IN_LINK

DEMO_OWNER = "owner@example.com"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rubric_studio.settings")
    django.setup()
    with ThreadPoolExecutor(max_workers=1) as beside:
        static_files = beside.submit(collect_static_files)
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        call_command("load_demo")
        write_sign_in_link()
        static_files.result()


def write_sign_in_link() -> None:
    """Leave the owner's link for the supervisor, which shows it when the pages answer."""
    with open(Path(settings.VAR_DIR) / SIGN_IN_LINK, "w", encoding="utf-8") as file:
        base_url = f"http://127.0.0.1:{os.environ['PORT']}"
        try:
            call_command("sign_in_link", DEMO_OWNER, base_url=base_url, stdout=file)
        except CommandError as error:  # its team may have let the demo's owner go
            file.write(f"There is no sign-in link for {DEMO_OWNER}: {error}")


if __name__ == "__main__":
    main()
