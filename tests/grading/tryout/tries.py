"""Trying a criterion as the writing page does, and reading what comes back."""

import json
import re

from django.urls import reverse

from tests.rubrics.pages import HTMX


def typed(criterion, **fields):
    """The editor's form as a browser would send it."""
    given = {"text": criterion.text, "points": "5", "gate": "none", **fields}
    return {name: value for name, value in given.items() if value is not None}


def try_out(client, criterion, **fields):
    """The parts that arrive, in order."""
    url = reverse("try-out", args=[criterion.pk])
    response = client.post(url, typed(criterion, **fields), headers=HTMX)
    assert response.status_code == 200, response.content
    lines = b"".join(response.streaming_content).split(b"\n")
    return [json.loads(line) for line in lines if line]


def verdicts(parts):
    """{letter: verdict} of the last card of each answer."""
    found = {}
    for part in parts:
        for card in part.split('<article class="tried-card"')[1:]:
            letter = re.search(r'aria-label="Answer ([A-Z]+)"', card)[1]
            found[letter] = re.search(r'tried-verdict">.*?</svg>([^<]*)<', card, re.DOTALL)[1]
    return found


def label_fields(criterion, answer, verdict, **fields):
    own = {"answer": answer.pk, "answer_revision": answer.revision, "judged": "met"}
    return {**typed(criterion, **fields), **own, "verdict": verdict}
