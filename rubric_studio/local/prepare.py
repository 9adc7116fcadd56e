"""What `make run` serves: the application, once database, static files and demo are up to date."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command
from django.db import connections

from rubric_studio.local.static_files import collect_static_files
from rubric_studio.local.var_folder import SIGN_IN_LINK

DEMO_OWNER = "owner@example.com"


def prepared_application() -> WSGIHandler:
    """Prepare, then return the application; called once, before the web server forks.

    In the web server's own process, since both need all of Django: a process for each would take
    twice as long to load.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rubric_studio.settings")
    django.setup()
    prepare()
    from rubric_studio.wsgi import application

    return application


def prepare() -> None:
    say_what_is_missing()
    with ThreadPoolExecutor(max_workers=1) as beside:
        static_files = beside.submit(collect_static_files)
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        call_command("load_demo")
        write_sign_in_link()
        static_files.result()
    # Neither an open connection nor the pool's threads survive a fork.
    for connection in connections.all():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # missing in the stubs


def say_what_is_missing() -> None:
    """Settings of judges that lack something: the operator reads it where they started it all."""
    for problem in run_checks(tags=["judges"]):
        if problem.is_serious():
            raise ImproperlyConfigured(problem.msg)
        print(problem.msg, flush=True)


def write_sign_in_link() -> None:
    """Leave the owner's link for the supervisor, which shows it when the pages answer."""
    with open(Path(settings.VAR_DIR) / SIGN_IN_LINK, "w", encoding="utf-8") as file:
        base_url = f"http://127.0.0.1:{os.environ['PORT']}"
        try:
            call_command("sign_in_link", DEMO_OWNER, base_url=base_url, stdout=file)
        except CommandError as error:  # its team may have let the demo's owner go
            file.write(f"There is no sign-in link for {DEMO_OWNER}: {error}")
