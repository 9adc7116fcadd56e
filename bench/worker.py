"""One Celery worker as beside a real site, with its children, and what it takes of the machine."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHILDREN = 2


@contextmanager
def worker(**environment: str) -> Iterator[subprocess.Popen[str]]:
    """Runs with these environment variables added."""
    command = [sys.executable, "-m", "celery", "-A", "rubric_studio", "worker"]
    process = subprocess.Popen(
        [*command, "-c", str(CHILDREN), "-l", "info", "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if " ready." in line:
            break
    else:
        raise SystemExit("The worker did not start:\n" + "".join(said[-20:]))
    # Unread, the pipe fills up and the worker stands still in mid-run.
    threading.Thread(target=process.stdout.read, daemon=True).start()
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
