"""A durable PostgreSQL and a Valkey of the bench's own, migrated, thrown away at the end."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rubric_studio.local import postgresql, valkey
from rubric_studio.local.addresses import database_url, free_port, redis_url


@contextmanager
def stage() -> Iterator[None]:
    """Django, set up against services of its own. Import models inside the block."""
    children = []
    with TemporaryDirectory(prefix="rubric-studio-bench-") as name:
        folder, password, port, broker_port = Path(name), "bench", free_port(), free_port()
        (folder / "password").write_text(f"{password}\n")
        try:
            broker = valkey.server()
            broker.start(
                subprocess.DEVNULL, stdin=valkey.configuration(folder, broker_port, password)
            )
            children.append(broker)
            postgresql.create_cluster(folder / "pg", folder / "password")
            database = postgresql.server(folder / "pg", port)
            with (folder / "database.log").open("wb") as log:
                database.start(log)
            children.append(database)
            database.wait_until(lambda: postgresql.answers(port, password), 60)
            broker.wait_until(lambda: valkey.answers(broker_port, password), 30)
            postgresql.ensure_database(port, password)
            os.environ |= {
                "DATABASE_URL": database_url(port, password),
                "REDIS_URL": redis_url(broker_port, password),
                "SECRET_KEY": "only for a bench " + "x" * 40,
                "DJANGO_SETTINGS_MODULE": "rubric_studio.settings",
            }
            _set_up_django(folder)
            yield
        finally:
            for child in reversed(children):
                child.stop()


def _set_up_django(folder: Path) -> None:
    os.environ["VAR_DIR"] = str(folder)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
