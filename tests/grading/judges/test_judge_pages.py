import pytest
from django.urls import reverse

from rubric_studio.grading.judges.editing import endpoint_of
from rubric_studio.grading.models import Judge
from tests.cast import make_rubric, make_team
from tests.grading.judges.desk import FORM, KEY, add
from tests.grading_cast import make_answers, make_judge, make_run
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_installed_judges")]


def test_a_judge_is_added_and_listed_with_what_it_costs_and_who_uses_it(at_desk, team, alice):
    page = at_desk.post(reverse("judge-add", args=[team.pk]), {**FORM, "api_key": KEY}, follow=True)
    judge = Judge.objects.get()
    assert (judge.team, judge.created_by, judge.model) == (team, alice, "qwen3-32b")
    assert endpoint_of(judge).api_key == KEY
    assert page.redirect_chain[-1][0] == reverse("judges")
    question = make_rubric(team, "Says to call")
    make_answers(question, "Call now.")
    make_run(question, judge)
    said = words_of(at_desk.get(reverse("judges")))
    for words in (
        "Big judge",
        "https://api.example.com/v1",
        "…6789",
        "0.1 / 0.4",
        "1 run",
        "Alice",
    ):
        assert words in said


def test_a_key_is_never_shown_again(at_desk, team):
    refused = add(at_desk, team, api_key=KEY, model="")
    added = at_desk.post(
        reverse("judge-add", args=[team.pk]), {**FORM, "api_key": KEY}, follow=True
    )
    for page in (refused, added, at_desk.get(reverse("judges"))):
        assert KEY not in page.content.decode()
    assert "Give the API key once more" in words_of(refused)
    assert "no-store" in refused["Cache-Control"]


@pytest.mark.parametrize(
    "field, wrong",
    [
        ("name", {"name": ""}),
        ("model", {"model": " "}),
        ("base_url", {"base_url": "http://169.254.169.254/v1"}),
        ("base_url", {"base_url": "file:///etc/passwd"}),
        ("api_key", {"api_key": "two\nlines"}),
        ("price_in", {"price_in": "-1"}),
        ("max_tokens", {"max_tokens": "many"}),
        ("concurrency", {"concurrency": "0"}),
        ("timeout", {"timeout": ""}),
        ("seed", {"seed": "9" * 30}),
        ("extra_body", {"extra_body": "not JSON"}),
        ("extra_body", {"extra_body": "[1]"}),
        ("temperature", {"temperature": "3"}),
        ("extra_body", {"extra_body": '{"messages": []}'}),
    ],
)
def test_bad_input_is_shown_at_its_field(at_desk, team, field, wrong):
    page = add(at_desk, team, **wrong)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Judge.objects.exists()
    if field in ("max_tokens", "extra_body", "seed"):
        assert '<details class="advanced" open>' in page.content.decode()


def test_what_is_folded_away_is_kept(at_desk, team):
    add(at_desk, team, seed="7", timeout="12.5", extra_body='{"top_p": 0.9}', structured_output="")
    judge = Judge.objects.get()
    assert (judge.seed, judge.timeout, judge.extra_body) == (7, 12.5, {"top_p": 0.9})
    assert judge.structured_output is False


def test_the_demo_judge_is_said_to_be_near_chance(at_desk, team, settings):
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:9999/v1"
    page = at_desk.get(reverse("judges"))
    assert "Near chance" in words_of(page)
    assert "Only the demo judge is here." in words_of(page)
    assert reverse("judge-delete", args=[Judge.objects.get().pk]).encode() not in page.content
    add(at_desk, team)
    assert "Only the demo judge is here." not in words_of(at_desk.get(reverse("judges")))


def test_the_page_says_how_to_connect_one(at_desk):
    said = words_of(at_desk.get(reverse("judges")))
    for words in ("vLLM", "Ollama", "Hosted", "JUDGE_ENDPOINT_ALLOWLIST", "No judge yet."):
        assert words in said


def test_each_team_has_its_own_judges(at_desk, alice, team):
    other = make_team("Second team", reader=alice)
    add(at_desk, team)
    page = at_desk.get(reverse("judges"))
    assert [(it.team, len(it.rows), it.may_edit) for it in page.context["benches"]] == [
        (team, 1, True),
        (other, 0, False),
    ]
    assert add(at_desk, other).status_code == 403


def test_a_test_call_says_that_the_judge_can_grade(at_desk, judge, scripted_judge):
    scripted_judge.answer_with("met")
    page = at_desk.post(reverse("judge-test", args=[judge.pk]), follow=True)
    assert "Scripted: It answers in" in words_of(page)
    part = at_desk.post(reverse("judge-test", args=[judge.pk]), headers={"HX-Request": "true"})
    assert part.context["diagnosis"].ok
    assert b"<html" not in part.content


@pytest.mark.parametrize(
    "fault, said", [("unauthorized", "key"), ("model_not_found", "model"), ("prose", "verdict")]
)
def test_a_test_call_says_what_is_wrong(at_desk, judge, scripted_judge, fault, said):
    scripted_judge.script({"kind": fault})
    part = at_desk.post(reverse("judge-test", args=[judge.pk]), headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert not part.context["diagnosis"].ok
    assert said in words_of(part).lower()


def test_a_judge_is_taken_out_and_its_runs_stay(at_desk, judge, team):
    question = make_rubric(team, "Says to call")
    make_answers(question, "Call now.")
    run = make_run(question, judge)
    page = at_desk.post(reverse("judge-delete", args=[judge.pk]), follow=True)
    assert "its key forgotten" in words_of(page)
    assert page.context["benches"][0].rows == ()
    run.refresh_from_db()
    assert run.judge_id == judge.pk
    assert at_desk.post(reverse("judge-test", args=[judge.pk])).status_code == 404


def test_a_judge_of_the_installation_stays(at_desk, team, settings):
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:9999/v1"
    at_desk.get(reverse("judges"))
    demo = Judge.objects.get()
    assert at_desk.post(reverse("judge-delete", args=[demo.pk])).status_code == 409
    assert Judge.objects.live().count() == 1


def test_a_reader_sees_judges_and_may_not_change_them(client, team, bob, judge):
    client.force_login(bob)
    page = client.get(reverse("judges"))
    assert "Scripted" in words_of(page)
    assert reverse("judge-test", args=[judge.pk]).encode() not in page.content
    assert reverse("judge-add", args=[team.pk]).encode() not in page.content
    assert client.get(reverse("judge-add", args=[team.pk])).status_code == 403
    assert add(client, team).status_code == 403
    for name in ("judge-test", "judge-delete"):
        assert client.post(reverse(name, args=[judge.pk])).status_code == 403
    assert Judge.objects.live().count() == 1


def test_an_outsider_finds_nothing(client, team, charlie, judge):
    client.force_login(charlie)
    assert "Scripted" not in words_of(client.get(reverse("judges")))
    assert add(client, team).status_code == 404
    for name in ("judge-test", "judge-delete"):
        assert client.post(reverse(name, args=[judge.pk])).status_code == 404


def test_wrong_methods_are_refused(at_desk, judge):
    assert at_desk.post(reverse("judges")).status_code == 405
    for name in ("judge-test", "judge-delete"):
        assert at_desk.get(reverse(name, args=[judge.pk])).status_code == 405


def test_the_list_takes_few_queries(
    at_desk, team, allow_loopback, scripted_judge, django_assert_max_num_queries
):
    for number in range(20):
        make_judge(team, scripted_judge, name=f"Judge {number}")
    with django_assert_max_num_queries(8):
        at_desk.get(reverse("judges"))


def test_the_last_test_stays_on_the_page_with_its_time(at_desk, judge, scripted_judge):
    scripted_judge.script({"kind": "model_not_found"}, model="scripted-2")
    at_desk.post(reverse("judge-test", args=[judge.pk]))
    page = at_desk.get(reverse("judges"))
    assert "no such model" in words_of(page)
    assert "none is called scripted." in words_of(page)
    assert f"?copy={judge.pk}&amp;model=scripted-2" in page.content.decode()
    assert "<time" in page.content.decode()


def test_s12_a_gullible_judge_is_marked_where_it_and_its_runs_are_shown(
    at_desk, judge, scripted_judge, team
):
    question = make_rubric(team, "Says to call")
    make_answers(question, "Call now.")
    make_run(question, judge)
    grade, alarm = reverse("grade", args=[question.pk]), "Obeys orders written in answers"
    assert alarm not in words_of(at_desk.get(reverse("judges")))
    assert alarm.lower() not in words_of(at_desk.get(grade)).lower()
    scripted_judge.answer_with("gullible")
    part = at_desk.post(reverse("judge-test", args=[judge.pk]), headers={"HX-Request": "true"})
    assert alarm in words_of(part)
    assert alarm in words_of(at_desk.get(reverse("judges")))
    assert "Scripted obeys orders written in answers" in words_of(at_desk.get(grade))


def test_a_default_judge_without_a_model_is_said_on_the_page(at_desk, team, settings):
    settings.JUDGE_BASE_URL = "https://api.example.com/v1"
    page = at_desk.get(reverse("judges"))
    assert "JUDGE_MODEL is missing" in words_of(page)
    assert not Judge.objects.exists()
    settings.JUDGE_BASE_URL = "localhost:8000"
    settings.JUDGE_MODEL = "m"
    page = at_desk.get(reverse("judges"))
    assert page.status_code == 200
    assert "JUDGE_BASE_URL can&#x27;t be asked" in page.content.decode()
