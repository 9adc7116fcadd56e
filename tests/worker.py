"""Real workers in tests: a Celery worker process on the test database and a broker of its own.

def test_…(workers, transactional_db): with workers.start() as worker: … worker.kill()
"""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


class Broker:
    """A Valkey of the test's own, without persistence: it may be killed and comes back empty."""

    def __init__(self, folder):
        from rubric_studio.local.addresses import free_port

        self.folder, self.port, self.password = folder, free_port(), secrets.token_hex(8)

    @property
    def url(self):
        from rubric_studio.local.addresses import redis_url

        return redis_url(self.port, self.password)

    def start(self):
        from rubric_studio.local import valkey

        self.child = valkey.server()
        configuration = valkey.configuration(self.folder, self.port, self.password, throwaway=True)
        self.child.start(subprocess.DEVNULL, stdin=configuration)
        self.child.wait_until(lambda: valkey.answers(self.port, self.password), 20)

    def kill(self):
        self.child.process.kill()
        self.child.process.wait()


class Worker:
    """`celery worker` with two children, in a process group of its own."""

    def __init__(self, environment, concurrency=2, queues="celery,cpu"):
        self.environment, self.concurrency, self.queues = environment, concurrency, queues
        self.lines = []

    def start(self):
        command = [sys.executable, "-m", "celery", "-A", "rubric_studio", "worker"]
        command += ["-Q", self.queues, "-c", str(self.concurrency), "-l", "info"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        wait_until(lambda: any(" ready." in line for line in self.lines), 40, self.log)
        return self

    def children(self):
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True
        )
        return [int(pid) for pid in found.stdout.split()]

    def kill_child(self):
        """SIGKILL one of the children that grade; the worker goes on."""
        os.kill(self.children()[-1], signal.SIGKILL)

    def kill(self):
        """SIGKILL the whole group at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def terminate(self):
        """A warm shutdown, as at a deployment; how many seconds it took."""
        started = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=60)
        return time.monotonic() - started

    def log(self):
        return "".join(self.lines[-60:])

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)


class Workers:
    """Starts workers that share the test's database and broker."""

    def __init__(self, broker, **environment):
        self.broker = broker
        self.environment = environment
        self.running = []

    @contextmanager
    def start(self, concurrency=2, queues="celery,cpu"):
        worker = Worker({**os.environ, **self.environment}, concurrency, queues)
        self.running.append(worker)
        try:
            yield worker.start()
        finally:
            worker.kill()

    def sweep_until(self, is_over, seconds, every=0.3):
        """Sweep as beat does until it is over; how long it took."""
        from rubric_studio.grading.runs.sweeping import sweep_runs

        started = time.monotonic()
        while not is_over():
            assert time.monotonic() - started < seconds, self.log()
            sweep_runs()
            time.sleep(every)
        return time.monotonic() - started

    def log(self):
        return "\n---\n".join(worker.log() for worker in self.running)


@pytest.fixture
def workers(transactional_db, tmp_path, monkeypatch, settings):
    """Workers on this test's database, with leases of three seconds."""
    from django.db import connection

    from rubric_studio.celery import app

    broker = Broker(tmp_path)
    broker.start()
    # The last one stands in for the others while these are unset: what they are put back to.
    for name in ("broker_write_url", "broker_read_url", "broker_url"):
        monkeypatch.setattr(app.conf, name, broker.url)
    settings.GRADING_LEASE_SECONDS = 3
    settings.JUDGE_ENDPOINT_ALLOWLIST = ["127.0.0.1"]
    fields = connection.settings_dict
    address = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**fields)
    environment = {
        "DATABASE_URL": address,
        "REDIS_URL": broker.url,
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "rubric_studio.settings",
        "JUDGE_ENDPOINT_ALLOWLIST": "127.0.0.1",
        "GRADING_LEASE_SECONDS": "3",
        "PYTHONUNBUFFERED": "1",
    }
    made = Workers(broker, **environment)
    yield made
    for worker in made.running:
        worker.kill()
    broker.kill()


def wait_until(is_so, seconds, explain=lambda: ""):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.05)
