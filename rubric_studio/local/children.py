"""One child process: started so that it cannot outlive its parent, and stopped in its own way."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from rubric_studio.local import become

type Output = IO[bytes] | int


class NotReady(Exception):
    """A child ended, or took too long, before it could be used."""


def command_of(
    command: Sequence[str | Path],
    ending: signal.Signals = signal.SIGTERM,
    not_root: bool = False,
) -> list[str]:
    """Return the command that runs `command` and sends it `ending` when this process ends."""
    wrapper = [sys.executable, "-I", "-S", become.__file__, ending.name, str(os.getpid())]
    if not_root:
        wrapper.append("--not-root")
    return [*wrapper, *map(str, command)]


@dataclass(eq=False)
class Child:
    """A process of ours. Start it from the main thread: the kernel ends it with that thread."""

    name: str
    command: Sequence[str | Path]
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 20.0
    not_root: bool = False
    environment: Mapping[str, str] | None = None
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self, output: Output, stdin: bytes = b"") -> None:
        """Start it in a session of its own, out of reach of the terminal's Ctrl-C."""
        self.process = subprocess.Popen(
            command_of(self.command, self.stop_signal, self.not_root),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=self.environment,
            start_new_session=True,
        )
        if stdin:
            assert self.process.stdin is not None
            with self.process.stdin as pipe:
                pipe.write(stdin)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Ask again and again; raise NotReady when it ends or the seconds are over."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running:
                raise NotReady(f"{self.name} ended {self.how_it_ended()}")
            if time.monotonic() > deadline:
                raise NotReady(f"{self.name} was not ready after {seconds:g} seconds")
            time.sleep(0.02)

    def ask_to_stop(self) -> None:
        if self.is_running:
            self.process.send_signal(self.stop_signal)

    def kill(self) -> None:
        """End it and everything that it started."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)

    def kill_what_is_left(self) -> None:
        """After its end, end what it started and left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and end it when its patience is over."""
        self.ask_to_stop()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()

    def how_it_ended(self) -> str:
        code = self.process.returncode
        if code < 0:
            return f"by {signal.Signals(-code).name}"
        return f"with exit code {code}"


def copy_lines(source: IO[bytes], write: Callable[[str], None]) -> threading.Thread:
    """Hand over each line that the source brings, until it ends."""

    def copy() -> None:
        for line in source:
            write(line.decode(errors="replace").rstrip("\n"))

    thread = threading.Thread(target=copy, daemon=True)
    thread.start()
    return thread
