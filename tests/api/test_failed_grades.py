"""What is taken away of a run where the judge failed: the status, never a verdict."""

import pytest

from rubric_studio.engine.document.scoring import score
from rubric_studio.grading.runs.starting import document_of
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run, work


@pytest.fixture
def question(team):
    return make_rubric(
        team, "Explains the risks", {"text": "Invents a study", "points": -4}, "Names a hospital"
    )


@pytest.mark.parametrize("fault", ["prose", "nan", "unauthorized", "abstain"])
@pytest.mark.parametrize("spoilt", ["Explains the risks", "Invents a study"])
def test_j6_a_failure_is_left_out_alike_for_reward_and_penalty(
    api, alice, question, judge, scripted_judge, fault, spoilt
):
    make_answers(question, "Call an ambulance now.")
    scripted_judge.script({"kind": fault, "criterion": spoilt})
    run = work(make_run(question, judge))
    client = api(alice)
    grades = client.get(f"runs/{run.pk}/grades").json()["results"]
    document = document_of(run)
    (key,) = [it.key for it in document.criteria if it.text == spoilt]
    known = {it["criterion"]: it["value"] for it in grades if it["criterion"] != key}
    assert None not in known.values()
    (bad,) = [it for it in grades if it["criterion"] == key]
    expected = "cannot_assess" if fault == "abstain" else "failed"
    assert (bad["status"], bad["value"], bad["level"]) == (expected, None, None)
    assert bool(bad["error"]) is (fault != "abstain")
    shown = client.get(f"runs/{run.pk}").json()
    assert shown["status"] == "incomplete"
    assert shown["progress"][expected] == 1
    (row,) = shown["scores"]
    assert row["score"] is None
    assert row["coverage"] == pytest.approx(2 / 3)
    either = {score(document, {**known, key: value}).value for value in (0.0, 1.0)}
    # No wider and no narrower than what the missing verdict can still do.
    assert row["low"] == pytest.approx(float(min(either)))
    assert row["high"] == pytest.approx(float(max(either)))
    assert row["low"] < row["high"]
