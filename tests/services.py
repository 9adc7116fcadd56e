"""A pytest plugin: the tests' own PostgreSQL and Valkey, from nothing and thrown away at the end.

The addresses are chosen before Django reads its settings; the servers start after collection, and
only when a test outside `tests/engine` is to run.

`python -m tests.services manage.py …` runs one command of Django's with a pair of its own.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rubric_studio.local import postgresql, valkey
from rubric_studio.local.addresses import database_url, free_port, redis_url
from rubric_studio.local.children import Child

TESTS = Path(__file__).parent


@dataclass
class Services:
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    database_port: int | None = None
    broker_port: int | None = None
    folder: Path | None = None
    children: list[Child] = field(default_factory=list)

    def choose_addresses(self):
        if not os.environ.get("DATABASE_URL"):
            self.database_port = free_port()
            os.environ["DATABASE_URL"] = database_url(self.database_port, self.password)
        if not os.environ.get("REDIS_URL"):
            self.broker_port = free_port()
            os.environ["REDIS_URL"] = redis_url(self.broker_port, self.password)

    def start(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rubric-studio-tests-"))
        if self.broker_port:
            broker = valkey.server()
            configuration = valkey.configuration(
                self.folder, self.broker_port, self.password, throwaway=True
            )
            broker.start(subprocess.DEVNULL, stdin=configuration)
            self.children.append(broker)
        if self.database_port:
            self.start_database()
        if self.broker_port:
            broker.wait_until(
                lambda: valkey.answers(self.broker_port, self.password), valkey.SECONDS_TO_START
            )

    def start_database(self):
        password_file = self.folder / "password"
        password_file.write_text(f"{self.password}\n")
        postgresql.create_cluster(self.folder / "pg", password_file, throwaway=True)
        database = postgresql.server(self.folder / "pg", self.database_port, throwaway=True)
        with (self.folder / "database.log").open("wb") as log:
            database.start(log)
        self.children.append(database)
        database.wait_until(
            lambda: postgresql.answers(self.database_port, self.password),
            postgresql.SECONDS_TO_START,
        )
        postgresql.ensure_database(self.database_port, self.password)

    def stop(self):
        for child in self.children:
            child.stop()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


services = Services()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    services.choose_addresses()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    if session.config.option.collectonly:
        return
    if any(TESTS / "engine" not in item.path.parents for item in session.items):
        services.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    services.stop()


if __name__ == "__main__":
    services.choose_addresses()
    try:
        services.start()
        sys.exit(subprocess.run([sys.executable, *sys.argv[1:]]).returncode)
    finally:
        services.stop()
