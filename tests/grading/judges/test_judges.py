import pytest

from rubric_studio.grading.judges.editing import (
    JudgeGone,
    add_judge,
    delete_judge,
    edit_judge,
    endpoint_of,
    identity_of,
    judges_for,
    try_judge,
)
from rubric_studio.grading.models import Judge
from rubric_studio.rubrics.editing import InvalidEdit
from tests.grading_cast import make_judge

pytestmark = pytest.mark.usefixtures("no_installed_judges")

KEY = "sk-canary-0123456789"


def test_a_key_is_kept_encrypted_and_only_its_end_is_shown(team, alice):
    judge = add_judge(
        team, alice, name="Big", base_url="https://api.example.com/v1/", model="m", api_key=KEY
    )
    row = Judge.objects.values().get(pk=judge.pk)
    assert b"canary" not in bytes(row["key_encrypted"])
    assert (row["key_hint"], row["base_url"]) == ("6789", "https://api.example.com/v1")
    assert endpoint_of(judge).api_key == KEY
    assert KEY not in repr(endpoint_of(judge))


def test_a_short_key_gives_no_hint(team, alice):
    judge = add_judge(
        team, alice, name="Big", base_url="https://a.example/v1", model="m", api_key="short-key"
    )
    assert judge.key_hint == ""


@pytest.mark.parametrize(
    "fields, place",
    [
        ({"base_url": "http://127.0.0.1:8000/v1"}, "/base_url"),
        ({"base_url": "http://169.254.169.254/v1"}, "/base_url"),
        ({"base_url": "file:///etc/passwd"}, "/base_url"),
        ({"model": " "}, "/model"),
        ({"name": ""}, "/name"),
        ({"api_key": "two\nlines"}, "/api_key"),
        ({"temperature": 3.0}, "/temperature"),
        ({"max_tokens": 0}, "/max_tokens"),
        ({"timeout": 0.0}, "/timeout"),
        ({"seed": 2**53}, "/seed"),
        ({"concurrency": 0}, "/concurrency"),
        ({"concurrency": 1001}, "/concurrency"),
        ({"extra_body": [1]}, "/extra_body"),
        ({"extra_body": {"model": "another"}}, "/extra_body"),
        ({"extra_body": {"x": "y" * 20_001}}, "/extra_body"),
        ({"price_in": -1}, "/price_in"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_could_not_be_asked_is_refused_at_its_field(team, alice, fields, place):
    given = {"name": "Big", "base_url": "https://api.example.com/v1", "model": "m", **fields}
    with pytest.raises(InvalidEdit) as refused:
        add_judge(team, alice, **given)
    assert [it.pointer for it in refused.value.problems] == [place]
    assert not Judge.objects.exists()


def test_the_operators_judge_comes_first_and_needs_no_allow_list(team, alice, settings):
    add_judge(team, alice, name="Big", base_url="https://api.example.com/v1", model="m")
    settings.JUDGE_BASE_URL, settings.JUDGE_MODEL = "http://127.0.0.1:9/v1", "qwen"
    settings.JUDGE_API_KEY = KEY
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:21000/v1"
    assert [it.kind for it in judges_for(team)] == ["environment", "added", "demo"]
    first = judges_for(team)[0]
    assert endpoint_of(first).api_key == KEY
    assert first.key_encrypted is None
    assert Judge.objects.count() == 3


def test_another_model_of_the_operators_is_another_judge_and_the_old_one_keeps_its_runs(
    team, settings
):
    settings.JUDGE_BASE_URL, settings.JUDGE_MODEL = "https://api.example.com/v1", "old"
    old = judges_for(team)[0]
    settings.JUDGE_MODEL = "new"
    assert [it.model for it in judges_for(team)] == ["new"]
    old.refresh_from_db()
    assert old.deleted_at is not None
    with pytest.raises(JudgeGone):
        endpoint_of(old)
    settings.JUDGE_BASE_URL = ""
    assert judges_for(team) == []


def test_the_demo_judge_is_the_same_one_on_another_port(team, settings):
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:21000/v1"
    [before] = judges_for(team)
    identity = identity_of(before)
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:22000/v1"
    [after] = judges_for(team)
    assert (after.pk, after.base_url) == (before.pk, "http://127.0.0.1:22000/v1")
    assert identity_of(after) == identity


def test_looking_at_the_judges_costs_one_query_and_nothing_is_shared(
    team, charlie, settings, django_assert_num_queries
):
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:21000/v1"
    [mine] = judges_for(team)
    with django_assert_num_queries(1):
        assert judges_for(team) == [mine]
    assert judges_for(charlie.teams.get()) != [mine]


def test_a_judge_that_is_taken_out_forgets_its_key(team, alice):
    judge = add_judge(
        team, alice, name="Big", base_url="https://a.example/v1", model="m", api_key=KEY
    )
    delete_judge(judge, alice)
    judge.refresh_from_db()
    assert (judge.key_encrypted, judge.key_hint) == (None, "")
    with pytest.raises(JudgeGone):
        endpoint_of(judge)


@pytest.mark.parametrize(
    "fault, code",
    [
        (None, "ok"),
        ("unauthorized", "unauthorized"),
        ("model_not_found", "not_found"),
        ("html", "web_page"),
        ("not_chat", "not_compatible"),
        ("prose", "not_json"),
        ("reset", "connection_lost"),
        ("server_error", "server_error"),
    ],
)
def test_a_trial_call_says_in_a_sentence_what_is_wrong(
    team, scripted_judge, allow_loopback, fault, code
):
    judge = make_judge(team, scripted_judge, api_key=KEY)
    if fault:
        scripted_judge.script({"kind": fault})
    diagnosis = try_judge(judge)
    assert (diagnosis.code, diagnosis.ok) == (code, fault is None)
    assert diagnosis.sentence.endswith((".", '"'))
    assert "canary" not in repr(diagnosis)


def test_a_trial_call_to_nobody_and_to_an_address_inside(team, allow_loopback, settings):
    judge = Judge.objects.create(
        team=team, name="Nobody", base_url="http://127.0.0.1:9977/v1", model="m"
    )
    assert try_judge(judge).code == "not_reachable"
    settings.JUDGE_ENDPOINT_ALLOWLIST = []
    assert try_judge(judge).code == "forbidden_address"


def test_what_cannot_change_a_verdict_is_changed_in_place(team, alice):
    judge = add_judge(
        team, alice, name="Big", base_url="https://a.example/v1", model="m", api_key=KEY
    )
    before = identity_of(judge)
    edited = edit_judge(judge, alice, name=" Bigger ", price_in=1, timeout=5.0, concurrency=3)
    edited.refresh_from_db()
    assert (edited.name, edited.price_in, edited.timeout, edited.concurrency) == (
        "Bigger",
        1,
        5.0,
        3,
    )
    assert identity_of(edited) == before
    assert endpoint_of(edited).api_key == KEY
    edited = edit_judge(edited, alice, api_key="sk-another-key-0007")
    assert (endpoint_of(edited).api_key, edited.key_hint) == ("sk-another-key-0007", "0007")
    assert endpoint_of(edit_judge(edited, alice, forget_key=True)).api_key == ""


@pytest.mark.parametrize(
    "fields, place",
    [
        ({"model": "another"}, "/model"),
        ({"base_url": "https://b.example/v1"}, "/base_url"),
        ({"temperature": 1.0}, "/temperature"),
        ({"name": " "}, "/name"),
        ({"price_out": -1}, "/price_out"),
        ({"timeout": float("nan")}, "/timeout"),
        ({"api_key": "two\nlines"}, "/api_key"),
    ],
)
def test_what_would_make_another_judge_is_refused_in_place(team, alice, fields, place):
    judge = add_judge(team, alice, name="Big", base_url="https://a.example/v1", model="m")
    with pytest.raises(InvalidEdit) as refused:
        edit_judge(judge, alice, **fields)
    assert [it.pointer for it in refused.value.problems] == [place]
    kept = Judge.objects.get()
    assert (kept.name, kept.model, kept.price_out) == ("Big", "m", 0)


def test_of_the_operators_judge_prices_can_be_set_and_they_stay(team, alice, settings):
    settings.JUDGE_BASE_URL, settings.JUDGE_MODEL = "https://api.example.com/v1", "qwen"
    [judge] = judges_for(team)
    edit_judge(judge, alice, price_in=2, concurrency=4)
    [again] = judges_for(team)
    assert (again.pk, again.price_in, again.concurrency) == (judge.pk, 2, 4)
    with pytest.raises(InvalidEdit):
        edit_judge(judge, alice, api_key="sk-mine-00000000")
    with pytest.raises(InvalidEdit):
        edit_judge(judge, alice, name="Mine")
    settings.JUDGE_BASE_URL = ""
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:21000/v1"
    [demo] = judges_for(team)
    with pytest.raises(JudgeGone):
        edit_judge(demo, alice, price_in=1)


def test_s5_a_copy_takes_the_key_along_only_to_the_same_address(team, alice, charlie):
    given = {"name": "Big", "base_url": "https://a.example/v1", "model": "m"}
    judge = add_judge(team, alice, **given, api_key=KEY)
    copy = add_judge(team, alice, **{**given, "model": "n"}, copy_of=judge)
    assert endpoint_of(copy).api_key == KEY
    for url in ("https://b.example/v1", "http://a.example/v1", "https://a.example:444/v1"):
        elsewhere = add_judge(team, alice, **{**given, "base_url": url}, copy_of=judge)
        assert endpoint_of(elsewhere).api_key == ""
    other_team = charlie.teams.get()
    assert endpoint_of(add_judge(other_team, charlie, **given, copy_of=judge)).api_key == ""
