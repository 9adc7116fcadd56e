"""`make` finds a Python that is new enough, or says what to do. It installs nothing here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(folder, *arguments, path, home):
    environment = {"PATH": str(path), "HOME": str(home)}
    return subprocess.run(
        [shutil.which("make"), "-f", ROOT / "Makefile", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def path(tmp_path):
    """A PATH with a shell's programs and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "env", "touch", "echo"):
        (folder / name).symlink_to(shutil.which(name))
    return folder


def program(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def real_python(file):
    program(file, f'exec "{sys.executable}" "$@"')


def test_a_python_that_fails_when_it_is_run_is_passed_over(tmp_path, path):
    program(path / "python3.13", "echo 'command not found' >&2; exit 127")
    program(path / "python3.12", "exit 1")
    real_python(path / "python3")
    done = make(tmp_path, "python", path=path, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == sys.executable


@pytest.mark.parametrize(
    "place",
    [
        ".pyenv/versions/3.13.7/bin/python",
        ".local/share/uv/python/cpython-3.12.9-linux-x86_64-gnu/bin/python3",
    ],
)
def test_a_python_of_a_version_manager_is_found(tmp_path, path, place):
    program(path / "python3", "exit 1")
    real_python(tmp_path / "home" / place)
    done = make(tmp_path, "python", path=path, home=tmp_path / "home")
    assert done.stdout.strip() == sys.executable


@pytest.mark.skipif(
    any(
        Path(folder, f"python3.{minor}").exists()
        for minor in range(12, 20)
        for folder in ("/usr/local/bin", "/opt/homebrew/bin")
    ),
    reason="a new enough Python is where make always looks",
)
def test_without_a_python_it_says_what_to_do(tmp_path, path):
    (tmp_path / "requirements.txt").touch()
    done = make(tmp_path, "run", path=path, home=tmp_path)
    assert done.returncode != 0
    assert "Python 3.12 or newer is needed" in done.stderr
    assert "make run PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_named_and_too_old_is_refused(tmp_path, path):
    (tmp_path / "requirements.txt").touch()
    program(path / "old", "exit 1")
    done = make(tmp_path, "run", f"PYTHON={path / 'old'}", path=path, home=tmp_path)
    assert done.returncode != 0
    assert "is too old" in done.stderr


def test_every_target_for_people_is_listed():
    done = make(ROOT, path=os.environ["PATH"], home=os.environ["HOME"])
    for name in ("run", "test", "check", "bench", "requirements"):
        assert f"make {name} " in done.stdout
