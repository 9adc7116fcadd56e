"""Bring database and static files up to date and load the demo, in one process."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from rubric_studio.local.var_folder import SIGN_IN_LINK

DEMO_OWNER = "owner@example.com"
# Django REST framework's pages for browsers, which nobody is shown.
UNUSED = ["rest_framework"]


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


def collect_static_files() -> None:
    """Collect and compress the static files, unless that was done with the same ones."""
    stamp = Path(settings.STATIC_ROOT) / ".collected-from"
    found = _fingerprint()
    if stamp.is_file() and stamp.read_text() == found:
        return
    stamp.unlink(missing_ok=True)
    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED
    )
    stamp.write_text(found)


def _fingerprint() -> str:
    """Return a text that differs when a static file was changed, added or removed."""
    fingerprint = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(UNUSED):
            seen = Path(storage.path(path)).stat()
            fingerprint.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return fingerprint.hexdigest()


if __name__ == "__main__":
    main()
