import pytest
from django.urls import reverse

from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.labelling.disagreements import cases_of
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Adjudication
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_collection, make_rubric
from tests.grading_cast import import_rubric, make_answers


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", "Names the dose")


@pytest.fixture
def answer(question):
    return make_answers(question, "Call now.")[0]


@pytest.fixture
def keys(question):
    return [it.key for it in draft_document(question).criteria]


@pytest.fixture
def disagreed(answer, keys, rita, olga):
    set_label(answer, keys[0], rita, verdict="met", note="Rita's reason")
    set_label(answer, keys[0], olga, verdict="unmet", note="Olga's reason")
    set_label(answer, keys[1], olga, verdict="met")


def page_of(client, user, question):
    client.force_login(user)
    return client.get(reverse("disagreements", args=[question.pk]))


def settle(client, answer, case, **fields):
    sent = {
        "criterion": case.criterion.key,
        "wording": case.wording.grading_hash,
        "text": case.wording.answer_hash,
        **fields,
    }
    return client.post(reverse("adjudicate", args=[answer.pk]), sent)


def test_who_has_not_finished_sees_no_colleague(client, question, answer, keys, disagreed, rita):
    page = page_of(client, rita, question)
    assert "Finish your own labels first" in page.text
    assert "1 cell left" in page.text
    assert "Olga" not in page.text
    set_label(answer, keys[1], rita, verdict="met")
    page = page_of(client, rita, question)
    assert "Olga&#x27;s reason" in page.text
    assert "adjudicate" not in page.text


def test_author_sees_who_said_what_and_settles_with_a_reason(
    client, question, answer, disagreed, alice
):
    page = page_of(client, alice, question)
    assert "Rita&#x27;s reason" in page.text
    [case] = cases_of(question, alice)
    assert settle(client, answer, case, verdict="unmet", note="").status_code == 422
    assert settle(client, answer, case, verdict="maybe", note="So.").status_code == 422
    settle(client, answer, case, verdict="unmet", note="Only one.")
    settle(client, answer, case, verdict="met", note="On second thoughts.")
    assert [(it.value, it.is_current) for it in Adjudication.objects.all()] == [
        (0.0, False),
        (1.0, True),
    ]
    assert cases_of(question, alice)[0].is_settled
    settle(client, answer, case, verdict="")
    assert not cases_of(question, alice)[0].is_settled


def test_what_changed_while_the_author_read_is_not_settled(
    client, question, answer, keys, disagreed, alice
):
    [case] = cases_of(question, alice)
    edit_answer(answer, alice, text="Call later.")
    client.force_login(alice)
    refused = settle(client, answer, case, verdict="met", note="So it is.")
    assert refused.status_code == 422
    assert not Adjudication.objects.exists()


def test_a_reworded_criterion_opens_its_case_again(
    client, question, answer, keys, disagreed, rita, olga, alice
):
    client.force_login(alice)
    [case] = cases_of(question, alice)
    settle(client, answer, case, verdict="met", note="So it is.")
    criterion = question.criteria.get(key=keys[0])
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Explains every risk")
    [case] = cases_of(question, alice)
    assert (case.is_settled, case.is_stale, case.voices) == (False, True, ())
    assert "Settled under an older wording" in page_of(client, alice, question).text


def test_a_cell_that_nobody_could_tell_is_listed_and_doubt_beside_a_verdict_is_not(
    question, answer, keys, rita, olga, alice
):
    set_label(answer, keys[0], rita, verdict="cannot_assess")
    set_label(answer, keys[1], rita, verdict="cannot_assess")
    set_label(answer, keys[1], olga, verdict="met")
    assert [(it.criterion.key, it.kind) for it in cases_of(question, alice)] == [(keys[0], "doubt")]


def test_reviewer_reader_and_stranger_settle_nothing(
    client, question, answer, disagreed, alice, rita, bob, charlie
):
    [case] = cases_of(question, alice)
    for user, status in [(rita, 403), (bob, 403), (charlie, 404)]:
        client.force_login(user)
        assert settle(client, answer, case, verdict="met", note="So.").status_code == status
    assert page_of(client, bob, question).status_code == 403
    assert page_of(client, charlie, question).status_code == 404


def test_many_cases_stay_within_the_budget_of_queries(
    client, team, alice, rita, olga, django_assert_max_num_queries
):
    question = import_rubric(make_collection(team), alice, 20)
    for answer in make_answers(question, *[f"Answer {n}." for n in range(4)]):
        for number in range(20):
            set_label(answer, f"c-{number}", rita, verdict="met")
            set_label(answer, f"c-{number}", olga, verdict="unmet")
    client.force_login(alice)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("disagreements", args=[question.pk]))
    assert "80 cells open" in page.text
    assert "1 to 50 of 80" in page.text


def test_an_author_reads_that_experts_agree(client, question, answer, keys, rita, olga, alice):
    for user in (rita, olga):
        set_label(answer, keys[0], user, verdict="met")
    page = page_of(client, alice, question)
    assert "No disagreement" in page.text
    assert "Finish your own" not in page.text
