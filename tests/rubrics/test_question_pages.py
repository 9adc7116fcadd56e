import pytest
from django.urls import reverse

from rubric_studio.rubrics.editing import edit_question, edit_section
from rubric_studio.rubrics.models import Collection, Criterion, Question
from tests.cast import make_collection, make_criterion, make_question, make_rubric, make_section
from tests.rubrics.pages import page


@pytest.fixture
def collection(team, alice, client):
    client.force_login(alice)
    return make_collection(team)


def question_fields(question, **changes):
    fields = {
        "revision": question.revision,
        "title": question.title,
        "role": [message["role"] for message in question.messages],
        "content": [message["content"] for message in question.messages],
        "kept": ["" for _ in question.messages],
        "reference": question.reference or "",
        "tags": ", ".join(question.tags),
        "origin": question.origin,
        "key": question.key,
    }
    return {**fields, **changes}


def test_question_is_asked_in_turns(client, collection):
    fields = {
        "title": "Chest pain, 56",
        "role": ["system", "user", "user"],
        "content": ["Be brief.", "Hello?\r\nAnyone?", "  "],
        "kept": ["", "", ""],
        "tags": "#cardiology, acute",
        "origin": "synthetic",
        "reference": "Call.",
    }
    response = client.post(reverse("question-new", args=[collection.slug]), fields)

    question = Question.objects.get()
    assert response["Location"] == question.get_absolute_url()
    assert question.key == "chest-pain-56"
    assert question.messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello?\nAnyone?"},
    ]
    assert (question.tags, question.origin) == (["cardiology", "acute"], "synthetic")


def test_new_question_shows_one_empty_user_turn(client, collection):
    html = page(client.get(reverse("question-new", args=[collection.slug])))

    assert '<option value="user" selected>' in html


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"content": [""]}, "at least one message"),
        ({"key": "has space"}, "not a key"),
        ({"key": "taken"}, "taken"),
        ({"title": "x" * 201}, "at most 200"),
    ],
)
def test_question_that_can_not_stand_keeps_what_was_typed(client, collection, changes, said):
    make_question(collection, key="taken")
    fields = {"title": "Mine", "role": ["user"], "content": ["My text."], "kept": [""], **changes}

    response = client.post(reverse("question-new", args=[collection.slug]), fields)

    assert response.status_code == 422
    assert said in page(response)
    if "content" not in changes:
        assert "My text." in page(response)
    assert Question.objects.count() == 1


def test_question_is_edited(client, collection):
    question = make_question(collection, "Hello?", tags=["a"])
    fields = question_fields(question, title="Greeting", content=["Good day?"])

    response = client.post(reverse("question-edit", args=[question.pk]), fields)

    assert response.status_code == 302
    question.refresh_from_db()
    assert (question.title, question.asked, question.tags) == ("Greeting", "Good day?", ["a"])


def test_message_with_tool_calls_is_kept_as_it_is(client, collection):
    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "t", "type": "function"}]}
    question = make_question(collection, messages=[{"role": "user", "content": "Hi"}, call])
    html = page(client.get(reverse("question-edit", args=[question.pk])))
    assert 'name="kept" value="1"' in html

    fields = question_fields(question, content=["Hi!", ""], kept=["", "1"])
    client.post(reverse("question-edit", args=[question.pk]), fields)

    question.refresh_from_db()
    assert question.messages == [{"role": "user", "content": "Hi!"}, call]


def test_question_changed_by_two_is_a_conflict_that_keeps_my_text(client, collection, olga):
    question = make_question(collection, "Hello?", reference="Hi.")
    fields = question_fields(question, reference="Good evening.")
    edit_question(question, olga, 1, reference="Good day.", title="Greeting")

    response = client.post(reverse("question-edit", args=[question.pk]), fields)

    assert response.status_code == 409
    assert "Good evening." in page(response)
    assert "Good day" in page(response)
    over = client.post(reverse("question-edit", args=[question.pk]), {**fields, "over": "2"})
    assert over.status_code == 302
    question.refresh_from_db()
    assert (question.reference, question.title) == ("Good evening.", "Greeting")


def test_scoring_is_edited_apart(client, collection):
    question = make_rubric(collection.team, {"text": "Invents.", "points": -3}, "Says so.")
    address = reverse("question-edit", args=[question.pk])
    fields = {
        "part": "scoring",
        "revision": 1,
        "method": "points",
        "floor": "-1",
        "pass_mark": ".5",
    }

    assert client.post(address, fields).status_code == 302
    question.refresh_from_db()
    assert (question.floor, question.pass_mark) == (-1, 0.5)

    refused = client.post(address, {**fields, "revision": 2, "method": "tree"})
    assert refused.status_code == 422
    assert "no negative points" in page(refused)


def test_deleted_question_is_in_the_trash_and_comes_back(client, collection):
    question = make_question(collection, title="Greeting")

    response = client.post(reverse("question-delete", args=[question.pk]), follow=True)
    assert response.redirect_chain[0][0] == collection.get_absolute_url()
    assert client.get(question.get_absolute_url()).status_code == 404

    trash = client.get(reverse("collection-trash", args=[collection.slug]))
    assert "Greeting" in page(trash)
    restored = client.post(reverse("question-restore", args=[question.pk]), follow=True)
    assert restored.status_code == 200
    assert "Greeting" in page(restored)


def test_section_is_added_edited_moved_and_deleted(client, collection):
    question = make_question(collection)
    first = make_section(question, "First")
    fields = {"title": "Second", "parent": "", "weight": "2", "cap": ""}
    client.post(reverse("section-add", args=[question.pk]), fields)
    second = question.sections.get(title="Second")
    criterion = make_criterion(question, "Says so.", section=second.key)

    fields = {**fields, "title": "Two", "cap": "7", "revision": second.revision}
    client.post(reverse("section-edit", args=[second.pk]), fields)
    client.post(reverse("section-move", args=[second.pk]), {"by": "-1"})
    assert [it.title for it in question.sections.all()] == ["Two", "First"]
    client.post(reverse("section-move", args=[second.pk]), {"by": "1"})
    assert [it.title for it in question.sections.all()] == ["First", "Two"]

    client.post(reverse("section-delete", args=[second.pk]))
    assert Criterion.objects.get(pk=criterion.pk).section is None
    client.post(reverse("section-restore", args=[second.pk]))
    assert question.sections.live().count() == 2
    assert first.position < question.sections.get(pk=second.pk).position


@pytest.mark.parametrize("changes", [{"title": ""}, {"weight": "-1"}, {"weight": "x"}])
def test_section_that_can_not_stand_is_refused(client, collection, changes):
    question = make_question(collection)
    fields = {"title": "Second", "parent": "", "weight": "2", "cap": "", **changes}

    response = client.post(reverse("section-add", args=[question.pk]), fields)

    assert response.status_code == 422
    assert not question.sections.exists()


def test_section_changed_by_two_is_a_conflict(client, collection, olga):
    section = make_section(make_question(collection), "First")
    edit_section(section, olga, 1, title="Theirs")
    fields = {"title": "Mine", "parent": "", "weight": "1", "cap": "", "revision": 1}

    response = client.post(reverse("section-edit", args=[section.pk]), fields)

    assert response.status_code == 409
    assert "Theirs" in page(response)
    assert 'value="Mine"' in page(response)
    client.post(reverse("section-edit", args=[section.pk]), {**fields, "over": "2"})
    section.refresh_from_db()
    assert section.title == "Mine"


def test_start_page_lists_questions_in_few_queries(
    client, collection, django_assert_max_num_queries
):
    for number in range(5):
        rubric = make_rubric(collection.team, "Says so.", collection=collection, title=f"Q{number}")
        make_criterion(rubric, "Invents.", points=-2)
    make_rubric(collection.team)

    with django_assert_max_num_queries(15):
        html = page(client.get(reverse("home")))

    assert "6 questions, 10 criteria" in html
    assert "Q4" in html


def test_start_page_shows_the_last_changed_of_many(client, collection):
    for number in range(14):
        make_question(collection, title=f"Number {number:02}")

    html = page(client.get(reverse("home")))

    assert "All 14 questions" in html
    assert "Number 13" in html
    assert "Number 00" not in html


@pytest.mark.parametrize(
    ("words", "found"), [("greet", True), ("#acute", True), ("q-1", True), ("none", False)]
)
def test_questions_of_a_collection_are_found(client, collection, words, found):
    make_question(collection, title="Greeting", key="q-1", tags=["acute"])

    html = page(client.get(collection.get_absolute_url(), {"q": words}))

    assert ("Greeting" in html) is found


def test_long_collection_has_pages(client, team, alice):
    from tests.rubrics.test_write_page import many_questions

    client.force_login(alice)
    collection = many_questions(team, alice, 120)

    second = page(client.get(collection.get_absolute_url(), {"page": "2"}))

    assert "101 to 120 of 120" in second


def test_start_page_without_anything_says_how_to_start(client, team, alice, bob):
    client.force_login(alice)
    assert reverse("collection-new") in page(client.get(reverse("home")))

    client.force_login(bob)
    assert reverse("collection-new") not in page(client.get(reverse("home")))


def test_others_collections_are_not_listed(client, collection, charlie):
    make_question(collection, title="Secret question")
    client.force_login(charlie)

    assert "Secret question" not in page(client.get(reverse("home")))


def test_collection_is_made_with_a_slug_of_its_name(client, team, alice):
    client.force_login(alice)

    fields = {"name": "Emergency advice", "description": "Acute.", "team": team.pk}
    response = client.post(reverse("collection-new"), fields)

    assert response["Location"] == "/c/emergency-advice/"
    assert Collection.objects.get().description == "Acute."


def test_collection_is_not_made_in_a_team_one_only_reads(client, team, bob):
    client.force_login(bob)

    response = client.post(reverse("collection-new"), {"name": "Mine", "team": team.pk})

    assert response.status_code == 422
    assert not Collection.objects.exists()


def test_a_question_without_a_title_is_headed_by_how_it_begins(collection):
    question = make_question(collection, "why? " * 40)
    assert question.heading == "why? " * 15 + "why?…"
    assert len(question.heading) == 80
