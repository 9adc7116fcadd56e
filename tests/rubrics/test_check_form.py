"""Choosing that a program decides, in the editor of a criterion."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from rubric_studio.engine.judging.checks import KINDS
from rubric_studio.rubrics.editing import edit_criterion
from rubric_studio.rubrics.models import Revision
from tests.cast import make_criterion, make_rubric
from tests.rubrics.pages import HTMX, editor_fields, page

ASPIRIN = {"kind": "contains", "values": ["aspirin", "chew"], "match": "any"}


@pytest.fixture
def question(team, alice):
    return make_rubric(team)


@pytest.fixture(autouse=True)
def signed_in(client, alice):
    client.force_login(alice)


def check_fields(kind, **fields):
    """What the form posts where this kind is chosen."""
    given = {f"check-{kind}-{name}": value for name, value in fields.items()}
    return {"decided_by": "program", "check_kind": kind, **given}


def save(client, criterion, htmx=True, **changes):
    url = reverse("criterion-edit", args=[criterion.pk])
    return client.post(url, editor_fields(criterion, **changes), headers=HTMX if htmx else {})


def test_a_program_is_chosen_and_its_form_becomes_a_spec(client, question):
    criterion = make_criterion(question, "Names aspirin.")

    response = save(
        client,
        criterion,
        **check_fields("contains", values="aspirin\r\n\r\nchew\r\n", match="any", whole_words="on"),
    )

    assert response.status_code == 200
    criterion.refresh_from_db()
    assert criterion.check_spec == {**ASPIRIN, "whole_words": True}
    assert "aspirin" in re.search(r'id="check-said">(.*?)</p>', page(response), re.S)[1]


def test_a_judge_again_takes_the_check_off(client, question):
    criterion = make_criterion(question, "Names aspirin.", check=ASPIRIN)

    save(client, criterion, decided_by="judge", check_kind="contains")

    criterion.refresh_from_db()
    assert criterion.check_spec is None
    kept = Revision.objects.filter(subject_key=criterion.key).order_by("number").first()
    assert kept.content["check"] == ASPIRIN


def test_a_page_that_knew_no_checks_leaves_them_as_they_are(client, question):
    criterion = make_criterion(question, "Names aspirin.", check=ASPIRIN)

    save(client, criterion, text="Names aspirin early.")

    criterion.refresh_from_db()
    assert (criterion.text, criterion.check_spec) == ("Names aspirin early.", ASPIRIN)


SPECS = [
    ASPIRIN,
    {"kind": "contains", "values": ["a"], "match": "all", "absent": False},
    {"kind": "contains", "values": ["  two  spaces", "“quotes”", "ünïcödé 😀"]},
    {"kind": "contains", "values": ["line\nend"]},
    {"kind": "contains", "values": ["a", "b"], "match": "at_least", "n": 2},
    {"kind": "length", "unit": "words", "at_most": 0},
    {"kind": "length", "at_least": 10, "at_most": None},
    {"kind": "regex", "pattern": r"^\s*(yes|no)\b ", "ignore_case": True},
    {"kind": "number", "value": -2.5, "tolerance": 0.1, "unit": ""},
    {"kind": "number", "value": 5.0},
    {"kind": "json", "schema": {"type": "object", "required": ["a"], "maxItems": 1}},
    {"kind": "tool_called", "tool": "search", "arguments": {"q": [True, 1, None]}, "at_least": 1},
    {"kind": "language", "language": "fr"},
]


@pytest.mark.parametrize("spec", SPECS, ids=json.dumps)
def test_posting_the_form_as_it_is_changes_nothing(client, question, spec):
    criterion = make_criterion(question, "Is so.", check=spec)
    shown = client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX)
    form = shown.context["editor"].form

    fields = {}
    for part in (form.check.how, *form.check.forms):
        for bound in part:
            value = bound.value()
            if value is True:
                fields[bound.html_name] = "on"
            elif value is not None and value is not False:
                fields[bound.html_name] = str(value).replace("\n", "\r\n")
    assert save(client, criterion, **fields).status_code == 200

    criterion.refresh_from_db()
    assert (criterion.check_spec, criterion.revision) == (spec, 1)


def test_a_spec_from_before_is_kept_as_it_was_written(client, question):
    criterion = make_criterion(question, "Is so.")
    old = {"type": "contains", "text": "112"}
    question.criteria.update(check_spec=old)
    criterion.refresh_from_db()

    response = client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX)
    assert "As it is written" in page(response)
    # What was wrong before stops no other edit.
    fields = {"decided_by": "program", "check_kind": "written"}
    written = {"check-written-spec_json": json.dumps(old)}
    assert save(client, criterion, text="Is not so.", **fields, **written).status_code == 200

    criterion.refresh_from_db()
    assert (criterion.text, criterion.check_spec) == ("Is not so.", old)


BAD = [
    (check_fields("contains", values=" \n"), "contains-values", "Fill in"),
    (check_fields("regex", pattern="(?<=a)b"), "regex-pattern", "Look-behind"),
    (check_fields("length", at_most="many"), "length-at_most", "whole number"),
    (check_fields("length", at_most="2.5"), "length-at_most", "whole number"),
    (check_fields("json", schema='{"type": '), "json-schema", "not JSON"),
    (check_fields("json", schema='{"$ref": "https://example.com/x"}'), "json-schema", ""),
]


@pytest.mark.parametrize("fields, place, words", BAD)
def test_what_is_wrong_is_said_at_its_field(client, question, fields, place, words):
    criterion = make_criterion(question, "Is so.")

    response = save(client, criterion, **fields)

    assert response.status_code == 422
    said = re.search(rf'id="id_check-{place}_error">(.+?)</div>', page(response), re.S)[1]
    assert words in said
    criterion.refresh_from_db()
    assert criterion.check_spec is None


def test_without_javascript_what_was_typed_comes_back(client, question):
    criterion = make_criterion(question, "Is so.")
    fields = check_fields("regex", pattern="(?=a)") | {"check-contains-values": "aspirin"}

    response = save(client, criterion, htmx=False, **fields)

    assert response.status_code == 422
    text = page(response)
    assert 'value="(?=a)"' in text
    assert re.search(r'name="check-contains-values"[^>]*>\s*aspirin</textarea>', text)
    assert re.search(r'value="program"[^>]*checked', text)
    assert '<option value="regex" selected' in text


def test_a_check_changed_by_both_is_a_conflict_and_else_joined(client, question, olga):
    criterion = make_criterion(question, "Is so.", check=ASPIRIN)
    edit_criterion(criterion, olga, 1, check={"kind": "length", "at_most": 9})

    same = check_fields("contains", values="aspirin\nchew", match="any")
    joined = save(client, criterion, text="Is more so.", **same)
    assert joined.status_code == 200
    assert "data-joined" in page(joined)
    criterion.refresh_from_db()
    assert criterion.check_spec == {"kind": "length", "at_most": 9}

    clash = save(client, criterion, **check_fields("contains", values="ibuprofen"), revision=1)
    assert clash.status_code == 409
    assert "Two texts for one field" in page(clash)
    criterion.refresh_from_db()
    assert criterion.check_spec == {"kind": "length", "at_most": 9}


def test_every_kind_has_its_form_and_its_place_in_the_style(client, question):
    criterion = make_criterion(question, "Is so.")
    text = page(client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX))
    style = Path("static/css/pages/write.css").read_text()

    for name, kind in KINDS.items():
        assert f'<option value="{name}"' in text
        assert f"[value={name}]:checked) > [data-kind={name}]" in style
        for field in kind.fields:
            assert f'name="check-{name}-{field.name}"' in text


def test_the_row_says_in_a_sentence_what_the_program_looks_for(client, question):
    make_criterion(question, "Is so.", check={"kind": "contains", "values": ["aspirin"]})

    text = page(client.get(reverse("write", args=[question.pk])))

    assert re.search(r'<span title="Contains [^"]*aspirin[^"]*">', text)


def test_a_reader_reads_the_check_and_may_not_write_it(client, question, bob, charlie):
    criterion = make_criterion(question, "Is so.", check=ASPIRIN)
    client.force_login(bob)
    shown = client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX)
    assert "a program: " in page(shown)
    for url in ("criterion-edit", "check-preview"):
        address = reverse(url, args=[criterion.pk])
        for who, status in ((bob, 403), (charlie, 404)):
            client.force_login(who)
            assert client.post(address, check_fields("contains", values="x")).status_code == status


def test_publishing_names_the_check_that_can_not_be_run(client, question):
    make_criterion(question, "Is so.", check=ASPIRIN)
    question.criteria.update(check_spec={"kind": "sorcery"})

    response = client.post(reverse("publish", args=[question.pk]), {"note": "First."})

    assert "Choose a kind of check" in page(response)
    assert not question.versions.exists()
