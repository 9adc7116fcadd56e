import json

import pytest
from django.urls import reverse

from rubric_studio.engine.formats import FORMATS
from rubric_studio.grading.forms.transfer import ABOUT
from rubric_studio.grading.transfer.exporting import export_collection
from rubric_studio.rubrics.models import Question
from tests.cast import make_collection, make_criterion, make_rubric, make_section, make_version
from tests.grading_cast import make_answers
from tests.pages import words_of

pytestmark = pytest.mark.django_db
ROW = {
    "prompt_id": "chest-pain",
    "prompt": [{"role": "user", "content": "What now?"}],
    "rubrics": [{"criterion": "Says to call.", "points": 5, "tags": []}],
    "ideal_completions_data": None,
    "example_tags": ["theme:emergency"],
    "canary": "kept nowhere",
}


@pytest.fixture
def collection(team):
    return make_collection(team, slug="emergency-advice")


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows)


def bring(client, collection, pasted, name="healthbench", **more):
    address = reverse("collection-import", args=[collection.slug])
    return client.post(address, {"format": name, "pasted": pasted, **more})


def file_of(page):
    return b"".join(page.streaming_content)


def test_every_format_is_offered_with_a_sentence(at_desk, collection):
    assert set(ABOUT) == set(FORMATS)
    said = words_of(at_desk.get(reverse("collection-import", args=[collection.slug])))
    for it in FORMATS.values():
        assert it.title in said


def test_a_pasted_file_is_imported_and_counted_with_what_was_not_kept(at_desk, collection):
    page = bring(at_desk, collection, lines(ROW, {**ROW, "prompt_id": "second"}))
    assert page.status_code == 200
    assert "2 questions" in words_of(page)
    assert "2 criteria" in words_of(page)
    assert "canary is not kept (2 rows)" in words_of(page)
    assert collection.questions.count() == 2


def test_a_chosen_file_is_imported(at_desk, collection, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(lines(ROW))
    with path.open("rb") as file:
        bring(at_desk, collection, "", file=file)
    assert collection.questions.get().key == "chest-pain"


def test_each_problem_is_named_at_its_place_and_nothing_is_imported(at_desk, collection):
    bad = {**ROW, "prompt_id": "b", "rubrics": [{"criterion": "Says", "points": "many"}]}
    page = bring(at_desk, collection, lines(ROW, bad) + "\n{")
    assert page.status_code == 422
    assert [it.place for it in page.context["problems"]] == ["row 3"]
    page = bring(at_desk, collection, lines(ROW, bad))
    assert [it.place for it in page.context["problems"]] == ["row 2, rubrics 1, points"]
    assert not page.context["problems"][0].message.startswith("Row")
    assert "prompt_id" in page.content.decode()
    assert not collection.questions.exists()


def test_a_single_object_has_no_row_to_name(at_desk, collection):
    page = bring(at_desk, collection, lines({**ROW, "rubrics": "none"}))
    assert page.context["problems"][0].place == "rubrics"


def test_keys_that_are_taken_are_named_and_the_text_stays(at_desk, collection):
    bring(at_desk, collection, lines(ROW))
    page = bring(at_desk, collection, lines(ROW))
    assert page.status_code == 409
    assert "“chest-pain”" in words_of(page)
    assert page.context["form"]["pasted"].value() == lines(ROW)
    assert collection.questions.count() == 1


@pytest.mark.parametrize(
    "wrong, field",
    [({"format": "word"}, "format"), ({"format": ""}, "format"), ({"pasted": " "}, "file")],
)
def test_bad_input_is_shown_at_its_field(at_desk, collection, wrong, field):
    form = {"format": "healthbench", "pasted": lines(ROW), **wrong}
    page = at_desk.post(reverse("collection-import", args=[collection.slug]), form)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Question.objects.exists()


def test_export_says_what_each_format_loses_and_how_much(at_desk, collection, team):
    question = make_rubric(team, collection=collection, title="Chest pain")
    section = make_section(question)
    for number in range(3):
        make_criterion(question, f"Says {number}.", guidance="In any words.", section=section.key)
    make_rubric(team, "Says to call", collection=collection)
    page = at_desk.get(reverse("collection-export", args=[collection.slug]), {"drafts": "true"})
    said = words_of(page)
    assert "2 of 2 questions" in said
    assert "Nothing is lost" in said
    assert "guidance for the judge 3 criteria in 1 question" in said
    assert "the criteria's keys" in said.replace("&#x27;", "'")
    found = {it.format.name: it for it, *_ in page.context["prospects"]}
    assert found["rubric-studio"].losses == ()
    (keys,) = [it for it in found["healthbench"].losses if it.what == "the criteria's keys"]
    assert (keys.questions, keys.criteria) == (2, 0)


def test_export_says_which_answers_a_format_leaves_behind(at_desk, collection, team):
    make_rubric(team, "Says to call", collection=collection)
    address = reverse("collection-export", args=[collection.slug])
    lost = "sample answers but the ideal one and its references"
    assert lost in words_of(at_desk.get(address, {"drafts": "true", "answers": "true"}))
    assert lost not in words_of(at_desk.get(address, {"drafts": "true"}))


def test_a_format_that_can_t_carry_a_question_is_not_offered(at_desk, collection, team):
    make_rubric(team, {"text": "Invents a study", "points": -4}, collection=collection)
    page = at_desk.get(reverse("collection-export", args=[collection.slug]), {"drafts": "true"})
    assert "It can’t carry 1 of these questions." in words_of(page)
    download = reverse("collection-download", args=[collection.slug])
    assert f"{download}?drafts=true&amp;format=healthbench" in page.content.decode()
    assert "format=paperbench" not in page.content.decode()
    refused = at_desk.get(download, {"format": "paperbench", "drafts": "true"})
    assert refused.status_code == 409
    assert "penalties" in words_of(refused)


def test_only_published_questions_go_out_unless_drafts_are_chosen(at_desk, collection, team):
    published = make_rubric(team, "Says to call", collection=collection)
    make_version(published)
    make_rubric(team, "Says to wait", collection=collection)
    page = at_desk.get(reverse("collection-export", args=[collection.slug]))
    assert "1 of 2 questions: the others are not published yet." in words_of(page)
    download = reverse("collection-download", args=[collection.slug])
    assert file_of(at_desk.get(download, {"format": "rubric-studio"})).count(b"\n") == 1
    drafts = at_desk.get(download, {"format": "rubric-studio", "drafts": "true"})
    assert file_of(drafts).count(b"\n") == 2


def test_nothing_published_offers_the_drafts(at_desk, collection, team):
    make_rubric(team, "Says to call", collection=collection)
    page = at_desk.get(reverse("collection-export", args=[collection.slug]))
    assert "Nothing is published yet" in words_of(page)
    assert "?drafts=true" in page.content.decode()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("answers", [False, True])
def test_the_file_is_the_export_byte_for_byte(at_desk, collection, team, name, answers):
    tags = ["task_category:Code Development"]
    question = make_rubric(team, {"text": "Says to call", "tags": tags}, collection=collection)
    make_answers(question, "Call now.", tier=3, anchor="ideal")
    flags = {"drafts": "true", **({"answers": "true"} if answers else {})}
    page = at_desk.get(
        reverse("collection-download", args=[collection.slug]), {"format": name, **flags}
    )
    expected = b"".join(export_collection(collection, name, drafts=True, answers=answers))
    assert page.streaming
    assert file_of(page) == expected
    extension = FORMATS[name].extension
    assert page["Content-Disposition"] == (
        f'attachment; filename="emergency-advice.{name}.{extension}"'
    )
    assert page["Content-Type"] == FORMATS[name].media_type


@pytest.mark.parametrize("query", [{}, {"format": "word"}, {"format": "../etc"}])
def test_there_is_no_file_of_an_unknown_format(at_desk, collection, query):
    page = at_desk.get(reverse("collection-download", args=[collection.slug]), query)
    assert page.status_code == 404


def test_the_export_page_takes_the_same_few_queries_at_any_number(
    at_desk, collection, team, django_assert_max_num_queries
):
    for number in range(12):
        make_version(make_rubric(team, f"Says {number}", collection=collection))
    for query in ({}, {"drafts": "true"}):
        with django_assert_max_num_queries(9):
            at_desk.get(reverse("collection-export", args=[collection.slug]), query)


def test_a_reader_exports_and_may_not_import(client, collection, team, bob):
    make_version(make_rubric(team, "Says to call", collection=collection))
    client.force_login(bob)
    assert client.get(reverse("collection-export", args=[collection.slug])).status_code == 200
    download = reverse("collection-download", args=[collection.slug])
    assert client.get(download, {"format": "healthbench"}).status_code == 200
    assert client.get(reverse("collection-import", args=[collection.slug])).status_code == 403
    assert bring(client, collection, lines(ROW)).status_code == 403


def test_an_outsider_finds_nothing(client, collection, charlie):
    client.force_login(charlie)
    for name in ("collection-export", "collection-download", "collection-import"):
        assert client.get(reverse(name, args=[collection.slug])).status_code == 404
    assert bring(client, collection, lines(ROW)).status_code == 404


def test_wrong_methods_are_refused(at_desk, collection):
    for name in ("collection-export", "collection-download"):
        assert at_desk.post(reverse(name, args=[collection.slug])).status_code == 405
    assert at_desk.put(reverse("collection-import", args=[collection.slug])).status_code == 405
