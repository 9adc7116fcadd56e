"""`python -m rubric_studio.local`, as `make run` starts it: real processes, real signals."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from redis import Redis

from rubric_studio.local.addresses import embedded_urls, free_port, is_free

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]

ROOT = Path(__file__).resolve().parents[2]
# Set by tests.services for this process; the supervisor is to start a pair of its own.
OURS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}


class Copy:
    """One run of the supervisor on a folder and a port."""

    def __init__(self, var, port, **environment):
        kept = {key: value for key, value in os.environ.items() if key not in OURS}
        self.var, self.port = var, port
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rubric_studio.local"],
            cwd=ROOT,
            env={**kept, "VAR_DIR": str(var), "PORT": str(port), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, text):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if text in line:
                return
        pytest.fail("It ended before it said what was expected:\n" + self.output)

    def end(self, number=None, seconds=60):
        """Send a signal, read the rest, and return the exit code."""
        if number is not None:
            self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=seconds)
        self.lines += rest.splitlines()
        return self.process.returncode

    @property
    def output(self):
        return "\n".join(self.lines)

    def health(self):
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as response:
                return json.load(response)
        except HTTPError as error:
            return json.load(error)

    def health_or_nothing(self):
        try:
            return self.health()
        except OSError:
            return {}


@pytest.fixture
def start(tmp_path):
    copies = []

    def start_copy(var=tmp_path / "var", port=None, **environment):
        copies.append(Copy(var, port or free_port(), **environment))
        return copies[-1]

    yield start_copy
    for copy in copies:
        if copy.process.poll() is None:
            copy.end(signal.SIGKILL)
        wait_until_all_have_ended(copy.var)


def processes_of(var):
    """Return the command of every process that belongs to this copy, by number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"VAR_DIR={var}".encode() in environment or str(var) in command:
            found[int(folder.name)] = command
    return found


def wait_until_all_have_ended(var, seconds=20):
    deadline = time.monotonic() + seconds
    while left := processes_of(var):
        if time.monotonic() > deadline:
            return left
        time.sleep(0.05)
    return {}


def ports_of(copy):
    files = [copy.var / "pg.port", copy.var / "valkey.port"]
    return [copy.port, *(int(file.read_text()) for file in files)]


def test_one_command_starts_everything_and_ctrl_c_stops_it(start):
    copy = start()
    copy.read_until("Ctrl-C stops everything")
    assert f"ready: http://127.0.0.1:{copy.port}/" in copy.output
    assert re.search(rf"http://127\.0\.0\.1:{copy.port}/\S+", copy.output.split("ready:")[1])
    assert stat.S_IMODE(copy.var.stat().st_mode) == 0o700
    assert all(embedded_urls(copy.var))
    assert {"database", "broker", "worker"} <= set(copy.health())

    second = start(var=copy.var)
    assert second.end() == 1
    assert "is running on" in second.output
    assert f"process {copy.process.pid}" in second.output
    assert copy.process.poll() is None

    assert copy.end(signal.SIGINT) == 0
    assert wait_until_all_have_ended(copy.var, seconds=0) == {}
    assert all(map(is_free, ports_of(copy)))


def test_after_a_kill_nothing_is_left_and_it_starts_again_with_the_same_data(start):
    copy = start(JUDGE_BASE_URL="http://127.0.0.1:9/v1")
    copy.read_until("Ctrl-C stops everything")
    copy.end(signal.SIGKILL)
    secret_key = (copy.var / "secret_key").read_text()

    # At once, while the children of the killed one are still on their way out.
    again = start(port=copy.port, JUDGE_BASE_URL="http://127.0.0.1:9/v1")
    again.read_until("Ctrl-C stops everything")
    assert (copy.var / "secret_key").read_text() == secret_key
    postgres = [command for command in processes_of(copy.var).values() if "bin/postgres" in command]
    assert len(postgres) == 1

    with Redis.from_url(embedded_urls(copy.var)[1]) as client:
        broker = client.info("server")["process_id"]
    os.kill(broker, signal.SIGKILL)
    assert again.end() == 1
    assert "broker ended by SIGKILL. Stopping everything." in again.output
    assert wait_until_all_have_ended(copy.var) == {}


def test_worker_beat_and_web_are_started_again(start):
    copy = start(JUDGE_BASE_URL="http://127.0.0.1:9/v1")
    copy.read_until("Ctrl-C stops everything")
    for name, text in (("worker", " worker "), ("beat", " beat "), ("web", "gunicorn")):
        # The oldest: the one that the supervisor started.
        killed = wait_for_process(copy.var, text)
        os.kill(killed, signal.SIGKILL)
        copy.read_until(f"{name:<8} | ended by SIGKILL; starts again in 5 seconds")
    deadline = time.monotonic() + 60
    while copy.health_or_nothing().get("worker") != "ok":
        assert time.monotonic() < deadline, copy.output
        time.sleep(0.2)
    assert wait_for_process(copy.var, " beat ")
    assert copy.end(signal.SIGINT) == 0
    assert wait_until_all_have_ended(copy.var, seconds=0) == {}


def wait_for_process(var, text, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for number, command in sorted(processes_of(var).items()):
            if text in command and "become.py" not in command:
                return number
        time.sleep(0.05)
    pytest.fail(f"No process has {text!r} in its command.")


def test_a_taken_port_is_named_before_anything_starts(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        copy = start(port=port)
        assert copy.end() == 1
    assert f"Port {port} is taken by another program" in copy.output
    assert f"PORT={port + 1}" in copy.output
    assert not (copy.var / "pg").exists()


def test_a_port_that_is_no_number_is_refused(start):
    copy = start(PORT="eight thousand")
    assert copy.end() == 1
    assert "PORT is 'eight thousand'; write a number from 1 to 65535." in copy.output


def test_a_signal_during_the_start_stops_what_has_started(start):
    copy = start()
    copy.read_until("making a database")
    assert copy.end(signal.SIGHUP) == 0
    assert processes_of(copy.var) == {}


def test_given_servers_leave_the_embedded_ones_out(start):
    # A database that is refused, so that the start ends there.
    copy = start(DATABASE_URL="mysql://127.0.0.1/another", REDIS_URL="redis://127.0.0.1:9/0")
    assert copy.end() == 1
    assert "DATABASE_URL must start with postgresql://" in copy.output
    assert not (copy.var / "pg").exists()
    assert not (copy.var / "valkey.port").exists()
