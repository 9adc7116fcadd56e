import pytest

from rubric_studio.engine.document.reading import read_document
from rubric_studio.engine.document.scoring import score
from rubric_studio.grading.models import Judge, Run
from tests.api.conftest import assert_problem
from tests.cast import make_rubric
from tests.grading_cast import make_answers, work


@pytest.fixture
def question(team):
    return make_rubric(
        team,
        "Explains the risks",
        {"text": "Invents a study", "points": -4},
        {"text": "Says when to call", "points": 3, "may_not_apply": True},
    )


def test_an_answer_has_the_promised_shape(api, alice, question):
    client, path = api(alice), f"questions/{question.pk}/answers"
    made = client.post(path, {"text": "Call.", "origin": "expert", "tier": 3, "band": [0.8, 1]})
    assert made.status_code == 201, made.content
    answer = made.json()
    assert (answer["text"], answer["origin"], answer["model"]) == ("Call.", "expert", "")
    assert (answer["tier"], answer["band"]) == (3, [0.8, 1])
    assert "messages" not in answer
    talk = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Call."}]
    transcript = client.post(path, {"messages": talk}).json()
    assert (transcript["messages"], transcript["band"]) == (talk, None)
    assert "text" not in transcript
    changed = client.patch(f"answers/{answer['id']}", {"band": None, "tier": 2}).json()
    assert (changed["tier"], changed["band"], changed["text"]) == (2, None, "Call.")
    assert client.delete(f"answers/{answer['id']}").status_code == 204
    assert [row["id"] for row in client.get(path).json()["results"]] == [transcript["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "x", "messages": [{"role": "user", "content": "y"}]},
        {"text": "x" * 1_000_001},
        {"text": "x", "band": [1, 0]},
        {"text": "x", "band": [1]},
        {"text": "x", "tier": "best"},
        {"text": "x", "origin": "dream"},
        {"text": "x", "quality": 3},
    ],
)
def test_a_bad_answer_is_refused(api, alice, question, body):
    assert assert_problem(api(alice).post(f"questions/{question.pk}/answers", body), 400)["errors"]
    assert question.answers.count() == 0


def test_a_wrong_message_of_a_transcript_is_named_at_its_place(api, alice, question):
    result = {"role": "tool", "tool_call_id": "c1", "content": "rain"}
    body = {"messages": [{"role": "user", "content": "Rain?"}, result]}
    response = api(alice).post(f"questions/{question.pk}/answers", body)
    (error,) = assert_problem(response, 400)["errors"]
    assert error["pointer"] == "/messages/1/tool_call_id"
    assert question.answers.count() == 0


def test_labels_are_ones_own_and_the_older_stay(api, alice, rita, bob, question):
    (answer,) = make_answers(question, "Call an ambulance now.")
    key = question.criteria.first().key
    path = f"answers/{answer.pk}/labels"
    assert api(alice).post(path, {"criterion": key, "verdict": "met"}).status_code == 201
    assert api(rita).post(path, {"criterion": key, "verdict": "unmet"}).status_code == 201
    assert api(alice).post(path, {"criterion": key, "verdict": "unmet"}).status_code == 201
    shown = api(bob).get(path).json()["results"]
    assert sorted((row["author"], row["value"]) for row in shown) == sorted(
        [(alice.email, 0), (rita.email, 0)]
    )
    assert answer.labels.count() == 3
    assert_problem(api(bob).post(path, {"criterion": key, "verdict": "met"}), 403)
    assert_problem(api(alice).post(path, {"criterion": key, "verdict": "perhaps"}), 400)
    assert_problem(api(alice).post(path, {"criterion": "c-none", "verdict": "met"}), 400)


def test_comparisons_name_two_answers_of_the_question(api, alice, question):
    first, second = make_answers(question, "Call.", "Wait.")
    path = f"questions/{question.pk}/comparisons"
    made = api(alice).post(path, {"better": str(first.pk), "worse": str(second.pk)})
    assert made.status_code == 201, made.content
    assert made.json()["tie"] is False
    assert len(api(alice).get(path).json()["results"]) == 1
    assert_problem(api(alice).post(path, {"better": str(first.pk), "worse": str(first.pk)}), 409)
    assert_problem(api(alice).post(path, {"better": str(first.pk), "worse": "nobody"}), 400)


def test_a_judges_key_goes_in_and_never_comes_out(api, alice, team):
    given = {
        "name": "Ward",
        "base_url": "https://judge.example.org/v1",
        "model": "m",
        "api_key": "sk-canary-1234",
    }
    made = api(alice).post("judges", given)
    assert made.status_code == 201, made.content
    assert made.json()["key_hint"] == "1234"
    listed = api(alice).get("judges")
    assert b"canary" not in made.content + listed.content
    assert "canary" not in str(Judge.objects.filter(team=team).values().get(name="Ward"))


def test_a_judge_that_obeys_orders_in_answers_is_told(api, alice, judge):
    def told():
        return [it["is_gullible"] for it in api(alice).get("judges").json()["results"]]

    assert told() == [None]
    for seen in (True, False, None):
        Judge.objects.filter(pk=judge.pk).update(trial={"is_gullible": seen})
        assert told() == [seen]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "ftp://x/v1", "http://169.254.169.254/"])
def test_a_judge_at_a_forbidden_address_is_refused(api, alice, team, url):
    body = {"name": "Inside", "base_url": url, "model": "m"}
    assert_problem(api(alice).post("judges", body), 400)


def test_a_run_is_started_watched_and_scored(api, alice, question, judge, scripted_judge):
    make_answers(question, "Call an ambulance now.", "Wait and see.")
    scripted_judge.answer_with(
        lambda criterion, answer: "met" if "risks" in criterion.text else "unmet"
    )
    client = api(alice)
    started = client.post(
        f"questions/{question.pk}/runs",
        {"judge": str(judge.pk), "version": "draft", "answers": "all", "repeats": 1},
    )
    assert started.status_code == 202, started.content
    run = started.json()
    assert started["Location"].endswith(f"/api/v1/runs/{run['id']}")
    assert run["status"] == "queued"
    assert run["progress"]["total"] == run["progress"]["pending"] == 6
    assert all(row["score"] is None and row["coverage"] == 0 for row in run["scores"])
    work(Run.objects.get(pk=run["id"]))
    shown = client.get(f"runs/{run['id']}").json()
    assert (shown["status"], shown["calls"], shown["cost"]) == ("done", 6, 0)
    grades = client.get(f"runs/{run['id']}/grades").json()["results"]
    assert len(grades) == 6
    assert {"answer", "criterion", "repeat", "status", "value", "quotes"} <= set(grades[0])
    texts = {str(it.pk): it.text for it in question.answers.all()}
    quotes = [(grade["answer"], quote) for grade in grades for quote in grade["quotes"]]
    assert quotes
    for answer, quote in quotes:
        assert set(quote) == {"text", "start", "end", "found"}
        assert texts[answer][quote["start"] : quote["end"]] == quote["text"]
    document = read_document(client.get(f"questions/{question.pk}/draft").json())
    for row in shown["scores"]:
        verdicts = {
            grade["criterion"]: grade["value"]
            for grade in grades
            if grade["answer"] == row["answer"]
        }
        assert row["score"] == score(document, verdicts).score == 5 / 8
    report = client.get(f"runs/{run['id']}/steering").json()
    assert report["verdict"] == "too_little_data"
    assert set(report) >= {"verdict", "fix_first", "figures"}


def test_a_run_by_experts_labels_shows_what_is_missing(api, alice, question):
    (answer,) = make_answers(question, "Call an ambulance now.")
    first = question.criteria.first()
    api(alice).post(f"answers/{answer.pk}/labels", {"criterion": first.key, "verdict": "met"})
    run = api(alice).post(f"questions/{question.pk}/runs", {"judge": None}).json()
    assert run["status"] == "incomplete"
    (row,) = run["scores"]
    assert row["score"] is None
    assert 0 < row["coverage"] < 1
    assert row["low"] < row["high"]


def test_j10_a_stopped_run_is_resumed_with_exactly_the_rest(
    api, alice, bob, charlie, question, judge, scripted_judge
):
    client = api(alice)
    make_answers(question, "Call an ambulance.", "Wait and see.")
    run = client.post(f"questions/{question.pk}/runs", {"judge": str(judge.pk)}).json()
    client.post(f"runs/{run['id']}/cancel")
    assert_problem(api(bob).post(f"runs/{run['id']}/resume"), 403)
    assert_problem(api(charlie).post(f"runs/{run['id']}/resume"), 404)
    assert_problem(client.post(f"runs/{run['id']}/resume", {"budget": "0"}), 409)
    assert_problem(client.post(f"runs/{run['id']}/resume", {"money": 1}), 400)
    resumed = client.post(f"runs/{run['id']}/resume")
    assert (resumed.status_code, resumed.json()["status"]) == (202, "queued")
    work(Run.objects.get(pk=run["id"]))
    assert client.get(f"runs/{run['id']}").json()["status"] == "done"
    assert {it["calls"] for it in scripted_judge.cells()} == {1}
    assert_problem(client.post(f"runs/{run['id']}/resume"), 409)


def test_a_run_is_cancelled_and_keeps_what_was_graded(api, alice, bob, question, judge):
    make_answers(question, "Call an ambulance now.")
    client = api(alice)
    run = client.post(f"questions/{question.pk}/runs", {"judge": str(judge.pk)}).json()
    assert_problem(api(bob).post(f"runs/{run['id']}/cancel"), 403)
    assert client.post(f"runs/{run['id']}/cancel").json()["status"] == "cancelled"
    assert_problem(client.post(f"runs/{run['id']}/cancel"), 409)


def test_a_run_names_only_what_belongs_to_the_question(api, alice, team, question, judge):
    other = make_rubric(team, "Something else")
    (foreign,) = make_answers(other, "Elsewhere.")
    make_answers(question, "Here.")
    path, client = f"questions/{question.pk}/runs", api(alice)
    for body in (
        {"judge": "nobody"},
        {"judge": str(judge.pk), "version": "nothing"},
        {"judge": str(judge.pk), "answers": [str(foreign.pk)]},
        {"judge": str(judge.pk), "answers": []},
        {"judge": str(judge.pk), "repeats": 0},
    ):
        assert_problem(client.post(path, body), 400)


def test_strangers_reach_no_run(api, charlie, question, judge, alice):
    (answer,) = make_answers(question, "Here.")
    run = api(alice).post(f"questions/{question.pk}/runs", {"judge": str(judge.pk)}).json()
    for path in ("", "/grades", "/steering"):
        assert_problem(api(charlie).get(f"runs/{run['id']}{path}"), 404)
    assert_problem(api(charlie).post(f"runs/{run['id']}/cancel"), 404)
    assert_problem(api(charlie).get(f"answers/{answer.pk}/labels"), 404)
    assert api(charlie).get("judges").json()["results"] == []
