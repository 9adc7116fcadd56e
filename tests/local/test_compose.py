"""The deployment's files agree with each other and with docs/settings.md."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
OURS = ["migrate", "web", "worker", "beat"]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile():
    return (ROOT / "Dockerfile").read_text()


def documented():
    text = (ROOT / "docs" / "settings.md").read_text()
    return set(re.findall(r"`([A-Z][A-Z_]+)`", text))


def test_there_is_a_service_for_each_process(compose):
    assert set(compose["services"]) == {"postgres", "valkey", *OURS}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_documented_setting(compose, name):
    assert set(compose["services"][name]["environment"]) <= documented()


@pytest.mark.parametrize("name", OURS)
def test_no_process_starts_without_a_secret_key_of_its_own(compose, name):
    assert compose["services"][name]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")


@pytest.mark.parametrize("name", ["postgres", "valkey", "web", "worker", "beat"])
def test_every_lasting_service_is_watched_and_restarted(compose, name):
    service = compose["services"][name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_application_waits_for_its_database(compose, name):
    needs = compose["services"][name]["depends_on"]
    assert needs["migrate"]["condition"] == "service_completed_successfully"
    assert needs["postgres"]["condition"] == "service_healthy"
    assert needs["valkey"]["condition"] == "service_healthy"


def test_what_must_be_kept_is_on_volumes(compose):
    mounted = {
        volume.split(":")[0]
        for name in ("postgres", "valkey")
        for volume in compose["services"][name]["volumes"]
    }
    assert mounted == set(compose["volumes"])


def test_the_site_is_published_on_this_machine_alone_by_default(compose):
    assert compose["services"]["web"]["ports"] == ["${BIND:-127.0.0.1}:${PORT:-8000}:8000"]


def test_a_worker_that_is_stopped_gets_the_time_it_takes(compose):
    assert int(compose["services"]["worker"]["stop_grace_period"].rstrip("s")) > 30


def test_the_image_runs_as_a_named_user(dockerfile):
    users = re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE)
    assert users == ["rubric"]
    assert "useradd" in dockerfile


def test_the_image_gets_every_file_that_it_copies(dockerfile):
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert {"manage.py", "requirements.txt", "rubric_studio", "static", "templates"} <= let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_the_procfile_has_the_same_processes():
    lines = (ROOT / "Procfile").read_text().splitlines()
    processes = dict(line.split(": ", 1) for line in lines)
    assert set(processes) == {"release", "web", "worker", "beat"}
    assert all(shlex.split(command) for command in processes.values())
