"""How long a try takes from the request to the first verdict, beside the judge's own time.

    python -m bench.tryout [--tries 40] [--delay-ms 300] [--criteria 50]

The web server as `make run` starts it (two processes of four threads), a judge with a fixed delay
as a process of its own, three pinned answers, another wording each time. The browser's part, from
the key to the request and from the response to the screen, is not in it.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from bench.fixed_judge import FixedJudge
from bench.material import make_collection, make_question
from bench.stage import stage
from bench.table import table
from rubric_studio.local.addresses import free_port

ALLOWED = 500  # milliseconds that a try may add to the judge's own
TOKEN = "bench" * 6 + "be"
PAUSE = 1.6  # seconds between two tries: a person may make 40 a minute


@contextmanager
def web(port: int) -> Iterator[None]:
    """The web server, until it answers."""
    command = [sys.executable, "-m", "gunicorn", "rubric_studio.wsgi", "-k", "gthread"]
    command += ["-w", "2", "--threads", "4", "--preload", "-b", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while True:
            if server.poll() is not None:
                raise SystemExit("The web server did not start.")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def session_of(user) -> str:
    """The cookies of somebody signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}"


def open_page(port: int, cookies: str, question) -> None:
    """Whoever tries has opened the page before; each of the two processes gets to serve it."""
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(8)]
    for connection in connections:
        connection.request("GET", f"/q/{question.pk}/", headers={"Cookie": cookies})
    for connection in connections:
        assert connection.getresponse().status == 200
        connection.close()


def try_out(port: int, cookies: str, criterion, number: int) -> tuple[float, float]:
    """Milliseconds until the first verdict and until the last."""
    fields = {"text": f"Says thing {number} in other words.", "points": "1", "gate": "none"}
    headers = {
        "Cookie": cookies,
        "X-CSRFToken": TOKEN,
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    started = time.perf_counter()
    connection.request("POST", f"/criteria/{criterion.pk}/try", urlencode(fields), headers)
    response = connection.getresponse()
    assert response.status == 200, response.read()
    arrived = []
    while line := response.readline():
        part = json.loads(line) if line.strip() else ""
        if "tried-card" in part and "aria-busy" not in part:
            assert "No verdict" not in part, part
            arrived.append((time.perf_counter() - started) * 1000)
    connection.close()
    return arrived[0], arrived[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=40)
    parser.add_argument("--delay-ms", type=float, default=300)
    parser.add_argument("--criteria", type=int, default=50)
    options = parser.parse_args()
    os.environ["JUDGE_ENDPOINT_ALLOWLIST"] = "127.0.0.1"
    with stage(), FixedJudge(options.delay_ms / 1000) as judge, table() as figures:
        user, collection, _ = make_collection(judge.base_url, 16)
        question = make_question(collection, user, 1, options.criteria, 3)
        criterion, cookies, port = question.criteria.first(), session_of(user), free_port()
        with web(port):
            open_page(port, cookies, question)
            took = []
            for number in range(options.tries):
                took.append(try_out(port, cookies, criterion, number))
                time.sleep(PAUSE)
        first = [it[0] for it in took]
        most = ALLOWED + options.delay_ms
        figures.add("the judge's own time", options.delay_ms, "ms")
        figures.add("the very first try", first[0], "ms")
        figures.add("first verdict, median", statistics.median(first), "ms")
        slowest = statistics.quantiles(first, n=20)[-1]
        figures.add("first verdict, p95", slowest, "ms", most=most)
        figures.add("last of three verdicts, median", statistics.median(it[1] for it in took), "ms")


if __name__ == "__main__":
    main()
