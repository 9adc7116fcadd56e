"""Chromium for the tests that need a page as it is seen.

`browser_page` is a page of nobody, `signed_in_page(user)` a page of somebody; both stand on the
`live_server`. A test fails when a page that it used wrote an error to the console: scripts that
broke, files that are missing, and what the content security policy refused.
"""

import os
import shutil
from time import monotonic, sleep

import pytest

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# Connections of others that are in the middle of something.
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND state <> 'idle'
"""


# Not for the whole session: Playwright keeps an event loop running in this thread, and what runs
# after it could start none of its own.
@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        reason = "Chromium is not here: set CHROMIUM, or put chromium on the PATH."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright runs an event loop in this thread; Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def console_errors():
    """What the pages' consoles said. A test that expects something there clears it."""
    return []


def is_refusal(text, url):
    """The browser's and htmx's notes of a 4xx, which is an answer like any other."""
    lost = "Failed to load resource" in text and "status of 4" in text and "/static/" not in url
    return lost or text.startswith("Response Status Error Code 4")


@pytest.fixture
def open_page(chromium, live_server, console_errors):
    """open_page(**context_options): a page in a context of its own, watched for errors."""
    contexts, errors = [], console_errors

    def note(message):
        url = message.location["url"]
        if message.type == "error" and not is_refusal(message.text, url):
            errors.append(f"{message.text} ({url})")

    def make(**options):
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    wait_for_requests()
    assert not errors, "The page's console: " + "\n".join(errors)


def wait_for_requests():
    """Until the server is through with what the pages asked for last.

    A page that closes takes its request along, the server does not; the tables that a test leaves
    are emptied next, and would wait for each other with what still reads them.
    """
    from django.db import connection

    quiet, deadline = 0, monotonic() + 10
    while quiet < 2 and monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        sleep(0.03)


@pytest.fixture
def browser_page(open_page):
    return open_page()


@pytest.fixture
def signed_in_page(open_page, live_server):
    def make(user, **options):
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user)
        page = open_page(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        return page

    return make


def check_axe(page):
    """axe-core finds nothing against WCAG 2.0 to 2.2, A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
    problems = [
        f"{problem['id']}: {node['failureSummary']}\n  {node['html']}"
        for problem in found.response["violations"]
        for node in problem["nodes"]
    ]
    assert not problems, "\n".join(problems)


def check_no_sideways_scroll(page):
    width, room = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= room, f"The page is {width} px wide in a window of {room} px."


def check_words_have_room(page):
    """The words of a notice are no thin column beside what can be pressed."""
    thin = page.locator(".notice > :nth-child(2)").evaluate_all(
        "(all) => all.filter((it) => it.offsetWidth > 0 && it.offsetWidth < 200)"
        ".map((it) => `${it.offsetWidth} px: ${it.textContent}`)"
    )
    assert not thin, "\n".join(thin)


def check_look(page):
    """Both themes, wide and narrow: nothing for axe, nothing sideways, no thin column of words.

    Themes change colours and widths change places, so axe sees each once, not each pair of them.
    """
    for theme, width in (("light", 1440), ("dark", 360)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        check_no_sideways_scroll(page)
        check_words_have_room(page)
        check_axe(page)
