"""No text of a user is ever executed, wherever in a check it stands."""

import json

import pytest
from django.urls import reverse

from rubric_studio.engine.judging.checks import KINDS
from rubric_studio.grading.models import Status
from rubric_studio.grading.tasks import check_answer
from rubric_studio.grading.transfer.exporting import export_collection
from rubric_studio.grading.transfer.importing import import_file
from rubric_studio.rubrics.editing import InvalidEdit, edit_criterion
from rubric_studio.rubrics.models import Question
from tests.cast import make_collection, make_criterion, make_rubric
from tests.grading_cast import make_answers, make_run
from tests.rubrics.pages import HTMX, editor_fields, page

TOUCH = "__import__('pathlib').Path('{}').touch()"
PAYLOADS = [
    TOUCH,
    "eval({touch!r})",
    "exec({touch!r})",
    "().__class__.__base__.__subclasses__()",
    "{{ request.user.password }}{% load studio %}",
    "{0.__class__.__init__.__globals__}",
    "%(settings)s%n%s",
    "${{1327*7919}}<%= 1327*7919 %>#{{1327*7919}}",
    "$(touch {path})`touch {path}`; touch {path}",
    "!!python/object/apply:os.system ['touch {path}']",
    "cos\nsystem\n(S'touch {path}'\ntR.",
    "Symbol('x'); {touch}",
    "lambda: {touch}",
    "\\boxed{{{touch}}}",
    "<script>fetch('/x')</script>\"'><img src=x onerror=alert(1)>",
    "'; DROP TABLE grading_grade; --",
]


@pytest.fixture
def canary(tmp_path):
    return tmp_path / "canary"


@pytest.fixture
def payloads(canary):
    """The payloads, each naming this test's canary."""
    touch = TOUCH.format(canary)
    filled = [TOUCH.format(canary)]
    for payload in PAYLOADS[1:]:
        found = payload.replace("{touch!r}", repr(touch)).replace("{touch}", touch)
        filled.append(found.replace("{path}", str(canary)).replace("{{{", "{").replace("}}}", "}"))
    return filled


def specs(payload):
    """A spec of every kind with the payload in every field that takes a text."""
    for kind in KINDS.values():
        spec = {"kind": kind.name}
        for field in kind.fields:
            if field.kind == "text":
                spec[field.name] = payload
            elif field.kind == "lines":
                spec[field.name] = payload.split("\n")
            elif field.kind == "json":
                spec[field.name] = {"const": payload, "properties": {payload: {"const": payload}}}
            elif field.required:
                spec[field.name] = field.choices[0][0] if field.choices else 1
        yield spec


@pytest.fixture
def question(team):
    return make_rubric(team)


def test_s7_payloads_in_every_field_decide_nothing_but_verdicts(question, payloads, canary, alice):
    kept = 0
    for payload in payloads:
        for spec in specs(payload):
            try:
                make_criterion(question, payload, check=spec)
                kept += 1
            except InvalidEdit as refusal:
                assert all(it.pointer.startswith("/check") for it in refusal.problems)
    assert kept > len(payloads)
    make_answers(question, *payloads)
    run = make_run(question)

    for pk in run.run_answers.values_list("pk", flat=True):
        check_answer(pk)

    assert set(run.grades.values_list("status", flat=True)) <= {Status.GRADED, Status.FAILED}
    assert run.grades.filter(status=Status.GRADED).exists()
    assert not canary.exists()
    copy = make_collection(question.collection.team)
    data = b"".join(
        export_collection(question.collection, "rubric-studio", drafts=True, answers=True)
    )
    assert import_file(copy, alice, "rubric-studio", data).criteria == kept
    assert not canary.exists()


def test_s7_payloads_typed_into_the_form_are_shown_as_they_are(
    client, question, payloads, canary, alice
):
    client.force_login(alice)
    criterion = make_criterion(question, "Is so.")
    make_answers(question, *payloads)
    for payload in payloads:
        typed = {"check-contains-values": payload, "check-regex-pattern": payload}
        for kind in ("contains", "regex"):
            fields = editor_fields(criterion, decided_by="program", check_kind=kind, **typed)
            for url in ("criterion-edit", "check-preview"):
                response = client.post(reverse(url, args=[criterion.pk]), fields, headers=HTMX)
                assert response.status_code in (200, 422)
                assert "<script>fetch" not in page(response)
                assert "<img src=x" not in page(response)
            criterion.refresh_from_db()
        text = page(client.get(reverse("write", args=[question.pk])))
        assert "<script>fetch" not in text
        assert str(1327 * 7919) not in text
    assert not canary.exists()


def test_a_check_of_no_known_kind_in_a_file_is_named_at_its_place(team, question, alice):
    make_criterion(question, "Fine.")
    make_criterion(question, "Bad.", check={"kind": "contains", "values": ["x"]})
    data = b"".join(export_collection(question.collection, "rubric-studio", drafts=True))
    broken = data.replace(b'"kind":"contains"', b'"kind":"sorcery"')
    assert broken != data

    with pytest.raises(InvalidEdit) as refusal:
        import_file(make_collection(team), alice, "rubric-studio", broken)

    [problem] = refusal.value.problems
    assert problem.pointer == "/questions/0/criteria/1/check/kind"
    assert "contains" in problem.message
    assert question.key in problem.message
    assert Question.objects.count() == 1


def test_a_version_with_checks_exports_them_as_they_are(team, question, alice):
    spec = {"kind": "json", "schema": {"type": "object", "required": ["dose"]}}
    make_criterion(question, "Is JSON.", check=spec)
    data = b"".join(export_collection(question.collection, "rubric-studio", drafts=True))
    copy = make_collection(team)

    import_file(copy, alice, "rubric-studio", data)

    again = b"".join(export_collection(copy, "rubric-studio", drafts=True))
    assert again == data
    assert json.loads(again)["criteria"][0]["check"] == spec


def test_a_problem_that_was_there_before_stops_no_other_edit(question, alice):
    criterion = make_criterion(question, "Is so.")
    question.criteria.update(check_spec={"kind": "sorcery"})
    criterion.refresh_from_db()

    edited = edit_criterion(criterion, alice, None, text="Is not so.")

    assert (edited.text, edited.check_spec) == ("Is not so.", {"kind": "sorcery"})
    with pytest.raises(InvalidEdit) as refusal:
        edit_criterion(criterion, alice, None, check={"kind": "witchcraft", "pattern": "("})
    assert refusal.value.problems[0].pointer == "/check/kind"
