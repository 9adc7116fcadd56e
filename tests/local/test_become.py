"""The wrapper that ends a child with its parent and keeps PostgreSQL from seeing root."""

import os
import subprocess
import sys
import time

import pytest

from rubric_studio.local.children import command_of

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's alone")


def run(code, **how):
    command = command_of([sys.executable, "-c", code], **how)
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


@pytest.mark.skipif(os.geteuid() != 0, reason="asks what root becomes")
def test_root_is_seen_as_an_ordinary_user_whose_files_stay_roots(tmp_path):
    code = f"import os; open({str(tmp_path / 'mine')!r}, 'w'); print(os.geteuid())"
    done = run(code, not_root=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) != 0
    assert (tmp_path / "mine").stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="asks what an ordinary user stays")
def test_an_ordinary_user_stays_the_same():
    done = run("import os; print(os.geteuid())", not_root=True)
    assert int(done.stdout) == os.geteuid()


def test_the_program_keeps_its_arguments_and_exit_code():
    done = run("import sys; print('as said'); sys.exit(7)")
    assert (done.stdout, done.returncode) == ("as said\n", 7)


@on_linux
def test_a_child_ends_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            "from rubric_studio.local.children import command_of\n"
            "child = subprocess.Popen(command_of([sys.executable, '-c', "
            "'print(\"up\", flush=True); import time; time.sleep(60)']))\n"
            "print(child.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    said = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
    (child,) = said - {"up"}
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while is_alive(int(child)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(int(child))


@on_linux
def test_a_child_that_comes_too_late_does_not_start():
    command = command_of([sys.executable, "-c", "print('started')"])
    command[command.index(str(os.getpid()))] = "999999"  # not the process that starts it
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "started" not in done.stdout


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
