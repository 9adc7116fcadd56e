"""The folder `var/`: all that a copy of Rubric Studio keeps, and the lock on it."""

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from rubric_studio.local.addresses import remembered_port, remembered_secret

SIGN_IN_LINK = "sign-in-link"


class AlreadyRunning(Exception):
    """Another copy holds the lock."""


@dataclass
class VarFolder:
    """One copy's folder. Hold its lock before anything in it is touched."""

    path: Path
    was_left_in_a_hurry: bool = field(default=False, init=False)
    _lock: IO[str] | None = field(default=None, init=False)

    def prepare(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        for name in ("log", "beat", "valkey"):
            (self.path / name).mkdir(exist_ok=True)

    def lock(self, note: str) -> None:
        """Take the lock and leave a note about who holds it, or raise AlreadyRunning.

        The kernel gives the lock back when this process ends, however it ends; the note that stays
        behind then says that nobody cleaned up.
        """
        file = open(self.path / "lock", "a+", encoding="utf-8")  # noqa: SIM115, held until the end
        file.seek(0)
        found = file.read().strip()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            who = f" ({found})" if found else ""
            raise AlreadyRunning(
                f"Rubric Studio is running on {self.path} already{who}.\n"
                "Use that one, or stop it first; a second copy needs a folder and a port of its "
                "own: VAR_DIR=/path/to/folder PORT=8001."
            ) from None
        self.was_left_in_a_hurry = bool(found)
        self._lock = file
        self._leave_note(note)

    def unlock(self) -> None:
        if self._lock is not None:
            self._leave_note("")
            self._lock.close()
            self._lock = None

    def _leave_note(self, note: str) -> None:
        assert self._lock is not None
        self._lock.truncate(0)
        self._lock.write(note)
        self._lock.flush()

    @property
    def database(self) -> Path:
        return self.path / "pg"

    @property
    def broker(self) -> Path:
        return self.path / "valkey"

    @property
    def password_file(self) -> Path:
        return self.path / "password"

    def password(self) -> str:
        return remembered_secret(self.password_file)

    def secret_key(self) -> str:
        return remembered_secret(self.path / "secret_key")

    def judge_key(self) -> str:
        return remembered_secret(self.path / "judge_key")

    def port(self, name: str) -> int:
        """Return the port of an embedded server, the same as last time where it is free."""
        return remembered_port(self.path / f"{name}.port")

    def last_port(self, name: str) -> int | None:
        file = self.path / f"{name}.port"
        return int(file.read_text()) if file.is_file() else None

    def fresh_log(self, name: str) -> Path:
        """Return the file for a server's messages; those of its last start are set aside."""
        log = self.path / "log" / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.old"))
        return log

    def take_sign_in_link(self) -> str:
        """Return what the preparation wrote about how to sign in; the link is good once."""
        file = self.path / SIGN_IN_LINK
        text = file.read_text().strip()
        file.unlink()
        return text


def default_path() -> Path:
    return Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[2] / "var").resolve()
