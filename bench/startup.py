"""How long `make run` takes until a page is served: from a fresh clone, and the second time.

    python -m bench.startup [--restarts 2]

Clones what is committed into a temporary folder, on a free port of 127.0.0.1. The first start
installs every package: how long that takes depends on what the package cache holds.
"""

import argparse
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from bench.table import table
from rubric_studio.local.addresses import free_port

ROOT = Path(__file__).resolve().parent.parent
# The copy is to find its own of each.
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "VAR_DIR", "VIRTUAL_ENV", "MAKEFLAGS"}
SECONDS_TO_SERVE, SECONDS_TO_STOP = 600, 60
MOST_FROM_CLONE, MOST_AGAIN = 90, 10


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`make run` in this folder, stopped at the end as Ctrl-C in a terminal does it."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    log = folder.with_name("log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=folder,
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    except BaseException:
        print(log.read_text(errors="replace"))
        raise
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            # What the supervisor started ends with it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def is_served(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return response.status == 200
    except (URLError, ConnectionError, TimeoutError):
        return False


def time_start(folder: Path, port: int) -> tuple[float, float]:
    """Seconds to the first served page, and from Ctrl-C to the end."""
    started = time.perf_counter()
    with running(folder, port) as process:
        while not is_served(port):
            if process.poll() is not None:
                raise SystemExit(f"make run ended with exit code {process.returncode}.")
            if time.perf_counter() - started > SECONDS_TO_SERVE:
                raise SystemExit(f"No page was served within {SECONDS_TO_SERVE} seconds.")
            time.sleep(0.05)
        served = time.perf_counter()
        # As it is met in practice: with a worker that has started, too.
        time.sleep(5)
        stopping = time.perf_counter()
    return served - started, time.perf_counter() - stopping


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--restarts", type=int, default=2)
    restarts = parser.parse_args().restarts
    with TemporaryDirectory(prefix="rubric-studio-bench-") as name, table() as figures:
        folder, port = Path(name) / "clone", free_port()
        subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
        seconds, stopped = time_start(folder, port)
        figures.add("from a clone to a served page", seconds, "s", most=MOST_FROM_CLONE)
        figures.add("from Ctrl-C to the end", stopped, "s")
        for number in range(1, restarts + 1):
            seconds, stopped = time_start(folder, port)
            figures.add(f"restart {number} to a served page", seconds, "s", most=MOST_AGAIN)


if __name__ == "__main__":
    main()
