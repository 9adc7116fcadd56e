import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from rubric_studio.local.prepare import say_what_is_missing


@pytest.fixture(autouse=True)
def nothing_set(settings):
    settings.JUDGE_BASE_URL = settings.JUDGE_MODEL = settings.JUDGE_API_KEY = ""
    settings.JUDGE_ENDPOINT_ALLOWLIST = []


def said():
    return [it.msg for it in run_checks(tags=["judges"])]


def test_nothing_set_and_everything_set_are_both_fine(settings, capsys):
    assert said() == []
    settings.JUDGE_BASE_URL, settings.JUDGE_MODEL = "http://127.0.0.1:11434/v1", "qwen3:8b"
    assert said() == []
    say_what_is_missing()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "values, words",
    [
        ({"JUDGE_BASE_URL": "https://api.example.com/v1"}, "JUDGE_MODEL is missing"),
        ({"JUDGE_MODEL": "qwen"}, "JUDGE_BASE_URL is missing"),
        ({"JUDGE_BASE_URL": "localhost:8000", "JUDGE_MODEL": "m"}, "must begin with https://"),
        ({"JUDGE_BASE_URL": "http://x:6379/v1", "JUDGE_MODEL": "m"}, "Port 6379"),
    ],
)
def test_half_a_default_judge_is_said_at_the_start(settings, capsys, values, words):
    for name, value in values.items():
        setattr(settings, name, value)
    [problem] = said()
    assert words in problem
    say_what_is_missing()
    assert words in capsys.readouterr().out


def test_an_allow_list_that_means_nothing_stops_the_start(settings):
    settings.JUDGE_ENDPOINT_ALLOWLIST = ["http://127.0.0.1"]
    assert run_checks(tags=["judges"])[0].is_serious()
    with pytest.raises(ImproperlyConfigured, match="JUDGE_ENDPOINT_ALLOWLIST"):
        say_what_is_missing()
