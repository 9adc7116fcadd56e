"""Trying a criterion where it is written: what comes back, and that nothing of it stays."""

import json
import re

import pytest
from django.urls import reverse

from rubric_studio.grading.answers.pins import pin_answer
from rubric_studio.grading.models import Call, Grade, Label, Run
from rubric_studio.grading.tryout.room import TRIES_A_MINUTE, room
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_answer, make_criterion, make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, work
from tests.rubrics.pages import HTMX, page
from tests.scripted_judge import Fault


@pytest.fixture(autouse=True)
def empty_room():
    room.places.clear()
    room.began.clear()


@pytest.fixture
def criterion(client, team, alice, judge, scripted_judge):
    """One criterion, two answers; the judge takes "now" for met."""
    client.force_login(alice)
    scripted_judge.answer_with(lambda criterion, answer: "met" if "now" in answer else "unmet")
    question = make_rubric(team, "Says when to call")
    make_answers(question, "Call now.", tier=3, name="Good")
    make_answers(question, "Wait a day.", tier=1, name="Bad")
    return question.criteria.get()


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


def test_disagreeing_makes_a_label_under_the_words_that_were_tried(client, criterion, alice):
    answer = criterion.question.answers.first()
    url = reverse("try-label", args=[criterion.pk])

    fields = label_fields(criterion, answer, "unmet", text="Says to call at once")
    html = page(client.post(url, fields, headers=HTMX))

    assert "you: not met" in html
    label = Label.objects.get()
    assert (label.value, label.author, label.is_current) == (0.0, alice, True)
    parts = try_out(client, criterion, text="Says to call at once")
    assert "you: not met" in "".join(parts[1:])
    assert "you: not met" not in "".join(try_out(client, criterion))
    edit_criterion(criterion, alice, 1, text="Says to call at once")
    criterion.refresh_from_db()
    assert "you: not met" in "".join(try_out(client, criterion))
    html = page(client.post(url, {**fields, "verdict": ""}, headers=HTMX))
    assert "you:" not in html
    assert not Label.objects.current().exists()


def test_a_label_needs_a_verdict_of_the_criterion_and_the_answer_as_tried(client, criterion):
    answer = criterion.question.answers.first()
    url = reverse("try-label", args=[criterion.pk])
    bad = client.post(url, label_fields(criterion, answer, "mostly"), headers=HTMX)
    assert "Choose one of: met, unmet" in page(bad)
    old = {**label_fields(criterion, answer, "met"), "answer_revision": 7}
    assert "has changed since it was tried" in page(client.post(url, old, headers=HTMX))
    other = make_answer(make_rubric(criterion.question.collection.team, "Else"))
    fields = label_fields(criterion, other, "met")
    assert client.post(url, fields, headers=HTMX).status_code == 404


def test_levels_are_offered_against_the_one_that_was_chosen(client, criterion, scripted_judge):
    levels = {
        "level_label": ["none", "some", "all"],
        "level_value": ["0", "0.5", "1"],
        "level_description": ["", "", ""],
    }
    scripted_judge.answer_with(lambda criterion, answer: criterion.verdicts[1])

    parts = try_out(client, criterion, **levels)

    assert verdicts(parts) == {"A": "some", "B": "some"}
    opinion = parts[1].split("tried-others")[1]
    assert re.findall(r'data-verdict="(\w+)"', opinion) == ["none", "all"]


def scores(client, criterion, **fields):
    url = reverse("try-scores", args=[criterion.pk])
    return client.post(url, typed(criterion, **fields), headers=HTMX)


def test_other_points_move_the_scores_without_a_call(client, criterion, judge, scripted_judge):
    make_criterion(criterion.question, "Names the number", points=5)
    scripted_judge.answer_with(
        lambda asked, answer: "met" if "now" in answer and "call" in asked.text else "unmet"
    )
    work(make_run(criterion.question, judge))
    scripted_judge.reset()

    html = page(scores(client, criterion, points="15"))

    said = re.sub(r"<[^>]+>|\s+", " ", html)
    assert re.search(r"Answer A\s+0\.50\s+→\s+, now\s+0\.75", said)
    assert re.search(r"Answer B\s+0\.00 ", said)
    assert scripted_judge.stats()["calls"] == 0
    assert "scores stay as they are" in page(scores(client, criterion))


def test_other_words_leave_the_score_between_two_ends(client, criterion, judge):
    make_criterion(criterion.question, "Names the number", points=5)
    work(make_run(criterion.question, judge))

    html = page(scores(client, criterion, text="Says something else"))

    assert "0.50 to 1.00" in html
    assert "1 criterion not judged in these words yet" in html


def test_there_are_no_scores_before_a_run_or_for_what_cannot_stand(client, criterion, judge):
    assert scores(client, criterion).status_code == 204
    work(make_run(criterion.question, judge))
    assert scores(client, criterion, points="").status_code == 204


def test_at_most_three_answers_are_pinned(client, criterion):
    make_answers(criterion.question, "C", "D")
    first, *others, last = criterion.question.answers.all()
    for answer in (first, *others):
        assert client.post(reverse("answer-pin", args=[answer.pk]), {"pinned": "on"}).url
    refused = client.post(reverse("answer-pin", args=[last.pk]), {"pinned": "on"}, headers=HTMX)
    assert "3 answers are pinned already" in page(refused)
    html = page(client.post(reverse("answer-pin", args=[first.pk]), headers=HTMX))
    assert "Pin<" in html
    assert "Unpin" in page(
        client.post(reverse("answer-pin", args=[last.pk]), {"pinned": "on"}, headers=HTMX)
    )
