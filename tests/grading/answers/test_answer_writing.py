"""Answers added, edited, deleted and uploaded in the browser."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from rubric_studio.grading.answers.editing import add_answer, delete_answer, edit_answer
from tests.cast import make_collection, make_question
from tests.grading.answers.desk import FORM, groups_of, page_of
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(team):
    return make_question(make_collection(team))


def test_an_answer_is_added_with_what_is_expected_of_it(at_desk, question, alice):
    form = {
        **FORM,
        "name": "Short",
        "model": "qwen3-32b",
        "band_low": "−0.1",
        "band_high": "0,5",
        "anchor": "worst_acceptable",
    }
    page = at_desk.post(reverse("answer-add", args=[question.pk]), form)
    assert page.status_code == 302
    answer = question.answers.get()
    assert (answer.letter, answer.name, answer.text) == ("A", "Short", "Call 911 now.")
    assert (answer.tier, answer.band, answer.anchor) == (3, (-0.1, 0.5), "worst_acceptable")
    assert answer.created_by == alice
    assert abs(answer.expected_at - now()) < timedelta(minutes=1)


def test_another_one_can_be_added_at_once(at_desk, question):
    page = at_desk.post(
        reverse("answer-add", args=[question.pk]), {**FORM, "another": "1"}, follow=True
    )
    assert page.redirect_chain[-1][0] == reverse("answer-add", args=[question.pk])
    assert "Answer A is added." in words_of(page)


def test_a_transcript_is_added_in_place_of_text(at_desk, question):
    chat = [{"role": "user", "content": "It hurts."}]
    at_desk.post(
        reverse("answer-add", args=[question.pk]),
        {"text": json.dumps(chat), "origin": "expert"},
    )
    assert question.answers.get().messages == chat


def test_an_empty_answer_is_added_only_on_purpose(at_desk, question):
    add = reverse("answer-add", args=[question.pk])
    assert at_desk.post(add, {**FORM, "text": "  "}).status_code == 422
    assert at_desk.post(add, {**FORM, "text": "", "anchor": "empty"}).status_code == 302
    assert question.answers.get().text == ""


@pytest.mark.parametrize(
    "field, wrong",
    [
        ("text", {"text": ""}),
        ("text", {"text": '{"messages": []}'}),
        ("text", {"text": '[{"role": "parrot", "content": "Call."}]'}),
        ("tier", {"tier": "12"}),
        ("origin", {"origin": "parrot"}),
        ("band_high", {"band_low": "0.5"}),
        ("band_low", {"band_low": "0.9", "band_high": "0.1"}),
        ("band_low", {"band_low": "much", "band_high": "1"}),
        ("anchor", {"anchor": "best"}),
        ("name", {"name": "n" * 121}),
    ],
)
def test_bad_input_is_shown_at_its_field_and_nothing_is_lost(at_desk, question, field, wrong):
    form = {**FORM, "name": "kept", **wrong}
    page = at_desk.post(reverse("answer-add", args=[question.pk]), form)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not question.answers.exists()
    assert form["name"] in page.content.decode()


def test_an_answer_is_edited(at_desk, question, alice):
    answer = add_answer(question, alice, text="Call.", name="Short", band=(0, 0.5))
    page = page_of(at_desk, "answer-edit", answer)
    assert page.context["form"]["text"].value() == "Call."
    form = {**FORM, "revision": page.context["revision"], "text": "Call 112.\r\nNow."}
    at_desk.post(reverse("answer-edit", args=[answer.pk]), form)
    answer.refresh_from_db()
    assert (answer.text, answer.tier, answer.band) == ("Call 112.\nNow.", 3, None)


def test_an_edit_based_on_an_older_text_is_refused_and_what_was_typed_stays(
    at_desk, question, alice
):
    answer = add_answer(question, alice, text="Call.", tier=3)
    edit_answer(answer, alice, text="Call 112.", tier=1)
    address = reverse("answer-edit", args=[answer.pk])
    form = {**FORM, "revision": "1", "text": "Call 911."}
    page = at_desk.post(address, form)
    assert page.status_code == 409
    assert page.context["form"]["text"].value() == "Call 911."
    assert [it.label for it in page.context["clashes"]] == ["The answer", "Tier"]
    assert "112" in words_of(page)
    answer.refresh_from_db()
    assert answer.text == "Call 112."

    over = page.context["current"].revision
    assert f'name="revision" value="{over}"' in page.content.decode()
    at_desk.post(address, {**form, "revision": over})
    answer.refresh_from_db()
    assert answer.text == "Call 911."


@pytest.mark.parametrize("revision", ["", "one", "-1", "²"])
def test_an_edit_that_names_no_revision_is_refused(at_desk, question, alice, revision):
    answer = add_answer(question, alice, text="Call.")
    form = {**FORM, "revision": revision}
    assert at_desk.post(reverse("answer-edit", args=[answer.pk]), form).status_code == 409


def test_a_refused_edit_keeps_what_it_was_based_on(at_desk, question, alice):
    answer = add_answer(question, alice, text="Call.")
    edit_answer(answer, alice, text="Call 112.")
    page = at_desk.post(
        reverse("answer-edit", args=[answer.pk]), {**FORM, "revision": "1", "tier": "77"}
    )
    assert page.status_code == 422
    assert '<input type="hidden" name="revision" value="1">' in page.content.decode()


def test_deleting_can_be_undone(at_desk, question, alice):
    answer = add_answer(question, alice, text="Call.", name="Short")
    page = at_desk.post(reverse("answer-delete", args=[answer.pk]), follow=True)
    assert "Answer A, “Short”, is in the trash." in words_of(page)
    assert groups_of(page) == {}
    assert "Short" in words_of(page_of(at_desk, "answers-trash", question))
    at_desk.post(reverse("answer-restore", args=[answer.pk]))
    page = page_of(at_desk, "answers", question)
    assert groups_of(page) == {"No tier stated": ["A"]}


def test_undo_is_offered_for_this_question_s_answers_alone(at_desk, question, team, alice):
    other = add_answer(make_question(make_collection(team)), alice, text="Secret", name="Other")
    delete_answer(other, alice)
    address = reverse("answers", args=[question.pk])
    assert at_desk.get(address, {"deleted": str(other.pk)}).context["deleted"] is None
    assert at_desk.get(address, {"deleted": "nonsense"}).status_code == 404


LINES = '{"text": "One", "tier": 3}\n\n{"text": "Two", "tier": 1, "band": [0, 0.3]}\n'


def test_many_answers_are_pasted(at_desk, question):
    page = at_desk.post(
        reverse("answers-upload", args=[question.pk]), {"pasted": LINES}, follow=True
    )
    assert "2 answers are added." in words_of(page)
    assert [it.text for it in question.answers.all()] == ["One", "Two"]


def test_many_answers_come_in_a_file(at_desk, question, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(LINES)
    with path.open("rb") as file:
        at_desk.post(reverse("answers-upload", args=[question.pk]), {"file": file})
    assert question.answers.count() == 2


def test_each_problem_is_named_at_its_line_and_nothing_is_added(at_desk, question):
    lines = LINES + '{"text": 5}\nnot JSON\n{"text": "x", "band": [1, 0]}'
    page = at_desk.post(reverse("answers-upload", args=[question.pk]), {"pasted": lines})
    assert page.status_code == 422
    places = [it.place for it in page.context["problems"]]
    assert places == ["line 4, text", "line 5", "line 6, band"]
    assert "not JSON" in page.content.decode()
    assert not question.answers.exists()


def test_an_upload_of_nothing_or_of_both_is_refused(at_desk, question, tmp_path, settings):
    address = reverse("answers-upload", args=[question.pk])
    path = tmp_path / "answers.jsonl"
    path.write_text(LINES)
    assert at_desk.post(address).status_code == 422
    with path.open("rb") as file:
        page = at_desk.post(address, {"file": file, "pasted": LINES})
    assert "not both" in words_of(page)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20
    with path.open("rb") as file:
        page = at_desk.post(address, {"file": file})
    assert page.status_code == 422
    assert not question.answers.exists()
