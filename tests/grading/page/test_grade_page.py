import pytest
from django.urls import reverse

from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Label, Run
from rubric_studio.grading.runs.starting import document_of
from tests.cast import make_collection, make_criterion, make_rubric, make_section
from tests.grading_cast import import_rubric, make_answers, make_run, work

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def question(team):
    question = make_rubric(team, "Explains the risks", {"text": "Invents a study", "points": -4})
    section = make_section(question, "Triage")
    make_criterion(question, "Says when to call", 3, section=section.key)
    return question


@pytest.fixture
def answers(question):
    return [
        *make_answers(question, "Call an ambulance <now>.", tier=3, band=(0.5, 1)),
        *make_answers(question, "Wait and see.", tier=1, band=(0, 0.2)),
    ]


@pytest.fixture
def run(question, answers, judge, scripted_judge):
    scripted_judge.answer_with(
        lambda criterion, answer: "met" if "ambulance" in answer else "unmet"
    )
    return work(make_run(question, judge))


@pytest.fixture
def page(client):
    """page(user, question, run=…) -> the page's text."""

    def get(user, question, name="grade", status=200, headers=None, **query):
        client.force_login(user)
        response = client.get(reverse(name, args=[question.pk]), query, **(headers or {}))
        assert response.status_code == status
        return response.content.decode()

    return get


def code(run, number=0, letter="A"):
    return f"{letter}.{document_of(run).criteria[number].key}"


def test_the_newest_run_is_shown_with_its_scores_and_sections(page, question, run, bob):
    text = page(bob, question)
    assert text.count("data-cell=") == 6
    assert "Triage" in text
    assert "0.50" in text
    assert "in band" in text
    assert "6 of 6 judged" in text


def test_strangers_find_nothing_and_readers_may_not_start_cancel_or_label(
    client, page, question, run, bob, charlie
):
    for name in ("grade", "cell", "run-start", "run-forecast", "grade-live"):
        page(charlie, question, name, status=404)
    page(bob, question, "run-start", status=403)
    client.force_login(bob)
    for name, pk in (("run-start", question), ("label", question), ("run-cancel", run)):
        assert client.post(reverse(name, args=[pk.pk])).status_code == 403
    client.force_login(charlie)
    for name in ("run-cancel", "run-resume"):
        assert client.post(reverse(name, args=[run.pk])).status_code == 404
        assert client.get(reverse(name, args=[run.pk])).status_code == 405


def test_a_cell_shows_verdict_reason_and_evidence_without_a_script(page, question, run, bob):
    grade = run.grades.get(run_answer__answer__ordinal=0, criterion_key=code(run).split(".")[1])
    grade.reason = "It says <call>."
    grade.quotes = [
        {"text": "ambulance <now>", "start": 8, "end": 23, "found": True},
        {"text": "call 911", "start": None, "end": None, "found": False},
    ]
    grade.save()
    for name, headers in (("grade", None), ("cell", HTMX)):
        text = page(bob, question, name, headers=headers, run=run.pk, cell=code(run))
        assert "Met: +5 points" in text
        assert "It says &lt;call&gt;." in text
        assert (
            '<mark data-quotes="1" id="quote-1" tabindex="-1">ambulance &lt;now&gt;</mark>' in text
        )
        assert "not in the answer</span> call 911" in text
        assert "Your own label" not in text
    page(bob, question, "cell", status=302, run=run.pk, cell=code(run))


@pytest.mark.parametrize("bad", ["Z.c-1", "A.c-nothing", "A", ".", "x" * 300])
def test_a_cell_that_is_not_there_is_not_found(page, question, run, bob, bad):
    page(bob, question, "cell", status=404, headers=HTMX, run=run.pk, cell=bad)


def test_a_run_of_another_question_is_not_found(page, question, team, run, bob):
    other = make_rubric(team, "Something")
    page(bob, other, run=run.pk, status=404)
    page(bob, other, run="not-an-id", status=404)


def test_a_label_is_kept_apart_and_the_cell_says_whether_it_agrees(
    client, page, question, run, rita
):
    client.force_login(rita)
    data = {"run": str(run.pk), "cell": code(run), "verdict": "unmet"}
    response = client.post(reverse("label", args=[question.pk]), data, **HTMX)
    text = response.content.decode()
    assert "You and the judge differ here" in text
    assert f'<td id="cell-{code(run)}" hx-swap-oob="true">' in text
    assert "cell-differs" in text
    assert run.grades.filter(value=1).count() == 3
    assert "Disagreements <b>1</b>" in page(rita, question)
    response = client.post(reverse("label", args=[question.pk]), {**data, "verdict": "met"})
    assert response.status_code == 302
    assert "cell-agrees" in page(rita, question, cell=code(run))
    client.post(reverse("label", args=[question.pk]), {**data, "verdict": ""})
    assert not Label.objects.current().exists()


def test_what_is_not_a_verdict_is_refused(client, question, run, rita):
    client.force_login(rita)
    data = {"run": str(run.pk), "cell": code(run), "verdict": "splendid"}
    response = client.post(reverse("label", args=[question.pk]), data, **HTMX)
    assert response.status_code == 409
    assert "Choose one of: met, unmet" in response.content.decode()
    assert not Label.objects.exists()


def test_labels_can_be_given_by_hand_before_any_run(client, page, question, answers, rita):
    assert "Not graded yet" in page(rita, question)
    key = question.criteria.get(text="Explains the risks").key
    data = {"run": "draft", "cell": f"A.{key}", "verdict": "met"}
    client.post(reverse("label", args=[question.pk]), data)
    assert Label.objects.get().value == 1.0
    assert "met, +5 points" in page(rita, question)


def test_only_the_rows_asked_for_are_shown(page, question, run, rita, answers):
    document = document_of(run)
    set_label(answers[0], document.criteria[1].key, rita, verdict="unmet")
    text = page(rita, question, run=run.pk, only="disagreements")
    assert text.count("data-row=") == 1
    assert "No criterion is like that" in page(rita, question, run=run.pk, only="open")
    assert page(rita, question, run=run.pk, only="nonsense").count("data-row=") == 3


def test_my_labels_take_the_judges_place_when_asked(page, question, run, rita, answers):
    for criterion in document_of(run).criteria:
        set_label(answers[0], criterion.key, rita, verdict="unmet")
    text = page(rita, question, run=run.pk, show="labels")
    assert "0.00" in text
    assert "not labelled" in text
    assert "cell-both" in page(rita, question, run=run.pk, show="both")


def test_where_labels_alone_were_read_nothing_is_said_of_a_judge(page, question, answers, rita):
    key = question.criteria.get(text="Explains the risks").key
    set_label(answers[0], key, rita, verdict="met")
    run = make_run(question, None)
    said = page(rita, question, run=run.pk, cell=f"A.{key}").split('id="label-form"')[1]
    said = said.split("</form>")[0]
    assert "kept apart" not in said
    assert "the judge" not in said
    assert "This run read the labels otherwise" not in said
    set_label(answers[0], key, rita, verdict="unmet")
    said = page(rita, question, run=run.pk, cell=f"A.{key}").split('id="label-form"')[1]
    assert "This run read the labels otherwise" in said.split("</form>")[0]


def test_a_live_run_is_watched_until_it_is_over_and_no_longer(
    page, question, answers, judge, bob, scripted_judge
):
    run = make_run(question, judge)
    text = page(bob, question)
    assert 'hx-trigger="every 2s"' in text
    address = text.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    query = dict(part.split("=", 1) for part in address.split("?")[1].split("&"))
    query["at"] = query["at"].replace("%3A", ":").replace("%2B", "+")
    page(bob, question, "grade-live", status=204, headers=HTMX, **query)
    work(run)
    text = page(bob, question, "grade-live", status=286, headers=HTMX, **query)
    assert "every 2s" not in text
    assert text.count('<td id="cell-') == 6
    assert "6 of 6 judged" in text
    assert 'hx-trigger="every 2s"' not in page(bob, question)


def test_an_author_starts_a_run_after_seeing_what_it_would_judge(
    client, page, question, run, judge, answers, alice, django_capture_on_commit_callbacks
):
    text = page(alice, question, "run-start")
    assert "6 known already" in text
    data = {
        "judge": str(judge.pk),
        "version": "draft",
        "answers": [str(answers[0].pk)],
        "repeats": 2,
        "criteria_per_call": 1,
    }
    ahead = page(alice, question, "run-forecast", headers=HTMX, **data)
    assert "6 cells" in ahead
    assert "3 to judge" in ahead
    url = reverse("run-start", args=[question.pk])
    with django_capture_on_commit_callbacks():
        response = client.post(url, data)
        assert response.url == Run.objects.first().get_absolute_url()
        assert Run.objects.first().repeats == 2
        response = client.post(url, data, **HTMX)
    assert response.headers["HX-Redirect"] == Run.objects.first().get_absolute_url()


def test_a_run_that_cannot_be_is_refused_in_the_form(client, question, answers, judge, alice):
    client.force_login(alice)
    url = reverse("run-start", args=[question.pk])
    data = {"judge": str(judge.pk), "version": "draft", "repeats": 1, "criteria_per_call": 1}
    response = client.post(url, data)
    assert response.status_code == 422
    assert "Choose at least one answer" in response.content.decode()
    data |= {"answers": [str(answers[0].pk)], "budget": "5"}
    response = client.post(url, data, **HTMX)
    assert response.status_code == 422
    assert "prices" in response.content.decode()
    assert not Run.objects.exists()


@pytest.mark.parametrize("budget", ["0", "-1", "0.0000000"])
def test_a_budget_of_nothing_is_refused_where_it_was_given(
    client, question, answers, judge, alice, budget
):
    client.force_login(alice)
    data = {
        "judge": str(judge.pk), "version": "draft", "repeats": 1, "criteria_per_call": 1,
        "answers": [str(answers[0].pk)], "budget": budget,
    }  # fmt: skip
    response = client.post(reverse("run-start", args=[question.pk]), data)
    assert response.status_code == 422
    html = response.content.decode()
    assert "A budget must be above 0. Leave it empty for none." in html
    assert f'value="{budget}"' in html
    assert not Run.objects.exists()


def test_a_run_is_cancelled_and_resumed_by_forms(client, question, answers, judge, alice):
    run = make_run(question, judge)
    client.force_login(alice)
    assert client.post(reverse("run-cancel", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    assert run.status == Run.Status.CANCELLED
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Resume, 6 left" in page
    client.post(reverse("run-resume", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == Run.Status.QUEUED


def test_the_demo_judges_verdicts_carry_a_warning(page, question, run, bob, judge):
    assert "near chance" not in page(bob, question)
    judge.kind = "demo"
    judge.save()
    text = page(bob, question)
    assert "near chance" in text
    assert "Label by hand" in text
    assert "Connect a judge" in text


@pytest.mark.parametrize("criteria", [50, 500])
def test_the_page_needs_the_same_queries_whatever_its_size(
    client, team, alice, criteria, django_assert_max_num_queries
):
    question = import_rubric(make_collection(team), alice, criteria)
    answers = make_answers(question, *(f"Answer {number}" for number in range(6)), tier=2)
    run = make_run(question, None)
    key = document_of(run).criteria[0].key
    set_label(answers[0], key, alice, verdict="met")
    client.force_login(alice)
    client.get(run.get_absolute_url())  # the first time it is noted that she has seen it
    with django_assert_max_num_queries(15):
        assert client.get(f"{run.get_absolute_url()}").status_code == 200


def test_a_run_without_verdicts_says_why_and_names_no_cost_of_time(
    page, question, answers, judge, scripted_judge, bob
):
    scripted_judge.script({"kind": "unauthorized"})
    work(make_run(question, judge))
    text = page(bob, question)
    assert "0 of 6 judged" in text
    assert "<b>No verdict:</b>" in text
    assert "key" in text.split("<b>No verdict:</b>")[1][:200]
