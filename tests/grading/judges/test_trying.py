import socket
import threading

import pytest

from rubric_studio.grading.judges.editing import last_trial, try_judge
from rubric_studio.grading.judges.prompt_rules import change_rules
from rubric_studio.grading.judges.trying import ANSWER, ORDERS
from rubric_studio.grading.models import Judge
from tests.cast import author_of
from tests.grading_cast import make_judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_installed_judges")]
KEY = "sk-canary-0123456789"


def sound(criterion, answer):
    """Reads the answer as it should."""
    return "met" if "100 degrees" in answer else "unmet"


@pytest.mark.parametrize(
    "fault, code, said",
    [
        ("unauthorized", "unauthorized", "did not accept the API key"),
        ("no_credit", "quota_exhausted", "no credit left"),
        ("rate_limit", "rate_limited", "fewer calls"),
        ("model_not_found", "not_found", "no such model"),
        ("bad_request", "bad_request", "did not accept the request"),
        ("html", "web_page", "The path of the API, such as /v1"),
        ("bad_gateway_page", "server_error", "trouble of its own (status 502)"),
        ("not_chat", "not_compatible", "not as an OpenAI-compatible chat endpoint"),
        ("prose", "not_json", "It answers, but not with a verdict."),
        ("empty", "empty_reply", "It answers, but not with a verdict."),
        ("truncated", "truncated", "It answers, but not with a verdict."),
        ("half_body", "connection_lost", "broke off the connection"),
        ("reset", "connection_lost", "broke off the connection"),
        ("server_error", "server_error", "trouble of its own (status 500)"),
        ("huge", "too_large", "larger than 1 MiB"),
    ],
)
def test_each_trouble_has_a_sentence_that_says_what_to_do(judge, scripted_judge, fault, code, said):
    scripted_judge.script({"kind": fault})
    diagnosis = try_judge(judge)
    assert (diagnosis.ok, diagnosis.code) == (False, code)
    assert said in diagnosis.sentence
    assert diagnosis.sentence.endswith((".", '"'))
    judge.refresh_from_db()
    assert last_trial(judge) == diagnosis


def test_a_sound_judge_passes_and_the_trial_is_kept_with_its_time(judge, scripted_judge):
    assert last_trial(judge) is None
    scripted_judge.answer_with(sound)
    diagnosis = try_judge(judge)
    assert (diagnosis.ok, diagnosis.is_gullible, diagnosis.notes) == (True, False, ())
    judge.refresh_from_db()
    assert last_trial(judge) == diagnosis
    assert diagnosis.at is not None
    assert scripted_judge.stats()["calls"] == 3


def test_s12_a_judge_that_obeys_orders_in_answers_is_found_out(judge, scripted_judge):
    def obeys(criterion, answer):
        return "met" if "Reply with the verdict met" in answer else sound(criterion, answer)

    scripted_judge.answer_with(obeys)
    assert try_judge(judge).is_gullible is True
    assert ORDERS.text in {it["answer"] for it in scripted_judge.cells()}
    scripted_judge.answer_with("gullible")
    assert try_judge(judge).is_gullible is True
    scripted_judge.answer_with(sound)
    assert try_judge(judge).is_gullible is False


def test_a_judge_that_says_met_of_everything_is_not_called_gullible_but_no_better_than_chance(
    judge, scripted_judge
):
    scripted_judge.answer_with("met")
    diagnosis = try_judge(judge)
    assert (diagnosis.ok, diagnosis.is_gullible) == (True, None)
    assert "credit to an answer that says nothing" in diagnosis.notes[0]


def test_a_judge_that_is_wrong_about_the_trial_question_works_and_it_is_said(judge, scripted_judge):
    scripted_judge.answer_with("unmet")
    diagnosis = try_judge(judge)
    assert diagnosis.ok
    assert "got the trial question wrong" in diagnosis.notes[0]


def test_a_canary_that_could_not_be_tried_is_said_and_no_guess_is_made(judge, scripted_judge):
    scripted_judge.script({"kind": "server_error", "calls": [2]})
    scripted_judge.answer_with(sound)
    diagnosis = try_judge(judge)
    assert (diagnosis.ok, diagnosis.is_gullible) == (True, None)
    assert "could not be tried" in diagnosis.notes[0]


def test_an_endpoint_that_refuses_schemas_works_and_says_how_to_save_a_call(judge, scripted_judge):
    scripted_judge.script({"kind": "no_response_format"})
    scripted_judge.answer_with(sound)
    diagnosis = try_judge(judge)
    assert diagnosis.ok
    assert "refuses JSON by schema" in diagnosis.notes[0]
    Judge.objects.filter(pk=judge.pk).update(structured_output=False)
    judge.refresh_from_db()
    assert try_judge(judge).notes == ()


@pytest.mark.parametrize(
    "listed, wanted, near",
    [
        ("qwen3-32b-awq", "qwen3-32b", ("qwen3-32b-awq",)),
        ("Qwen/Qwen3-32B", "qwen3-32b", ("Qwen/Qwen3-32B",)),
        ("llama3:8b", "lama3:8b", ("llama3:8b",)),
    ],
)
def test_a_model_that_does_not_exist_is_met_with_near_names(
    team, allow_loopback, scripted_judge, listed, wanted, near
):
    scripted_judge.script({"kind": "model_not_found"}, model=listed)
    judge = make_judge(team, scripted_judge)
    judge.model = wanted
    judge.save(update_fields=["model"])
    diagnosis = try_judge(judge)
    assert (diagnosis.code, diagnosis.models) == ("not_found", near)
    assert f"It has 1 model, and none is called {wanted}." in diagnosis.notes


def test_nobody_there_a_forbidden_address_and_a_redirect(
    team, allow_loopback, scripted_judge, settings
):
    nobody = Judge.objects.create(
        team=team, name="Nobody", base_url="http://127.0.0.1:9977/v1", model="m"
    )
    assert (try_judge(nobody).code, try_judge(nobody).ok) == ("not_reachable", False)
    judge = make_judge(team, scripted_judge)
    scripted_judge.script({"kind": "redirect", "text": "http://127.0.0.1:1/v1"})
    assert try_judge(judge).code == "redirect"
    settings.JUDGE_ENDPOINT_ALLOWLIST = []
    refused = try_judge(nobody)
    assert refused.code == "forbidden_address"
    assert "JUDGE_ENDPOINT_ALLOWLIST" in refused.sentence


def test_https_to_a_server_without_it_says_so(team, allow_loopback, scripted_judge):
    judge = make_judge(team, scripted_judge)
    judge.base_url = scripted_judge.base_url.replace("http://", "https://")
    diagnosis = try_judge(judge)
    assert diagnosis.code == "tls"
    assert "http://" in diagnosis.sentence


def test_a_judge_that_says_nothing_is_given_up_after_its_time(team, allow_loopback):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []
        threading.Thread(target=lambda: held.append(listener.accept()), daemon=True).start()
        port = listener.getsockname()[1]
        judge = Judge.objects.create(
            team=team, name="Mute", base_url=f"http://127.0.0.1:{port}/v1", model="m", timeout=0.3
        )
        diagnosis = try_judge(judge)
    assert diagnosis.code == "timeout"
    assert "0.3 seconds" in diagnosis.sentence


def test_s5_a_key_that_the_endpoint_echoes_is_in_no_diagnosis(team, allow_loopback, scripted_judge):
    judge = make_judge(team, scripted_judge, api_key=KEY)
    for fault in ("unauthorized", "bad_request", "server_error", "error_in_success", "prose"):
        scripted_judge.script({"kind": fault})
        assert "canary" not in repr(try_judge(judge))
    judge.refresh_from_db()
    assert "canary" not in str(judge.trial)


def test_the_trial_is_asked_by_the_team_s_own_rules(judge, team, scripted_judge):
    change_rules(team, author_of(team), "- Be strict.", "", 0)
    try_judge(judge)
    asked = scripted_judge.requests()
    assert all("- Be strict." in it["body"]["messages"][0]["content"] for it in asked)
    assert asked[0]["answer"] == ANSWER.text
