import socket
import stat
import subprocess
import sys

import pytest

from rubric_studio.local.addresses import (
    embedded_urls,
    free_port,
    is_free,
    remembered_port,
    remembered_secret,
)
from rubric_studio.local.var_folder import AlreadyRunning, VarFolder


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_its_owners_alone(tmp_path):
    var = VarFolder(tmp_path / "var")
    var.path.mkdir(mode=0o755)
    var.prepare()
    assert mode(var.path) == 0o700


def test_a_second_copy_is_told_who_holds_the_folder(tmp_path):
    first, second = VarFolder(tmp_path), VarFolder(tmp_path)
    first.lock("process 4711, http://127.0.0.1:8000")
    with pytest.raises(AlreadyRunning, match=r"process 4711, http://127\.0\.0\.1:8000"):
        second.lock("process 4712")
    first.unlock()
    second.lock("process 4712")
    assert not second.was_left_in_a_hurry
    second.unlock()


def test_a_killed_copy_gives_the_lock_back_and_leaves_its_note(tmp_path):
    code = (
        "import os, pathlib, sys\n"
        "from rubric_studio.local.var_folder import VarFolder\n"
        "VarFolder(pathlib.Path(sys.argv[1])).lock('process 4711')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], timeout=30)
    var = VarFolder(tmp_path)
    var.lock("process 4712")
    assert var.was_left_in_a_hurry
    var.unlock()


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    secret = remembered_secret(tmp_path / "secret_key")
    assert len(secret) >= 50
    assert remembered_secret(tmp_path / "secret_key") == secret
    assert mode(tmp_path / "secret_key") == 0o600


def test_a_port_is_remembered_while_it_is_free(tmp_path):
    file = tmp_path / "pg.port"
    port = remembered_port(file)
    assert remembered_port(file) == port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert not is_free(port)
        assert remembered_port(file) != port


def test_a_damaged_port_file_is_written_anew(tmp_path):
    (tmp_path / "pg.port").write_text("no number")
    assert is_free(remembered_port(tmp_path / "pg.port"))


def test_other_commands_find_the_embedded_pair(tmp_path):
    assert embedded_urls(tmp_path) == (None, None)
    password = remembered_secret(tmp_path / "password")
    (tmp_path / "pg.port").write_text("20001\n")
    assert embedded_urls(tmp_path) == (
        f"postgresql://rubric:{password}@127.0.0.1:20001/rubric_studio",
        None,
    )
    (tmp_path / "valkey.port").write_text("20002\n")
    assert embedded_urls(tmp_path)[1] == f"redis://:{password}@127.0.0.1:20002/0"


def test_a_free_port_is_below_those_of_passing_connections():
    assert 20_000 <= free_port() < 32_000
