"""A run watched through a web process of its own: what its page says, and the web's restart."""

import os
import re
import subprocess
import sys
import time
from html import unescape
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.sweeping import sweep_runs
from rubric_studio.local.addresses import free_port
from tests.cast import author_of, make_collection, make_team
from tests.grading_cast import import_rubric, make_answers, make_judge, make_run, statuses
from tests.scripted_judge import JudgeProcess
from tests.worker import ROOT, wait_until

pytestmark = pytest.mark.slow

CELLS = 200


@pytest.fixture
def run(workers):
    with JudgeProcess(delay=0.15) as scripted:
        team = make_team()
        judge = make_judge(team, scripted, concurrency=8)
        question = import_rubric(make_collection(team), author_of(team), 20)
        make_answers(question, *(f"Answer number {number}." for number in range(10)))
        run = make_run(question, judge)
        run.scripted = scripted
        yield run


class Web:
    """gunicorn on the test's database, with one process."""

    def __init__(self, environment):
        self.port = free_port()
        self.environment = {**os.environ, **environment, "DEBUG": "true"}

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "rubric_studio.wsgi:application"]
        command += ["-b", f"127.0.0.1:{self.port}", "-k", "gthread", "--no-control-socket"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL
        )
        wait_until(self.is_up, 60)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def is_up(self):
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/sign-in", timeout=10):
                return True
        except HTTPError:
            return True
        except OSError:
            return False


@pytest.fixture
def web(workers):
    web = Web(workers.environment)
    web.start()
    yield web
    web.stop()


class Watched:
    """The grading page, and what its polls make of it: each answer names the next address."""

    def __init__(self, web, client, run):
        client.force_login(author_of(run.question.collection.team))
        self.cookie = f"sessionid={client.cookies['sessionid'].value}"
        self.web, self.statuses, self.sizes, self.asks = web, [], [], None
        self.get(run.get_absolute_url())

    def get(self, address):
        headers = {"Cookie": self.cookie}
        if self.statuses:
            headers["HX-Request"] = "true"
        request = Request(f"http://127.0.0.1:{self.web.port}{address}", headers=headers)
        with urlopen(request, timeout=20) as response:
            text = response.read().decode()
            self.statuses.append(response.status)
        self.sizes.append(len(text))
        if response.status != 204:
            self._read(text)

    def poll(self):
        self.get(self.asks)

    def _read(self, text):
        asks = re.search(r'hx-get="([^"]+/live[^"]*)"', text)
        self.asks = unescape(asks[1]) if asks else None
        verdicts, total = re.search(r"(\d+) of (\d+) (?:cells have|judged)", text).groups()
        self.verdicts, self.total = int(verdicts), int(total)
        parts = re.findall(r'<rect class="\w+" x="[\d.]+%" width="([\d.]+)%"', text)
        self.width = sum(map(float, parts))


def graded(run):
    return run.grades.filter(status="graded").count()


def test_j13_the_page_counts_truly_through_a_killed_child_and_stops_asking(
    workers, web, run, client
):
    page = Watched(web, client, run)
    unchanged = page.asks
    page.poll()
    assert (page.statuses[-1], page.sizes[-1]) == (204, 0)
    assert page.asks == unchanged
    seen, deadline = [page.verdicts], time.monotonic() + 90
    with workers.start() as worker:
        while page.asks:
            time.sleep(0.25)
            if page.verdicts > 60 and worker is not None:
                worker.kill_child()
                worker = None
            page.poll()
            seen.append(page.verdicts)
            assert page.verdicts <= page.total == CELLS
            assert page.width <= 100.01
            # What it shows after a poll was so when it was asked.
            assert page.verdicts <= graded(run)
            assert time.monotonic() < deadline, workers.log()
            sweep_runs()
    assert worker is None
    assert seen == sorted(seen)
    assert seen[-1] == graded(run) == CELLS
    assert page.statuses[-1] == 286
    assert page.asks is None


def test_j14_the_web_process_restarts_and_the_run_goes_on(workers, web, run, client):
    # Long enough for a restart in the midst of it.
    run.scripted.script(delay=0.6)
    page = Watched(web, client, run)
    with workers.start():
        wait_until(lambda: graded(run) > 20, 30, workers.log)
        page.poll()
        web.stop()
        before = graded(run)
        wait_until(lambda: graded(run) > before + 20, 30, workers.log)
        web.start()
        # The page that was open all the time, with the address that it knew.
        page.poll()
        assert page.verdicts > before
        workers.sweep_until(lambda: not Run.objects.get(pk=run.pk).is_live, 60)
    if page.asks:
        page.poll()
    assert (page.statuses[-1], page.verdicts) == (286, CELLS)
    assert statuses(run) == {"graded": CELLS}
    assert run.scripted.stats()["calls"] == CELLS
