"""What ends is started again, and a worker that is not heard any more is ended: real processes."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.cache import cache

from rubric_studio.grading.working.heartbeat import note_heartbeat
from rubric_studio.health import HEARTBEAT
from rubric_studio.local.children import Child
from rubric_studio.local.keeping import Keeper, Patience
from rubric_studio.local.launcher import Launcher
from rubric_studio.local.worker_silence import KEY, WorkerSilence
from tests.worker import wait_until

# Marks what `note_heartbeat` marks, five times a second.
BEATING = """
import os, time
from redis import Redis
client = Redis.from_url(os.environ["REDIS_URL"])
while True:
    client.set("rs:1:worker-heartbeat", time.time_ns())
    time.sleep(0.2)
"""
WITH_A_CHILD = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def launcher():
    launcher = Launcher()
    yield launcher
    for child in launcher.children:
        child.kill()
        child.process.wait()


def keep(launcher, code, silence=None, **patience):
    def make():
        return Child("worker", [sys.executable, "-u", "-c", code])

    keeper = Keeper(launcher, make, silence, Patience(**patience))
    keeper.start()
    return keeper


def look_until(keeper, is_so, seconds=30):
    def looked():
        keeper.look()
        return is_so()

    wait_until(looked, seconds)


def is_another(keeper, pid):
    return lambda: keeper.child.is_running and keeper.child.process.pid != pid


def test_a_killed_process_is_started_again_and_said_so(launcher, capfd):
    keeper = keep(launcher, "import time; time.sleep(60)", first_pause=0.1)
    first = keeper.child.process.pid
    os.kill(first, signal.SIGKILL)
    look_until(keeper, is_another(keeper, first))
    assert launcher.children == [keeper.child]
    lines = capfd.readouterr().out.splitlines()
    assert lines == ["worker   | ended by SIGKILL; starts again in 0.1 seconds"]


def test_what_ends_at_once_is_started_after_ever_longer_pauses(launcher, capfd):
    keeper = keep(launcher, "raise SystemExit(3)", first_pause=0.1, longest_pause=0.4)
    said = []

    def has_ended_five_times():
        said.extend(capfd.readouterr().out.splitlines())
        return len(said) >= 5

    look_until(keeper, has_ended_five_times)
    pauses = [line.split(" in ")[1] for line in said[:5]]
    assert pauses == [f"{pause} seconds" for pause in ("0.1", "0.2", "0.4", "0.4", "0.4")]
    assert "ended with exit code 3" in said[0]


def test_after_a_steady_stretch_the_pause_is_short_again(launcher, capfd):
    keeper = keep(launcher, "raise SystemExit(3)", first_pause=0.1, steady=0)
    said = []

    def has_ended_three_times():
        said.extend(capfd.readouterr().out.splitlines())
        return len(said) >= 3

    look_until(keeper, has_ended_three_times)
    assert all("in 0.1 seconds" in line for line in said)


def test_what_a_killed_process_had_started_does_not_stay_behind(launcher, capfd):
    keeper = keep(launcher, WITH_A_CHILD, first_pause=60)
    said = []

    def has_told():
        said.extend(capfd.readouterr().out.splitlines())
        return bool(said)

    wait_until(has_told, 20)
    left_behind = int(said[0].split("|")[1])
    os.kill(keeper.child.process.pid, signal.SIGKILL)
    look_until(keeper, lambda: keeper.child not in launcher.children)
    wait_until(lambda: is_gone(left_behind), 10)


def is_gone(pid):
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return not found.stdout.strip() or found.stdout.startswith("Z")


def test_a_stopped_worker_is_ended_and_started_again(launcher, capfd):
    cache.delete(HEARTBEAT)
    silence = WorkerSilence(os.environ["REDIS_URL"], limit=3, every=0.1)
    keeper = keep(launcher, BEATING, silence, first_pause=0.1, to_stop=0.5)
    first = keeper.child.process.pid
    look_until(keeper, lambda: silence._client.get(KEY))
    # SIGTERM does not reach a stopped process; SIGKILL does.
    os.kill(first, signal.SIGSTOP)
    look_until(keeper, is_another(keeper, first))
    said = capfd.readouterr().out
    assert "worker   | has not been heard for 3 seconds; ending it" in said
    assert "worker   | ended by SIGKILL; starts again in 0.1 seconds" in said
    # The new one is heard: it stays.
    second, until = keeper.child.process.pid, time.monotonic() + 4
    look_until(keeper, lambda: time.monotonic() > until)
    assert keeper.child.process.pid == second
    assert keeper.child.is_running


def test_silence_does_not_count_while_the_broker_is_away(launcher):
    silence = WorkerSilence("redis://127.0.0.1:9/0", limit=0.2, every=0.05)
    keeper = keep(launcher, "import time; time.sleep(60)", silence, to_stop=0)
    first, until = keeper.child.process.pid, time.monotonic() + 1
    look_until(keeper, lambda: time.monotonic() > until)
    assert keeper.child.process.pid == first
    assert keeper.child.is_running


def test_the_worker_is_heard_where_it_leaves_its_mark():
    assert cache.make_key(HEARTBEAT) == KEY
    cache.delete(HEARTBEAT)
    silence = WorkerSilence(os.environ["REDIS_URL"], limit=0, every=0)
    assert silence.is_too_long()
    silence.limit = 60
    assert not silence.is_too_long()
    note_heartbeat()
    assert abs(int(silence._client.get(KEY)) - time.time()) < 10
