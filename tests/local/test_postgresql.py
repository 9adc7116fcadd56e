"""What a killed PostgreSQL leaves behind must not keep the next one from starting."""

import subprocess
import sys

import pytest

from rubric_studio.local import postgresql
from rubric_studio.local.addresses import free_port
from rubric_studio.local.children import NotReady


def test_a_stranger_with_the_number_in_the_pid_file_is_left_alone(tmp_path):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (tmp_path / "postmaster.pid").write_text(f"{stranger.pid}\n{tmp_path}\n")
    postgresql.clear_stale_pid_file(tmp_path)
    assert stranger.poll() is None
    assert not (tmp_path / "postmaster.pid").exists()
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("text", ["", "no number\n", "999999\n"])
def test_a_useless_pid_file_is_removed(tmp_path, text):
    (tmp_path / "postmaster.pid").write_text(text)
    postgresql.clear_stale_pid_file(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


def test_without_a_pid_file_there_is_nothing_to_do(tmp_path):
    postgresql.clear_stale_pid_file(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_orphan_is_stopped_before_the_next_one_starts(tmp_path):
    password_file = tmp_path / "password"
    password_file.write_text("secret\n")
    folder = tmp_path / "pg"
    postgresql.create_cluster(folder, password_file, throwaway=True)
    port = free_port()
    orphan = postgresql.server(folder, port, throwaway=True)
    orphan.start(subprocess.DEVNULL)
    orphan.wait_until(lambda: postgresql.answers(port, "secret"), 30)
    with pytest.raises(NotReady, match="does not know the password"):
        postgresql.answers(port, "another")

    postgresql.clear_stale_pid_file(folder)

    assert orphan.process.wait(10) == 0
    assert not (folder / "postmaster.pid").exists()


def test_a_cluster_is_whole_or_not_there(tmp_path):
    with pytest.raises(NotReady, match="initdb could not make a database"):
        postgresql.create_cluster(tmp_path / "pg", tmp_path / "missing-password")
    assert list(tmp_path.iterdir()) == []


def test_the_users_own_settings_do_not_reach_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PGDATA", "/somewhere/else")
    child = postgresql.server(tmp_path, port=1)
    assert "PGDATA" not in child.environment
