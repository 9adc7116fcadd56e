import pytest

from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Run
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_judge, work


@pytest.fixture
def question(team):
    question = make_rubric(team, "Explains the risks")
    make_answers(question, "Call an ambulance now.")
    return question


@pytest.fixture
def panel(allow_loopback, team, alice, scripted_judge):
    judges = [make_judge(team, scripted_judge, name=name) for name in ("Ada", "Ben")]
    return make_panel(team, alice, name="Panel", members=judges)


def test_the_list_of_judges_says_which_are_panels_and_of_whom(api, bob, panel):
    shown = api(bob).get("judges").json()["results"]
    kinds = {it["name"]: (it["kind"], len(it["members"])) for it in shown}
    assert kinds == {"Ada": ("added", 0), "Ben": ("added", 0), "Panel": ("panel", 2)}
    ids = {it["name"]: it["id"] for it in shown}
    members = next(it["members"] for it in shown if it["kind"] == "panel")
    assert members == [ids["Ada"], ids["Ben"]]


def test_a_run_by_a_panel_names_its_judges_runs(api, alice, question, panel):
    client = api(alice)
    started = client.post(f"questions/{question.pk}/runs", {"judge": str(panel.pk)})
    assert started.status_code == 202, started.content
    for part in Run.objects.filter(panel=started.json()["id"]):
        work(part)
    run = client.get(f"runs/{started.json()['id']}").json()
    assert (run["status"], run["panel"], run["calls"]) == ("done", None, 2)
    assert [(it["status"], it["calls"]) for it in run["members"]] == [("done", 1), ("done", 1)]
    assert (run["estimate"]["calls"], run["estimate"]["cost"]) == (2, None)
    part = client.get(f"runs/{run['members'][0]['id']}").json()
    assert (part["panel"], part["members"], part["calls"]) == (run["id"], [], 1)
    grades = client.get(f"runs/{run['id']}/grades").json()["results"]
    assert [it["reason"].startswith("2 of 2 judges: ") for it in grades] == [True]


def test_a_judges_part_cannot_be_cancelled_by_itself(api, alice, question, panel):
    client = api(alice)
    run = client.post(f"questions/{question.pk}/runs", {"judge": str(panel.pk)}).json()
    assert client.post(f"runs/{run['members'][0]['id']}/cancel").status_code == 409
    cancelled = client.post(f"runs/{run['id']}/cancel").json()
    assert {it["status"] for it in cancelled["members"]} == {"cancelled"}
