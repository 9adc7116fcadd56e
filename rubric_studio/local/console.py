"""What the supervisor prints: `name | line`, from every process."""

import contextlib
import sys
import threading
from collections.abc import Callable

_one_line_at_a_time = threading.Lock()


def say(text: str, name: str = "studio") -> None:
    """Print the lines of a text under a name."""
    # A terminal that is gone must not stop anything: children wait until they are read.
    with _one_line_at_a_time, contextlib.suppress(OSError, ValueError):
        for line in text.splitlines() or [""]:
            sys.stdout.write(f"{name:<8} | {line}\n")
        sys.stdout.flush()


def speaker(name: str) -> Callable[[str], None]:
    """Return what prints one line of this process."""
    return lambda line: say(line, name)
