"""The commands of the application's own processes."""

import sys
from collections.abc import Mapping
from pathlib import Path

from rubric_studio.local.children import Child

type Environment = Mapping[str, str]

ROOT = Path(__file__).resolve().parents[2]
_PYTHON = (sys.executable, "-u")
_CELERY = (*_PYTHON, "-m", "celery", "-q", "-A", "rubric_studio")

# The worker says at every start that it should not run as root. Its messages are JSON only, and
# nothing that arrives can name code to run.
_NO_SUPERUSER_WARNING = "ignore:You're running the worker with superuser privileges"


def fonts(environment: Environment) -> Child:
    command = [*_PYTHON, "-m", "rubric_studio.local.fonts"]
    return Child("fonts", command, environment=environment)


def judge(environment: Environment, port: int) -> Child:
    command = [*_PYTHON, "-m", "rubric_studio.local.demo_judge"]
    return Child(
        "judge", command, patience=2, environment={**environment, "DEMO_JUDGE_PORT": str(port)}
    )


def worker(environment: Environment) -> Child:
    command = [*_CELERY, "worker", "-Q", "celery,cpu", "-c", "2", "-l", "warning"]
    return Child(
        "worker",
        [*command, "--without-gossip", "--without-mingle"],
        # It finishes the answer that it is grading.
        patience=40,
        environment={**environment, "PYTHONWARNINGS": _NO_SUPERUSER_WARNING},
    )


def beat(environment: Environment, folder: Path) -> Child:
    command: list[str | Path] = [
        *_CELERY,
        "beat",
        "-s",
        folder / "schedule",
        "--pidfile=",
        "-l",
        "warning",
    ]
    return Child("beat", command, patience=10, environment=environment)


def web(environment: Environment, port: int) -> Child:
    command = [
        *(*_PYTHON, "-m", "gunicorn", "rubric_studio.local.prepare:prepared_application()"),
        *("-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", "2", "--threads", "4"),
        *("--keep-alive", "20", "--graceful-timeout", "10", "--log-level", "warning"),
        # Load the application once, before the fork: half the work, and less memory.
        "--preload",
        # Its default place is in the user's home, shared by every copy.
        "--no-control-socket",
    ]
    return Child("web", command, patience=15, environment=environment)
