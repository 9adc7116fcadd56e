"""Trying a criterion where it is written: what comes back, and that nothing of it stays."""

import re

import pytest
from django.urls import reverse

from rubric_studio.grading.answers.pins import pin_answer
from rubric_studio.grading.models import Call, Grade, Label, Run
from rubric_studio.grading.tryout import calls
from rubric_studio.grading.tryout.room import TRIES_A_MINUTE, room
from rubric_studio.grading.tryout.trial import judges_to_try
from tests.cast import make_answer
from tests.grading.tryout.tries import label_fields, try_out, typed, verdicts
from tests.grading_cast import make_answers, make_judge, make_run, work
from tests.rubrics.pages import HTMX, page
from tests.scripted_judge import Fault


def test_words_that_are_typed_and_not_saved_are_tried(client, criterion, scripted_judge):
    first, *rest = try_out(client, criterion, text="Says to call at once")

    assert verdicts([first]) == {"A": "Judging", "B": "Judging"}
    assert verdicts(rest) == {"A": "Met", "B": "Not met"}
    asked = [it["criteria"] for it in scripted_judge.requests()]
    assert len(asked) == 2
    assert all("Says to call at once" in str(it) for it in asked)
    criterion.refresh_from_db()
    assert criterion.text == "Says when to call"


def test_nothing_of_a_try_is_stored(client, criterion):
    try_out(client, criterion)

    assert not Run.objects.exists()
    assert not Grade.objects.exists()
    assert not Call.objects.exists()
    assert not Label.objects.exists()


def test_judge_time_tokens_and_cost_are_told(client, criterion, team, scripted_judge):
    dear = make_judge(team, scripted_judge, name="Dear", price_in=1000, price_out=1000)
    scripted_judge.script(delay=0.1)

    *_, line = try_out(client, criterion, judge=dear.pk)

    assert re.search(r"<b>Dear</b>, \d+\.\d s, \d", line)
    assert re.search(r"\d+ tokens, \d", "".join(try_out(client, criterion)))


def test_judges_are_offered_where_there_are_several(client, criterion, team, scripted_judge):
    other = make_judge(team, scripted_judge, name="Other")

    *_, line = try_out(client, criterion)
    assert "data-try-judge" in line
    *_, line = try_out(client, criterion, judge=other.pk)
    assert f'<option value="{other.pk}" selected>' in line


@pytest.mark.parametrize("kind", ["prose", "nan", "invalid_verdict", "html", "server_error"])
def test_what_is_no_verdict_is_shown_as_none(client, criterion, scripted_judge, kind):
    scripted_judge.script(Fault(kind))

    parts = try_out(client, criterion)

    assert verdicts(parts) == {"A": "No verdict", "B": "No verdict"}
    assert "tried-error" in parts[1]
    assert "data-opinion" not in "".join(parts)


def test_one_answer_that_fails_leaves_the_other_its_verdict(client, criterion, scripted_judge):
    scripted_judge.script(Fault("bad_request", answer="Wait"))

    assert verdicts(try_out(client, criterion)) == {"A": "Met", "B": "No verdict"}


def test_a_call_that_fails_once_is_made_again(client, criterion, scripted_judge):
    scripted_judge.script(Fault("server_error", first=1))

    assert verdicts(try_out(client, criterion)) == {"A": "Met", "B": "Not met"}
    assert scripted_judge.stats()["calls"] == 4


def test_a_judge_that_hangs_is_named_after_its_time(client, team, criterion, scripted_judge):
    slow = make_judge(team, scripted_judge, name="Slow", timeout=0.5)
    scripted_judge.script(Fault("hang"))

    parts = try_out(client, criterion, judge=slow.pk)

    assert verdicts(parts) == {"A": "No verdict", "B": "No verdict"}
    assert "The judge gave no reply within 0.5 seconds." in parts[1]


def test_the_demo_judge_has_longer_and_is_said_to_share_the_machine(
    client, criterion, scripted_judge, settings, monkeypatch
):
    assert calls.LONGEST_DEMO_TRY > calls.LONGEST_TRY
    settings.DEMO_JUDGE_URL, settings.DEMO_JUDGE_KEY = scripted_judge.base_url, "key"
    demo = next(it for it in judges_to_try(criterion.question) if it.is_demo)
    monkeypatch.setattr(calls, "LONGEST_TRY", 0.1)
    monkeypatch.setattr(calls, "LONGEST_DEMO_TRY", 20)
    scripted_judge.script(delay=0.3)
    assert verdicts(try_out(client, criterion, judge=demo.pk)) == {"A": "Met", "B": "Not met"}
    monkeypatch.setattr(calls, "LONGEST_DEMO_TRY", 0.2)
    monkeypatch.setattr(calls, "CALL_SHARE", 2)
    parts = try_out(client, criterion, judge=demo.pk, again=1)
    assert verdicts(parts) == {"A": "No verdict", "B": "No verdict"}
    assert "No reply within 0.2 seconds. The demo judge runs on this server" in parts[1]


def test_a_rate_limit_that_lasts_is_told_and_not_waited_out(client, criterion, scripted_judge):
    scripted_judge.script(Fault("rate_limit", seconds=60))

    parts = try_out(client, criterion)

    assert verdicts(parts) == {"A": "No verdict", "B": "No verdict"}
    assert "takes no more calls just now" in "".join(parts)


def test_s4_a_judge_at_an_address_that_is_forbidden_is_not_called(
    client, criterion, scripted_judge, settings
):
    settings.JUDGE_ENDPOINT_ALLOWLIST = []

    parts = try_out(client, criterion)

    assert verdicts(parts) == {"A": "No verdict", "B": "No verdict"}
    assert "tried-error" in parts[1]
    assert scripted_judge.stats()["calls"] == 0


def test_another_teams_judge_is_not_asked(client, criterion, charlie, scripted_judge):
    theirs = make_judge(charlie.teams.get(), scripted_judge, name="Theirs")

    assert "Theirs" not in "".join(try_out(client, criterion, judge=theirs.pk))
    assert refusal_of(client, criterion, judge="no id") == 404


def test_s12_words_of_the_judge_that_the_answer_lacks_are_marked(client, criterion, scripted_judge):
    scripted_judge.script(Fault("invented_quote"))

    assert "not in the answer" in "".join(try_out(client, criterion))


def test_a_known_verdict_is_shown_without_a_call_and_asked_anew_when_wished(
    client, criterion, judge, scripted_judge
):
    work(make_run(criterion.question, judge))
    scripted_judge.reset()

    first, line = try_out(client, criterion)

    assert verdicts([first]) == {"A": "Met", "B": "Not met"}
    assert "2 known already: no call was made" in line
    assert scripted_judge.stats()["calls"] == 0
    try_out(client, criterion, again="on")
    assert scripted_judge.stats()["calls"] == 2
    assert Grade.objects.count() == 2


def test_an_answer_of_200_kilobytes_is_tried(client, criterion, scripted_judge):
    make_answer(criterion.question, "🫀 now " * 20_000, tier=2)

    assert verdicts(try_out(client, criterion)) == {"A": "Met", "C": "Met", "B": "Not met"}


def test_pinned_answers_are_the_ones_tried(client, criterion):
    [extra] = make_answers(criterion.question, "Call somebody now.", tier=2)
    pin_answer(extra)

    assert verdicts(try_out(client, criterion)) == {"C": "Met"}


def test_readers_may_not_try_and_strangers_find_nothing(client, criterion, bob, charlie, rita):
    answer = criterion.question.answers.first()
    for user, status in [(bob, 403), (charlie, 404)]:
        client.force_login(user)
        for name in ("try-out", "try-scores"):
            response = client.post(reverse(name, args=[criterion.pk]), typed(criterion))
            assert response.status_code == status
        url = reverse("try-label", args=[criterion.pk])
        fields = label_fields(criterion, answer, "unmet")
        assert client.post(url, fields, headers=HTMX).status_code == status
        pin = client.post(reverse("answer-pin", args=[answer.pk]), {"pinned": "on"})
        assert pin.status_code == status
    assert not Label.objects.exists()
    client.force_login(rita)
    assert client.post(url, fields, headers=HTMX).status_code == 200
    assert client.get(reverse("try-out", args=[criterion.pk])).status_code == 405


def refusal_of(client, criterion, **fields):
    url = reverse("try-out", args=[criterion.pk])
    return client.post(url, typed(criterion, **fields), headers=HTMX).status_code


def refusal(client, criterion, **fields):
    url = reverse("try-out", args=[criterion.pk])
    response = client.post(url, typed(criterion, **fields), headers=HTMX)
    assert response.status_code == 409
    return page(response)


def test_what_cannot_be_tried_is_said(client, criterion, judge, team, settings):
    assert "Put this right first: Write what must be true" in refusal(client, criterion, text="")
    assert "Put this right first:" in refusal(client, criterion, points="0")
    criterion.question.answers.update(deleted_at=criterion.changed_at)
    assert "There is no answer to try it on yet" in refusal(client, criterion)
    team.judges.update(deleted_at=criterion.changed_at)
    assert "There is no judge to ask yet" in refusal(client, criterion)


def test_tries_have_their_bounds(client, criterion, olga, settings):
    settings.TRYOUTS_AT_ONCE = 1
    with room.entered(olga.pk) as former:
        assert "Others are trying" in refusal(client, criterion)
        with room.entered(olga.pk) as newer:
            assert former.is_taken
            assert not newer.is_taken
    for _ in range(TRIES_A_MINUTE - 2):
        with room.entered(olga.pk):
            pass
    client.force_login(olga)
    assert "tries in a minute" in refusal(client, criterion)


def test_without_javascript_the_page_comes_back_with_verdicts_and_words(client, criterion):
    url = reverse("try-out", args=[criterion.pk])

    html = page(client.post(url, typed(criterion, text="Says to call now")))

    assert verdicts([html]) == {"A": "Met", "B": "Not met"}
    assert "Says to call now</textarea>" in html
    response = client.post(url, typed(criterion, text="", guidance="Kept words"))
    assert response.status_code == 422
    assert "Kept words</textarea>" in page(response)
