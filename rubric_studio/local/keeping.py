"""Processes that can be started again while the others go on, and when that is called for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rubric_studio.local.children import Child
from rubric_studio.local.console import say
from rubric_studio.local.launcher import Launcher
from rubric_studio.local.worker_silence import WorkerSilence


@dataclass(frozen=True)
class Patience:
    """In seconds. The pause before a start doubles up to the longest one, so that what ends at
    once is not started in a tight loop; after a steady stretch it is the first one again."""

    first_pause: float = 5.0
    longest_pause: float = 60.0
    steady: float = 600.0
    to_stop: float = 10.0  # from SIGTERM to SIGKILL, for a worker that is not heard any more


@dataclass(eq=False)
class Keeper:
    """Keeps one process running: call `look` again and again from the thread that started it."""

    launcher: Launcher
    make: Callable[[], Child]
    silence: WorkerSilence | None = None
    patience: Patience = Patience()
    child: Child | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._pause = self.patience.first_pause
        self._starts_at = self._killed_at = float("inf")
        self._started_at = 0.0

    def start(self) -> Child:
        self.child = self.launcher.launch(self.make(), needed=False)
        self._started_at = time.monotonic()
        self._starts_at = self._killed_at = float("inf")
        if self.silence is not None:
            self.silence.begin()
        return self.child

    def look(self) -> None:
        """Start it again when it ended, end it when nothing is heard of it."""
        if self.child is None:
            return
        now = time.monotonic()
        if self.child.is_running:
            self._end_when_silent(self.child, now)
        elif self.child in self.launcher.children:
            self._note_the_end(self.child, now)
        elif now >= self._starts_at:
            self.start()

    def _end_when_silent(self, child: Child, now: float) -> None:
        if now >= self._killed_at:
            child.kill()
        elif self._killed_at == float("inf") and self.silence and self.silence.is_too_long():
            self._killed_at = now + self.patience.to_stop
            say(f"has not been heard for {self.silence.limit:g} seconds; ending it", child.name)
            child.ask_to_stop()

    def _note_the_end(self, child: Child, now: float) -> None:
        self.launcher.children.remove(child)
        child.kill_what_is_left()
        if now - self._started_at >= self.patience.steady:
            self._pause = self.patience.first_pause
        self._starts_at = now + self._pause
        how = child.how_it_ended()
        say(f"ended {how}; starts again in {self._pause:g} seconds", child.name)
        self._pause = min(self._pause * 2, self.patience.longest_pause)
