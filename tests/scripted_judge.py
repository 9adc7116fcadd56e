"""A scripted OpenAI-compatible judge over real HTTP, in a thread or as a process.

    python -m tests.scripted_judge --port 9000 --delay-ms 50

Verdicts follow a rule (by default a hash of criterion and answer: the same every time), and a
script of faults says what goes wrong and when; see scripted_faults.py for the menu. A process is
driven over HTTP: GET /stats, /cells, /requests; POST /reset; POST /script with any of the settings
of scripted_server.Settings, for example
{"faults": [{"kind": "rate_limit", "times": 3, "seconds": 1, "form": "date"}]}.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import threading
import urllib.request
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from tests.scripted_faults import Fault
from tests.scripted_server import ScriptedServer, Settings

__all__ = ["Fault", "JudgeProcess", "ScriptedJudge"]

ROOT = Path(__file__).resolve().parent.parent


class _Driven:
    """What tests do with a judge, wherever it runs."""

    port: int

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def stats(self):
        return self._call("/stats")

    def cells(self):
        """[{criterion, answer, calls}]: how often each cell was asked about."""
        return self._call("/cells")

    def requests(self):
        """Every call so far: {number, at, criteria, answer, authorization, body}."""
        return self._call("/requests")

    def reset(self):
        """Forget all calls; settings are those of the start again."""
        return self._call("/reset", {})

    def script(self, *faults, **settings):
        """Set the faults (none given: no faults) and any other settings."""
        values = [_without_count(fault) for fault in faults]
        return self._call("/script", {"faults": values, **settings})

    def _call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(urllib.request.Request(address, data), timeout=30) as response:
            return json.loads(response.read())


class ScriptedJudge(_Driven):
    """In a thread: `with ScriptedJudge(rules={"emergency": "met"}) as judge: judge.base_url`.

    Takes the settings of scripted_server.Settings; `rule` may be a function of
    (criterion, answer) that returns one of criterion.verdicts.
    """

    def __init__(self, *, port=0, **settings):
        self.port = port
        self.server = ScriptedServer(Settings.read(settings))
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self):
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The scripted judge did not start.")
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def answer_with(self, rule):
        """Decide by a function from now on."""
        self.server.settings.rule, self.server.settings.rules = rule, None

    async def _serve(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        runner, self.port = await _start(self.server, self.port)
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()


class JudgeProcess(_Driven):
    """As a process of its own, for benches and for workers that are killed."""

    def __init__(self, *, port=0, **settings):
        self.port = port
        self._settings = settings

    def __enter__(self):
        command = [sys.executable, "-m", "tests.scripted_judge", "--port", str(self.port)]
        command += ["--with-parent", "--settings", json.dumps(self._settings)]
        # Its own session: a test that kills a worker's process group must not take the judge too.
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The scripted judge did not start.")
        self.port = int(line.split()[-1])
        return self

    def __exit__(self, *error):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    @property
    def pid(self):
        return self._process.pid


def _without_count(fault):
    values = asdict(fault) if isinstance(fault, Fault) else dict(fault)
    values.pop("happened", None)
    return values


async def _start(server, port):
    runner = web.AppRunner(
        server.app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.2
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
    await site.start()
    return runner, runner.addresses[0][1]


async def _serve_for_ever(settings, port, with_parent):
    _, port = await _start(ScriptedServer(settings), port)
    print(f"scripted judge on port {port}", flush=True)
    parent = os.getppid()
    while not with_parent or os.getppid() == parent:
        await asyncio.sleep(1)


def main():
    parser = argparse.ArgumentParser(description="A scripted OpenAI-compatible judge.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--settings", type=json.loads, default={}, help="JSON, as for /script")
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    options = parser.parse_args()
    settings = {"delay": options.delay_ms / 1000, "keep_requests": False} | options.settings
    asyncio.run(_serve_for_ever(Settings.read(settings), options.port, options.with_parent))


if __name__ == "__main__":
    main()
