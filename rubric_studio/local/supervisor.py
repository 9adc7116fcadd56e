"""Start everything in order, watch it, and stop everything in order."""

import json
import os
import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import urlopen

from rubric_studio.local import demo_judge, processes
from rubric_studio.local.addresses import is_free
from rubric_studio.local.children import Child, NotReady
from rubric_studio.local.console import say
from rubric_studio.local.embedded import start_broker, start_database
from rubric_studio.local.keeping import Keeper
from rubric_studio.local.launcher import Launcher, Stopped
from rubric_studio.local.var_folder import VarFolder
from rubric_studio.local.worker_silence import WorkerSilence

SECONDS_TO_PREPARE = 600.0
# What a killed copy leaves behind ends by itself, but not at once.
SECONDS_FOR_LEFTOVERS = 15.0


class Supervisor:
    """One copy of Rubric Studio: its processes and their environment."""

    def __init__(self, var: VarFolder, port: int) -> None:
        self.var = var
        self.port = port
        self.launcher = Launcher()
        self.environment = {**os.environ, "VAR_DIR": str(var.path), "PORT": str(port)}
        # What can end and start again without the others: nothing is lost but time.
        self.kept: list[Keeper] = []

    def run(self) -> int:
        """Run until a signal, or until the database or the broker ends. Return the exit code."""
        self.launcher.heed_signals()
        self.var.prepare()
        self.var.lock(f"process {os.getpid()}, http://127.0.0.1:{self.port}")
        code = 1
        try:
            self._start()
            self._watch()
        except Stopped:
            say("stopping")
            code = 0
        except NotReady as error:
            say(f"{error}. Stopping everything.")
        finally:
            self.launcher.stop_all()
            self.var.unlock()
        say("stopped")
        return code

    def _start(self) -> None:
        self._require_free_port()
        if not self.environment.get("SECRET_KEY"):
            self.environment["SECRET_KEY"] = self.var.secret_key()
        # Made while the database starts: the first time they take longer.
        fonts = self.launcher.launch(processes.fonts(self.environment), needed=False)
        if not self.environment.get("REDIS_URL"):
            self.environment["REDIS_URL"] = start_broker(self.launcher, self.var)
        if not self.environment.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = start_database(self.launcher, self.var)
        self.launcher.finish(fonts, SECONDS_TO_PREPARE)
        self._prepare_judge()
        # First what somebody is waiting for: on two cores they would all slow each other down.
        web = self._keep(lambda: processes.web(self.environment, self.port))
        self.launcher.wait(web, lambda: serves(self.port), SECONDS_TO_PREPARE)
        self._greet()
        silence = WorkerSilence(self.environment["REDIS_URL"])
        self._keep(lambda: processes.worker(self.environment), silence)
        self._keep(lambda: processes.beat(self.environment, self.var.path / "beat"))
        if self.environment.get("DEMO_JUDGE_URL"):
            port = self.var.port("judge")
            self._keep(lambda: processes.judge(self.environment, port))

    def _keep(self, make: Callable[[], Child], silence: WorkerSilence | None = None) -> Child:
        keeper = Keeper(self.launcher, make, silence)
        child = keeper.start()
        self.kept.append(keeper)
        return child

    def _require_free_port(self) -> None:
        patience = SECONDS_FOR_LEFTOVERS if self.var.was_left_in_a_hurry else 0
        deadline = time.monotonic() + patience
        while not is_free(self.port):
            self.launcher.check()
            if time.monotonic() >= deadline:
                raise NotReady(
                    f"Port {self.port} is taken by another program. Choose another port, such as "
                    f"PORT={self.port + 1}"
                )
            time.sleep(0.1)

    def _prepare_judge(self) -> None:
        """Tell the other processes where the demo judge will be, if there is to be one."""
        if self.environment.get("JUDGE_BASE_URL"):
            return
        if demo_judge.model_path() is None:
            say("is not installed. Connect a judge of your own, or set JUDGE_BASE_URL.", "judge")
            return
        self.environment["DEMO_JUDGE_URL"] = f"http://127.0.0.1:{self.var.port('judge')}/v1"
        self.environment["DEMO_JUDGE_KEY"] = self.var.judge_key()

    def _greet(self) -> None:
        say(f"Rubric Studio is ready: http://127.0.0.1:{self.port}/")
        say(f"Sign in, once: {self.var.take_sign_in_link()}")
        say("Ctrl-C stops everything.")

    def _watch(self) -> None:
        while True:
            self.launcher.check()
            for keeper in self.kept:
                keeper.look()
            time.sleep(0.2)


def serves(port: int) -> bool:
    """Whether the web application has its database and broker; the worker may take longer."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except HTTPError as error:
        if error.code != 503:
            return False
        health = json.loads(error.read())
        return all(health.get(name) in (True, "ok") for name in ("database", "broker"))
    except OSError:
        return False
