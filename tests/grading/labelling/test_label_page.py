import json
import re

import pytest
from django.urls import reverse

from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Label
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import delete_criterion, edit_criterion, edit_question
from tests.cast import make_rubric, make_user
from tests.grading_cast import import_rubric, make_answers, make_run, work

LEVELS = [
    {"label": "none", "value": 0, "description": "Nothing of it"},
    {"label": "some", "value": 0.5, "description": "Half of it"},
    {"label": "all", "value": 1, "description": "The whole"},
]
CHECK = {"kind": "length", "unit": "words", "at_most": 50}


@pytest.fixture
def question(team):
    return make_rubric(
        team,
        "Explains the risks",
        {"text": "Is thorough", "levels": LEVELS},
        {"text": "Names the dose", "may_not_apply": True, "points": -4},
    )


@pytest.fixture
def answers(question):
    return make_answers(question, "Call now.", "Wait and see.", tier=3, name="The best one")


@pytest.fixture
def keys(question):
    return [it.key for it in draft_document(question).criteria]


def page_of(client, user, question, **query):
    client.force_login(user)
    return client.get(reverse("labelling", args=[question.pk], query=query))


def fields_of(response, key):
    """What the page sends with a verdict on that criterion."""
    form = re.search(
        rf'<form class="label-panel[^>]*data-panel="{key}".*?</form>', response.text, re.S
    ).group()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def give(client, answer, fields, **more):
    return client.post(
        reverse("label-give", args=[answer.pk]), {**fields, **more}, headers={"HX-Request": "true"}
    )


def test_page_shows_an_answer_and_nothing_that_could_sway(
    client, question, answers, keys, rita, alice, judge
):
    work(make_run(question, judge))
    set_label(answers[0], keys[0], alice, verdict="unmet", note="Alice's reason")
    response = page_of(client, rita, question, answer=answers[0].pk)
    assert response.status_code == 200
    main = response.text.partition("<main")[2]
    assert "Call now." in main
    assert "Explains the risks" in main
    for hidden in [
        "The best one",
        "Alice",
        "strong",
        "points",
        "mark-credit",
        "mark-penalty",
        "−4",
    ]:
        assert hidden not in main
    assert not Label.objects.filter(author=rita).exists()


def test_a_key_is_kept_and_said_back(client, question, answers, keys, rita):
    page = page_of(client, rita, question, answer=answers[0].pk)
    said = give(client, answers[0], fields_of(page, keys[1]), verdict="some", note="Only the dose.")
    assert json.loads(said.content)["verdict"] == "some"
    assert json.loads(said.content)["note"] == "Only the dose."
    label = Label.objects.get()
    assert (label.author, label.value, label.level) == (rita, 0.5, "some")
    again = give(
        client, answers[0], fields_of(page, keys[1]), verdict="some", note="Only the dose."
    )
    assert again.status_code == 200
    assert Label.objects.count() == 1
    give(client, answers[0], fields_of(page, keys[1]), verdict="")
    assert not Label.objects.current().exists()


def test_an_expert_who_labelled_twice_stands_by_the_newest(client, question, answers, keys, rita):
    page = page_of(client, rita, question, answer=answers[0].pk)
    for verdict in ["met", "unmet"]:
        give(client, answers[0], fields_of(page, keys[0]), verdict=verdict)
    assert [(it.value, it.is_current) for it in Label.objects.all()] == [(1.0, False), (0.0, True)]


@pytest.mark.parametrize("verdict", ["all", "maybe", "1"])
def test_a_verdict_that_the_criterion_does_not_have_is_refused(
    client, question, answers, keys, rita, verdict
):
    page = page_of(client, rita, question, answer=answers[0].pk)
    refused = give(client, answers[0], fields_of(page, keys[0]), verdict=verdict)
    assert refused.status_code == 409
    assert "Choose one of: met, unmet" in refused.text
    assert not Label.objects.exists()


def test_not_applicable_is_offered_only_where_it_may_be(client, question, answers, keys, rita):
    page = page_of(client, rita, question, answer=answers[0].pk)
    assert page.text.count('value="not_applicable"') == 1
    assert page.text.count('value="cannot_assess"') == 3


def test_what_programs_decide_is_left_out_and_refused(client, team, rita):
    question = make_rubric(team, "Explains", {"text": "Is short", "check": CHECK})
    [answer] = make_answers(question, "Call now.")
    keys = [it.key for it in draft_document(question).criteria]
    page = page_of(client, rita, question)
    assert "Is short" not in page.text
    refused = give(client, answer, {"criterion": keys[1]}, verdict="met")
    assert refused.status_code == 409
    assert "A program decides" in refused.text


def test_a_criterion_reworded_in_mid_labelling_makes_the_label_stale_not_lost(
    client, question, answers, keys, rita, alice
):
    page = page_of(client, rita, question, answer=answers[0].pk)
    criterion = question.criteria.get(key=keys[0])
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Explains every risk")
    said = give(client, answers[0], fields_of(page, keys[0]), verdict="met")
    assert "was reworded" in json.loads(said.content)["meanwhile"]
    assert Label.objects.current().get().value == 1.0
    stale = page_of(client, rita, question, only="stale")
    assert "Explains every risk" in stale.text
    assert "Reworded since you labelled it." in stale.text
    assert "<del>the risks</del><ins>every risk</ins>" in stale.text
    assert 'aria-pressed="true"' not in stale.text
    assert "Is thorough" not in stale.text
    said = give(client, answers[0], fields_of(stale, keys[0]), verdict="unmet")
    assert json.loads(said.content)["before"] == "Met"
    assert "Nothing to read again" in page_of(client, rita, question, only="stale").text


def test_an_answer_edited_in_mid_labelling_is_asked_again(
    client, question, answers, keys, rita, alice
):
    page = page_of(client, rita, question, answer=answers[0].pk)
    edit_answer(answers[0], alice, text="Call later.")
    said = give(client, answers[0], fields_of(page, keys[0]), verdict="met")
    assert "was edited" in json.loads(said.content)["meanwhile"]
    stale = page_of(client, rita, question, only="stale").text
    assert "Call later." in stale
    assert "The answer was edited since you labelled this." in stale


def test_a_stale_label_hides_its_verdict_and_note_until_the_new_one_is_given(
    client, question, answers, keys, rita, alice
):
    set_label(answers[0], keys[1], rita, verdict="some", note="Half at best.")
    criterion = question.criteria.get(key=keys[1])
    levels = [{**it, "description": it["description"].upper()} for it in LEVELS]
    edit_criterion(
        criterion, alice, based_on=criterion.revision, levels=levels, guidance="Read it twice."
    )
    for query in ({}, {"only": "stale"}, {"only": keys[1]}):
        page = page_of(client, rita, question, answer=answers[0].pk, **query)
        assert "Half at best." not in page.text
        assert 'data-verdict="some"' not in page.text
        assert "<ins>Read it twice.</ins>" in page.text
        assert "<ins>HALF OF IT</ins>" in page.text
    said = json.loads(give(client, answers[0], fields_of(page, keys[1]), verdict="all").content)
    assert (said["verdict"], said["before"]) == ("all", "some")
    again = json.loads(give(client, answers[0], fields_of(page, keys[1]), verdict="none").content)
    assert again["before"] == ""


def test_a_label_of_another_question_says_so(client, question, answers, keys, rita, alice):
    set_label(answers[0], keys[0], rita, verdict="met")
    edit_question(question, alice, None, messages=[{"role": "user", "content": "And now?"}])
    page = page_of(client, rita, question, only="stale")
    assert "The question was changed since you labelled this." in page.text


def test_one_criterion_can_be_labelled_in_every_answer(client, question, answers, keys, rita):
    page = page_of(client, rita, question, only=keys[2])
    assert "Names the dose" in page.text
    assert "Explains the risks" not in page.text
    assert fields_of(page, keys[2])["only"] == keys[2]
    for answer in answers:
        fields = fields_of(page_of(client, rita, question, only=keys[2], answer=answer.pk), keys[2])
        give(client, answer, fields, verdict="unmet")
    done = page_of(client, rita, question, only=keys[2]).text
    assert "You have labelled this criterion" in done
    assert "colleagues" not in done
    assert "Explains the risks" in page_of(client, rita, question, only="c-gone").text


def test_a_label_on_a_criterion_deleted_meanwhile_is_kept(
    client, question, answers, keys, rita, alice
):
    page = page_of(client, rita, question, answer=answers[0].pk)
    criterion = question.criteria.get(key=keys[0])
    delete_criterion(criterion, alice, based_on=criterion.revision)
    said = give(client, answers[0], fields_of(page, keys[0]), verdict="met")
    assert "was deleted" in json.loads(said.content)["meanwhile"]
    assert Label.objects.current().get().criterion_key == keys[0]
    assert "Explains the risks" not in page_of(client, rita, question).text


def test_each_expert_has_an_order_of_their_own_that_stays(client, team, question):
    from rubric_studio.grading.labelling.queue import queue_of

    make_answers(question, *[f"Answer {n}." for n in range(8)])
    experts = [make_user(f"Expert {n}", team, "reviewer") for n in range(4)]
    orders = [[it.letter for it in queue_of(question, expert).answers] for expert in experts]
    again = [[it.letter for it in queue_of(question, expert).answers] for expert in experts]
    assert orders == again
    assert len({tuple(it) for it in orders}) > 1


def test_reader_may_not_label_and_stranger_finds_nothing(
    client, question, answers, keys, bob, charlie
):
    assert page_of(client, bob, question).status_code == 403
    assert give(client, answers[0], {"criterion": keys[0]}, verdict="met").status_code == 403
    assert page_of(client, charlie, question).status_code == 404
    assert give(client, answers[0], {"criterion": keys[0]}, verdict="met").status_code == 404
    assert client.get(reverse("label-give", args=[answers[0].pk])).status_code == 405


def test_without_a_script_a_button_leads_to_the_next_criterion(
    client, question, answers, keys, rita
):
    page = page_of(client, rita, question, answer=answers[0].pk)
    sent = client.post(
        reverse("label-give", args=[answers[0].pk]),
        {**fields_of(page, keys[0]), "verdict": "met"},
        follow=True,
    )
    shown = re.findall(r'data-panel="([^"]+)"[^>]*action="[^"]*">', sent.text)
    assert shown == [keys[1]]


def test_the_page_ends_when_everything_has_a_verdict(client, question, answers, keys, rita):
    for answer in answers:
        for key, verdict in zip(keys, ["met", "all", "not_applicable"], strict=True):
            set_label(answer, key, rita, verdict=verdict)
    done = page_of(client, rita, question)
    assert "You have labelled everything" in done.text


def test_200_criteria_and_20_answers_stay_within_the_budget_of_queries(
    client, team, alice, rita, django_assert_max_num_queries
):
    from tests.cast import make_collection

    question = import_rubric(make_collection(team), alice, 200)
    answers = make_answers(question, *[f"Answer {n}." for n in range(20)])
    for key in ["c-1", "c-2", "c-3"]:
        for answer in answers:
            set_label(answer, key, rita, verdict="met")
    client.force_login(rita)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("labelling", args=[question.pk]))
    assert page.text.count("data-panel=") == 200
