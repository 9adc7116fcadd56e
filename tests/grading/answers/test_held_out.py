"""Answers set aside: graded, measured apart, never shown where criteria are written."""

import pytest
from django.urls import reverse

from rubric_studio.accounts.models import ApiToken, Scope
from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.answers.pins import HeldOutAnswer, pin_answer, pinned_answers
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Probe, SampleAnswer
from rubric_studio.grading.tryout.check_preview import preview_check
from rubric_studio.grading.tryout.tried import Tried
from rubric_studio.rubrics.draft import load_draft
from rubric_studio.rubrics.models import Revision
from rubric_studio.steering.report import report_json, report_of
from tests.cast import make_answer
from tests.rubrics.pages import HTMX, editor_fields, page
from tests.steering.graded import SIX, make_tested

SECRET = "Only this answer speaks of zebrafish."


@pytest.fixture
def tested(client, team, alice):
    """Six answers A to F and G, the best of all, which is held out; one run of all seven."""
    client.force_login(alice)
    apart = {"tier": 3, "text": SECRET, "name": "Zebra", "band_low": 0.9, "band_high": 1.0}
    question, run = make_tested(team, [*SIX, (10, apart)])
    hold_out(client, question.answers.get(name="Zebra"))
    return question, run


def hold_out(client, answer, held_out="on"):
    return client.post(
        reverse("answer-hold-out", args=[answer.pk]), {"held_out": held_out}, follow=True
    )


def keeps_the_secret(html):
    return "zebra" not in html.lower() and "Answer G" not in html and ">G<" not in html


def test_the_button_sets_an_answer_aside_and_takes_it_back(client, tested):
    question, _ = tested
    answer = question.answers.get(name="Zebra")
    assert answer.is_held_out
    listed = page(client.get(reverse("answers", args=[question.pk])))
    assert "Held out" in listed
    assert "Stop holding out" in listed
    hold_out(client, answer, held_out="")
    answer.refresh_from_db()
    assert not answer.is_held_out
    kept = Revision.objects.filter(subject_key=str(answer.pk)).order_by("pk")
    assert [it.content["is_held_out"] for it in kept] == [True, False]


def test_the_writing_page_shows_nothing_of_it(client, tested, alice):
    question, _ = tested
    criterion = question.criteria.first()
    set_label(question.answers.get(name="Zebra"), criterion.key, alice, verdict="met")
    pages = [
        client.get(reverse("write", args=[question.pk])),
        client.get(reverse("write", args=[question.pk]), {"open": criterion.pk}),
        client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX),
        client.get(reverse("marked", args=[question.pk]), {"criterion": criterion.pk}),
    ]
    for response in pages:
        assert response.status_code == 200
        assert keeps_the_secret(page(response))
    tried = Tried(question, load_draft(question).document)
    assert len(tried.answers) == 6
    found = tried.on(tried.document.criteria[0])
    assert found is not None
    assert (len(found.cells), found.alike) == (6, None)


def test_scores_beside_the_criteria_leave_it_out(client, tested):
    question, _ = tested
    criterion = question.criteria.first()
    url = reverse("try-scores", args=[criterion.pk])
    response = client.post(url, editor_fields(criterion, points=9), headers=HTMX)
    assert response.status_code == 200
    assert keeps_the_secret(page(response))


def test_a_check_is_not_tried_on_it(tested):
    question, _ = tested
    spec = {"kind": "contains", "values": ["zebrafish"], "match": "any"}
    preview = preview_check(question, spec, 1.0)
    assert (len(preview.checked), preview.met, preview.left) == (6, 0, 0)


def test_it_is_not_pinned_nor_chosen_in_place_of_pinned_ones(client, tested, alice):
    question, _ = tested
    held = question.answers.get(name="Zebra")
    assert held not in pinned_answers(question)
    with pytest.raises(HeldOutAnswer):
        pin_answer(held)
    other = question.answers.get(name="Complete")
    pin_answer(other)
    edit_answer(other, alice, is_held_out=True)
    assert other not in pinned_answers(question)
    other.refresh_from_db()
    assert not other.is_pinned


def test_no_opinion_is_given_on_it_where_criteria_are_written(client, tested):
    question, _ = tested
    criterion = question.criteria.first()
    answer = question.answers.get(name="Zebra")
    given = {"answer": answer.pk, "answer_revision": answer.revision, "verdict": "met"}
    url = reverse("try-label", args=[criterion.pk])
    response = client.post(url, {**editor_fields(criterion), **given}, headers=HTMX)
    assert "held out" in page(response)
    assert keeps_the_secret(page(response))


def test_a_probe_made_of_it_is_not_shown_either(client, tested):
    question, _ = tested
    held = question.answers.get(name="Zebra")
    probe = make_answer(question, f"{SECRET} As asked.", origin="probe", ordinal=20)
    fields = {"kind": "exploit", "family": "padding", "text_hash": "0" * 64, "made_from": "0" * 64}
    Probe.objects.create(answer=probe, base=held, **fields)
    assert keeps_the_secret(page(client.get(reverse("write", args=[question.pk]))))
    shown = SampleAnswer.objects.live().shown_where_written().filter(question=question)
    assert shown.count() == 6


def test_the_report_measures_the_others_and_says_apart_what_the_held_out_ones_do(
    client, tested, alice
):
    question, run = tested
    figure = report_of(run).order
    assert figure.measured.n == 6
    assert figure.sentence.endswith("One answer is held out; two of different tiers make a pair.")
    weak = question.answers.get(ordinal=5)
    edit_answer(weak, alice, is_held_out=True)
    report = report_json(report_of(run))
    apart = report["figures"]["order"]["held_out"]
    assert (apart["answers"], apart["pairs"], apart["concordance"]) == (2, 1, 1.0)
    said = report["figures"]["order"]["sentence"]
    assert said.endswith("On the 2 held-out answers: the one pair is in your order too.")
    assert {it["answer"] for it in report["figures"]["bands"]["stated"]} == set()


def test_held_out_answers_that_are_not_in_order_are_a_warning(team):
    apart = [{"tier": tier, "is_held_out": True} for tier in (3, 3, 2, 1, 1)]
    reached = [2, 3, 5, 8, 9]
    _, run = make_tested(team, [*SIX, *zip(reached, apart, strict=True)])
    report = report_of(run)
    assert report.order.measured.concordance == 1
    assert report.order.status == "look"
    assert report.verdict == "steers_with_warnings"
    assert "On the 5 held-out answers: 0 of 8 pairs are in order." in report.order.sentence


def test_programs_set_answers_aside_too(client, tested, alice):
    question, _ = tested
    scopes = [Scope.RUBRICS_READ, Scope.RUBRICS_WRITE]
    _, token = ApiToken.issue(alice, "Tests", scopes)
    headers = {"Authorization": f"Bearer {token}"}
    url = f"/api/v1/questions/{question.pk}/answers"
    made = client.post(
        url, {"text": "New.", "held_out": True}, content_type="application/json", headers=headers
    )
    assert made.status_code == 201, made.content
    assert made.json()["held_out"] is True
    one = f"/api/v1/answers/{made.json()['id']}"
    back = client.patch(one, {"held_out": False}, content_type="application/json", headers=headers)
    assert back.json()["held_out"] is False


def test_a_probe_is_never_held_out(client, tested):
    question, _ = tested
    probe = make_answer(question, "Filler.", origin="probe", ordinal=30)
    response = client.post(
        reverse("answer-hold-out", args=[probe.pk]), {"held_out": "on"}, follow=True
    )
    probe.refresh_from_db()
    assert not probe.is_held_out
    assert "A probe can’t be held out" in page(response) or "probe can&#x27;t" in page(response)


@pytest.mark.parametrize("who, status", [("bob", 403), ("rita", 403), ("charlie", 404)])
def test_only_who_may_write_sets_aside(client, tested, request, who, status):
    question, _ = tested
    answer = question.answers.get(name="Complete")
    client.force_login(request.getfixturevalue(who))
    assert hold_out(client, answer).status_code == status
    assert client.get(reverse("answer-hold-out", args=[answer.pk])).status_code == 405
