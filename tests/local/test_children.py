import subprocess
import sys
import threading
import time

import pytest

from rubric_studio.local.children import Child, NotReady
from rubric_studio.local.launcher import Launcher, Stopped, stop_together

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(60)"
)


def started(code, name="child", patience=5.0, output=subprocess.DEVNULL):
    child = Child(name, [sys.executable, "-c", code], patience=patience)
    child.start(output)
    return child


def test_waiting_for_a_child_that_ends_says_how_it_ended():
    child = started("import sys; sys.exit(3)", name="database")
    with pytest.raises(NotReady, match="database ended with exit code 3"):
        child.wait_until(lambda: False, 10)


def test_waiting_for_a_child_that_is_never_ready_has_an_end():
    child = started(SLEEP, name="broker")
    with pytest.raises(NotReady, match="broker was not ready after"):
        child.wait_until(lambda: False, 0.1)
    child.stop()


def test_a_stopped_child_has_ended_by_its_signal():
    child = started(SLEEP)
    child.stop()
    assert child.how_it_ended() == "by SIGTERM"


def test_a_deaf_child_is_killed_when_its_patience_is_over():
    child = started(STUBBORN, patience=0.3, output=subprocess.PIPE)
    child.process.stdout.readline()
    stop_together([child], in_a_hurry=lambda: False)
    assert child.how_it_ended() == "by SIGKILL"


def test_a_second_signal_ends_the_patience():
    child = started(STUBBORN, patience=60, output=subprocess.PIPE)
    child.process.stdout.readline()
    began = time.monotonic()
    stop_together([child], in_a_hurry=lambda: time.monotonic() > began + 0.2)
    assert time.monotonic() - began < 10


def test_the_launcher_names_the_needed_child_that_ended():
    launcher = Launcher()
    child = launcher.launch(
        Child("worker", [sys.executable, "-c", "import sys; sys.exit(2)"]),
        output=subprocess.DEVNULL,
    )
    child.process.wait()
    with pytest.raises(NotReady, match="worker ended with exit code 2"):
        launcher.check()


def test_after_a_signal_nothing_more_is_started():
    launcher = Launcher()
    launcher.signals_received = 1
    with pytest.raises(Stopped):
        launcher.launch(Child("web", [sys.executable, "-c", SLEEP]), output=subprocess.DEVNULL)
    assert launcher.children == []


def test_the_judge_stops_after_the_worker_and_the_database_last():
    launcher = Launcher()
    for name in ("database", "broker", "worker", "judge"):
        launcher.launch(
            Child(name, [sys.executable, "-c", SLEEP]), output=subprocess.DEVNULL, needed=False
        )
    ends = []
    threads = [
        threading.Thread(target=lambda c=child: (c.process.wait(), ends.append(c.name)))
        for child in launcher.children
    ]
    for thread in threads:
        thread.start()
    launcher.stop_all()
    for thread in threads:
        thread.join(10)
    assert ends == ["worker", "judge", "broker", "database"]
