"""The supervisor's children: started one by one, waited for, and stopped together."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence

from rubric_studio.local.children import Child, NotReady, Output, copy_lines
from rubric_studio.local.console import say, speaker

# Stopped in this order, one group after the other: a worker that finishes its answer still needs
# the judge, and all of them need the broker and the database.
LAST_TO_STOP = ["judge", "broker", "database"]
SECONDS_UNTIL_NAMED = 3.0


class Stopped(Exception):
    """Somebody asked for the end."""


class Launcher:
    """Starts children from the main thread, gives up when one that is needed ends."""

    def __init__(self) -> None:
        self.signals_received = 0
        self.children: list[Child] = []
        self.needed: list[Child] = []

    def heed_signals(self) -> None:
        # All three: what is started with `&` inherits that SIGINT is ignored.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self.signals_received += 1

    def check(self) -> None:
        """Raise Stopped after a signal, NotReady when a child has ended that all others need."""
        if self.signals_received:
            raise Stopped
        for child in self.needed:
            if not child.is_running:
                raise NotReady(f"{child.name} ended {child.how_it_ended()}")

    def launch(
        self, child: Child, stdin: bytes = b"", output: Output | None = None, needed: bool = True
    ) -> Child:
        """Start it; its lines are printed under its name unless they go elsewhere."""
        self.check()
        child.start(subprocess.PIPE if output is None else output, stdin)
        self.children.append(child)
        if needed:
            self.needed.append(child)
        if output is None:
            assert child.process.stdout is not None
            copy_lines(child.process.stdout, speaker(child.name))
        return child

    def wait(self, child: Child, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until a child can be used."""

        def is_ready_and_wanted() -> bool:
            self.check()
            return is_ready()

        child.wait_until(is_ready_and_wanted, seconds)

    def finish(self, child: Child, seconds: float) -> None:
        """Wait for a child that does one thing and ends. Launch it as one that is not needed."""
        deadline = time.monotonic() + seconds
        while child.is_running and time.monotonic() < deadline:
            self.check()
            time.sleep(0.02)
        if child.is_running:
            raise NotReady(f"{child.name} was not done after {seconds:g} seconds")
        if child.process.returncode != 0:
            raise NotReady(f"{child.name} ended {child.how_it_ended()}")
        self.children.remove(child)

    def stop_all(self) -> None:
        """Stop every child, group by group. One more signal ends their patience."""
        signals_before = self.signals_received

        def in_a_hurry() -> bool:
            return self.signals_received > signals_before

        first = [child for child in self.children if child.name not in LAST_TO_STOP]
        stop_together(first, in_a_hurry)
        for name in LAST_TO_STOP:
            stop_together([child for child in self.children if child.name == name], in_a_hurry)


def stop_together(children: Sequence[Child], in_a_hurry: Callable[[], bool]) -> None:
    """Ask all to stop, wait, and end those whose patience is over."""
    for child in children:
        child.ask_to_stop()
    began, named = time.monotonic(), False
    while waiting := [child for child in children if child.is_running]:
        waited = time.monotonic() - began
        for child in waiting:
            if waited > child.patience or in_a_hurry():
                child.kill()
        if waited > SECONDS_UNTIL_NAMED and not named:
            named = True
            names = ", ".join(child.name for child in waiting)
            say(f"waiting for {names} to finish; Ctrl-C again to end it now")
        time.sleep(0.02)
