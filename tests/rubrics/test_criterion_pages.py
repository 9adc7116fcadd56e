import pytest
from django.urls import reverse

from rubric_studio.rubrics.editing import edit_criterion
from rubric_studio.rubrics.models import Criterion
from tests.cast import make_criterion, make_rubric, make_section
from tests.rubrics.pages import HTMX, editor_fields, page

LEVELS = [
    {"label": "Full", "value": 1, "description": "All of it"},
    {"label": "Part", "value": 0.5, "description": ""},
    {"label": "None", "value": 0, "description": ""},
]


@pytest.fixture
def question(team, alice, client):
    client.force_login(alice)
    return make_rubric(team)


def edit(client, criterion, headers=HTMX, **changes):
    address = reverse("criterion-edit", args=[criterion.pk])
    return client.post(address, editor_fields(criterion, **changes), headers=headers)


def texts(question):
    return [row.text for row in Criterion.objects.live().filter(question=question)]


def test_editor_comes_as_a_part(client, question):
    criterion = make_criterion(question, "Explains the risks.", levels=LEVELS)

    response = client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX)

    assert "<html" not in page(response)
    assert 'name="revision" value="1"' in page(response)
    assert "Explains the risks." in page(response)
    assert 'value="Part"' in page(response)


def test_closed_editor_comes_as_a_row(client, question):
    criterion = make_criterion(question, "Explains the risks.")

    response = client.get(
        reverse("criterion-edit", args=[criterion.pk]), {"closed": ""}, headers=HTMX
    )

    assert "<form" not in page(response)
    assert "Explains the risks." in page(response)


def test_reader_opens_a_criterion_without_a_form(client, question, bob):
    criterion = make_criterion(question, "Explains the risks.", guidance="Be strict.")
    client.force_login(bob)

    response = client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX)

    assert "Be strict." in page(response)
    assert "<textarea" not in page(response)


def test_editor_without_javascript_is_on_the_page(client, question):
    criterion = make_criterion(question, "Explains the risks.")

    address = reverse("criterion-edit", args=[criterion.pk])
    response = client.get(address, follow=True)

    assert f'id="editor-{criterion.pk}"' in page(response)
    assert page(response).count("data-editor") == 1


def test_save_acknowledges_the_text_and_never_sends_the_editor(client, question):
    criterion = make_criterion(question, "Explains the risks.")
    text = 'Explains "every" risk.\nAnd < more.'

    response = edit(client, criterion, text=text)

    assert response.status_code == 200
    assert "<textarea" not in page(response)
    assert 'data-revision="2"' in page(response)
    assert 'data-text="Explains &quot;every&quot; risk.\nAnd &lt; more."' in page(response)
    criterion.refresh_from_db()
    assert criterion.text == text


def test_save_keeps_what_it_does_not_change(client, question):
    first = make_criterion(question, "First.")
    section = make_section(question)
    criterion = make_criterion(
        question,
        "Second.",
        points=-2.5,
        guidance="Strict.",
        levels=LEVELS,
        may_not_apply=True,
        gate={"cap": 0.3},
        requires=[first.key],
        guard=True,
        tags=["axis:accuracy", "two words", "with, comma"],
        check={"kind": "contains", "values": ["112"]},
        examples=[{"answer": "Call\n112.", "verdict": "Full"}],
        source="Guideline",
        section=section.key,
    )
    response = client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX)
    fields = editor_fields(criterion, tags="axis:accuracy, two words, with\\, comma")
    assert "axis:accuracy, two words, with\\, comma" in page(response)

    client.post(reverse("criterion-edit", args=[criterion.pk]), fields, headers=HTMX)

    criterion.refresh_from_db()
    assert criterion.revision == 1


def test_browsers_line_ends_are_no_change(client, question):
    criterion = make_criterion(question, "One.\nTwo.", guidance="A\nB")

    edit(client, criterion, text="One.\r\nTwo.", guidance="A\r\nB")

    criterion.refresh_from_db()
    assert (criterion.text, criterion.revision) == ("One.\nTwo.", 1)


def test_every_field_can_be_edited(client, question):
    other = make_criterion(question, "Other.")
    section = make_section(question)
    criterion = make_criterion(question, "Explains the risks.")

    response = edit(
        client,
        criterion,
        text="Explains it.",
        guidance="Strict.",
        points="−2,5",
        may_not_apply="on",
        gate="caps",
        gate_cap="0.4",
        requires=[other.key],
        guard="on",
        tags="#a, b",
        source="Book",
        section=section.key,
        level_value=["1", "0.5", ""],
        level_label=["Yes", "Half", ""],
        level_description=["", "Some", ""],
        example_verdict=["Half", "Yes"],
        example_answer=["Maybe.", ""],
    )

    assert response.status_code == 200
    criterion.refresh_from_db()
    assert (criterion.points, criterion.gate_cap, criterion.guard) == (-2.5, 0.4, True)
    assert (criterion.may_not_apply, criterion.requires) == (True, [other.key])
    assert (criterion.tags, criterion.source, criterion.section) == (["a", "b"], "Book", section)
    assert [level["value"] for level in criterion.levels] == [1, 0.5]
    assert criterion.examples == [{"answer": "Maybe.", "verdict": "Half"}]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " "}, "Write what must be true"),
        ({"points": "many"}, "Points are a number"),
        ({"points": "0"}, "Points lie between"),
        ({"points": "nan"}, "Points are a number"),
        ({"gate": "caps", "gate_cap": ""}, "Say what the gate caps"),
        ({"gate": "caps", "gate_cap": "1"}, "below 1"),
        ({"section": "s-none"}, "Select a valid choice"),
        ({"level_value": ["1"], "level_label": ["A"], "level_description": [""]}, "two levels"),
        ({"level_value": ["x"], "level_label": ["A"], "level_description": [""]}, "from 0 to 1"),
    ],
)
def test_bad_input_is_said_beside_the_editor_and_changes_nothing(client, question, changes, said):
    criterion = make_criterion(question, "Explains the risks.")

    response = edit(client, criterion, **changes)

    assert response.status_code == 422
    assert said in page(response)
    assert "<textarea" not in page(response)
    criterion.refresh_from_db()
    assert criterion.revision == 1


def test_bad_input_without_javascript_keeps_what_was_typed(client, question):
    criterion = make_criterion(question, "Explains the risks.")

    response = edit(client, criterion, headers={}, text="My long text.", points="many")

    assert response.status_code == 422
    assert "My long text." in page(response)
    assert 'value="many"' in page(response)


def test_save_without_javascript_leads_back_to_the_open_editor(client, question):
    criterion = make_criterion(question, "Explains the risks.")

    response = edit(client, criterion, headers={}, text="Explains them.")

    assert response.status_code == 302
    assert response["Location"].endswith(f"?open={criterion.pk}#c-{criterion.pk}")


def test_same_field_changed_by_two_is_a_conflict_with_both_texts(client, question, olga):
    criterion = make_criterion(question, "Explains the risks.")
    edit_criterion(criterion, olga, 1, text="Explains every risk.")

    response = edit(client, criterion, text="Explains some risks.")

    assert response.status_code == 409
    assert "<ins>every" in page(response)
    assert "<ins>some" in page(response)
    assert "Olga" in page(response)
    assert "<textarea" not in page(response)
    assert texts(question) == ["Explains every risk."]


def test_conflict_without_javascript_keeps_my_text_in_the_editor(client, question, olga):
    criterion = make_criterion(question, "Explains the risks.")
    edit_criterion(criterion, olga, 1, text="Explains every risk.")

    response = edit(client, criterion, headers={}, text="Explains some risks.")

    assert response.status_code == 409
    assert ">\nExplains some risks.</textarea>" in page(response)
    assert 'name="revision" value="1"' in page(response)
    assert 'name="over" value="2"' in page(response)


def test_keeping_mine_goes_over_theirs_but_not_over_their_other_fields(client, question, olga):
    criterion = make_criterion(question, "Explains the risks.")
    edit_criterion(criterion, olga, 1, text="Explains every risk.", points=9)

    response = edit(client, criterion, text="Explains some risks.", over="2")

    assert response.status_code == 200
    assert "data-joined" in page(response)
    criterion.refresh_from_db()
    assert (criterion.text, criterion.points) == ("Explains some risks.", 9)


def test_keeping_mine_asks_again_when_they_went_on_writing(client, question, olga):
    criterion = make_criterion(question, "Explains the risks.")
    edit_criterion(criterion, olga, 1, text="Explains every risk.")
    edit_criterion(criterion, olga, 2, text="Explains each risk.")

    assert edit(client, criterion, text="Explains some risks.", over="2").status_code == 409


def test_other_field_changed_by_two_is_joined(client, question, olga):
    criterion = make_criterion(question, "Explains the risks.")
    edit_criterion(criterion, olga, 1, guidance="Strict.")

    response = edit(client, criterion, text="Explains them.")

    assert "data-joined" in page(response)
    criterion.refresh_from_db()
    assert (criterion.text, criterion.guidance) == ("Explains them.", "Strict.")


def test_saving_a_deleted_criterion_is_refused_in_words(client, question):
    criterion = make_criterion(question, "Explains the risks.")
    fields = editor_fields(criterion, text="Changed.")
    client.post(reverse("criterion-delete", args=[criterion.pk]))

    response = client.post(reverse("criterion-edit", args=[criterion.pk]), fields, headers=HTMX)

    assert response.status_code in (404, 409)
    assert Criterion.objects.get().text == "Explains the risks."
