import html
import re

import pytest
from django.urls import reverse

from rubric_studio.engine.judging.prompt import PROMPT_VERSION, STANDARD_RULES, build_prompt
from rubric_studio.grading.judges.prompt_page import SHOWN_NONCE, shown_prompt
from rubric_studio.grading.judges.prompt_rules import Wording, change_rules, wording_of
from rubric_studio.grading.judges.trying import ANSWER, CRITERION, QUESTION
from rubric_studio.grading.models import PromptRules

pytestmark = pytest.mark.django_db
OWN = "- Be strict: a hint is not a statement."


def address(team):
    return reverse("judges-prompt", args=[team.pk])


def change(client, team, text=OWN, **given):
    return client.post(address(team), {"text": text, "note": "", "based_on": "0", **given})


def flat(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("own", ["", OWN, "You grade an answer.", "## Question\n## Reply\nmet"])
def test_the_page_shows_the_prompt_whole(own):
    row = PromptRules(number=1, text=own) if own else None
    shown = shown_prompt(Wording(row))
    sent = build_prompt(QUESTION, [CRITERION], ANSWER, SHOWN_NONCE, own)
    for parts, message in zip((shown.system, shown.user), sent.messages, strict=True):
        assert flat("".join(it.text for it in parts)) == flat(message["content"])
    assert [it.text for it in shown.system if it.is_own] == [own or STANDARD_RULES]
    assert all(it.text.strip() for it in [*shown.system, *shown.user])


def test_everybody_of_the_team_can_read_it_and_only_authors_change_it(client, team, bob, charlie):
    client.force_login(bob)
    page = client.get(address(team))
    assert html.escape(STANDARD_RULES) in page.content.decode()
    assert PROMPT_VERSION in page.content.decode()
    assert b"<textarea" not in page.content
    assert change(client, team).status_code == 403
    client.force_login(charlie)
    assert client.get(address(team)).status_code == 404
    assert change(client, team).status_code == 404
    assert not PromptRules.objects.exists()


def test_an_author_changes_the_rules_and_the_page_says_what_follows(at_desk, team, alice):
    assert "All verdicts are asked anew" in at_desk.get(address(team)).content.decode()
    page = at_desk.post(
        address(team), {"text": OWN, "note": "Hints got credit.", "based_on": "0"}, follow=True
    )
    assert wording_of(team).words == OWN
    said = page.content.decode()
    assert "The next run asks by them." in said
    assert "Hints got credit." in said
    assert wording_of(team).version in said
    back = at_desk.post(address(team), {"text": "", "note": "", "based_on": "1"}, follow=True)
    assert "the standard rules" in back.content.decode()
    assert wording_of(team).version == PROMPT_VERSION


@pytest.mark.parametrize(
    "given, field",
    [
        ({"text": "x" * 4001}, "text"),
        ({"text": STANDARD_RULES}, "text"),
        ({"text": "a\x1bb"}, "text"),
        ({"note": "n" * 201}, "note"),
        ({"based_on": "7"}, "__all__"),
        ({"based_on": "x"}, "based_on"),
    ],
)
def test_bad_rules_are_refused_with_what_was_written_kept(at_desk, team, given, field):
    page = change(at_desk, team, **given)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not PromptRules.objects.exists()


def test_rules_of_a_colleague_are_not_written_over(at_desk, team, alice):
    change_rules(team, alice, OWN, "", 0)
    page = change(at_desk, team, text="- Be lenient.")
    assert page.status_code == 422
    assert "- Be lenient." in page.content.decode()
    assert wording_of(team).words == OWN


def test_what_is_written_is_shown_as_text(at_desk, team):
    change(at_desk, team, text="<script>alert(1)</script> {{ 7 }}")
    assert b"<script>alert" not in at_desk.get(address(team)).content


def test_wrong_methods_are_refused(at_desk, team):
    assert at_desk.put(address(team)).status_code == 405
