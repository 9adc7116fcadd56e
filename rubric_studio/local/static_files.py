"""Collect and compress the static files, unless that was done with the same ones."""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# What the wheels bring and no page uses: Django REST framework's own pages, and the htmx that we
# do not load with its extensions. Compressing it would take most of the time.
UNUSED = ["rest_framework", "htmx-4*", "htmax-4*", "ext"]


def collect_static_files() -> None:
    """Bring STATIC_ROOT up to date."""
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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rubric_studio.settings")
    django.setup()
    collect_static_files()
