"""Where the embedded PostgreSQL and Valkey listen, and the password that both ask for.

Everything is remembered in `var/`, so that `manage.py` in another terminal finds the same pair.
"""

import contextlib
import random
import secrets
import socket
from pathlib import Path

DATABASE_NAME = "rubric_studio"
DATABASE_USER = "rubric"

# Below the range from which Linux and macOS take ports for outgoing connections: a port that was
# free a moment ago is not lost to somebody's passing connection before the server listens on it.
PORTS = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still winding down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nothing listens."""
    for port in random.sample(PORTS, k=200):
        if is_free(port):
            return port
    raise RuntimeError("No free port was found on 127.0.0.1.")


def remembered_port(file: Path) -> int:
    """Return the port that the file names while it is free, else another one, and remember it."""
    port = _read_port(file)
    if port is None or not is_free(port):
        port = free_port()
        file.write_text(f"{port}\n")
    return port


def remembered_secret(file: Path) -> str:
    """Return the secret in the file; the first time, make one that only its owner can read."""
    with contextlib.suppress(FileNotFoundError):
        if text := file.read_text().strip():
            return text
    secret = secrets.token_urlsafe(40)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(f"{secret}\n")
    return secret


def database_url(port: int, password: str, name: str = DATABASE_NAME) -> str:
    return f"postgresql://{DATABASE_USER}:{password}@127.0.0.1:{port}/{name}"


def redis_url(port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def embedded_urls(var_dir: Path) -> tuple[str | None, str | None]:
    """Return the URLs of the embedded database and broker, None for one that was never started."""
    try:
        password = (var_dir / "password").read_text().strip()
    except FileNotFoundError:
        return None, None
    database_port = _read_port(var_dir / "pg.port")
    broker_port = _read_port(var_dir / "valkey.port")
    return (
        database_url(database_port, password) if database_port else None,
        redis_url(broker_port, password) if broker_port else None,
    )


def _read_port(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None
