"""Start the embedded database and broker of one folder, whatever the last end left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rubric_studio.local import postgresql, valkey
from rubric_studio.local.addresses import database_url, redis_url
from rubric_studio.local.children import NotReady
from rubric_studio.local.console import say
from rubric_studio.local.launcher import Launcher
from rubric_studio.local.var_folder import VarFolder


def start_broker(launcher: Launcher, var: VarFolder) -> str:
    """Start Valkey and return its URL."""
    password = var.password()
    if last_port := var.last_port("valkey"):
        valkey.stop_orphan(last_port, password)
    port = var.port("valkey")
    configuration = valkey.configuration(var.broker, port, password)
    seconds = valkey.SECONDS_TO_START
    with _told_by_its_log(var.fresh_log("broker")) as log:
        child = launcher.launch(valkey.server(), stdin=configuration, output=log)
        launcher.wait(child, lambda: valkey.answers(port, password), seconds)
    return redis_url(port, password)


def start_database(launcher: Launcher, var: VarFolder) -> str:
    """Start PostgreSQL, make its cluster the first time, and return the database's URL."""
    password = var.password()
    if not (var.database / "PG_VERSION").exists():
        say(f"making a database in {var.database}")
        postgresql.create_cluster(var.database, var.password_file)
    postgresql.clear_stale_pid_file(var.database)
    port = var.port("pg")
    seconds = postgresql.SECONDS_TO_START
    with _told_by_its_log(var.fresh_log("database")) as log:
        child = launcher.launch(postgresql.server(var.database, port), output=log)
        launcher.wait(child, lambda: postgresql.answers(port, password), seconds)
    postgresql.ensure_database(port, password)
    return database_url(port, password)


@contextmanager
def _told_by_its_log(path: Path) -> Iterator[IO[bytes]]:
    """Lend a server its log, and show the log when the server does not start."""
    try:
        with path.open("wb") as log:
            yield log
    except NotReady:
        say(path.read_text(errors="replace"), path.stem)
        raise
