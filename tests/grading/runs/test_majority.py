import pytest

from rubric_studio.grading.runs.majority import Vote, decide

MET, UNMET = ("graded", 1.0, ""), ("graded", 0.0, "")
FAILED = ("failed", None, "")


def votes(*said):
    return [
        Vote(name, *it, reason=f"Because {name}." if it != FAILED else "", error="It hung.")
        for name, it in zip(("Ada", "Ben", "Cyd", "Dot", "Eve"), said, strict=False)
    ]


@pytest.mark.parametrize(
    "said, status, value",
    [
        ((MET, MET, UNMET), "graded", 1.0),
        ((UNMET, MET, UNMET), "graded", 0.0),
        ((MET, UNMET), "cannot_assess", None),
        ((MET, MET), "graded", 1.0),
        ((MET, MET, UNMET, UNMET), "cannot_assess", None),
        ((MET, MET, FAILED), "graded", 1.0),
        ((MET, UNMET, FAILED), "failed", None),
        ((FAILED, FAILED, MET), "failed", None),
        ((FAILED, FAILED, FAILED), "failed", None),
        ((MET, UNMET, ("not_applicable", None, "")), "cannot_assess", None),
        ((("not_applicable", None, ""),) * 2 + (MET,), "not_applicable", None),
        ((("cannot_assess", None, ""),) * 2 + (MET,), "cannot_assess", None),
        ((MET, MET, UNMET, UNMET, FAILED), "failed", None),
        ((MET, UNMET, ("not_applicable", None, ""), UNMET, FAILED), "failed", None),
        ((MET, MET, UNMET, FAILED, FAILED), "failed", None),
        ((MET, MET, MET, FAILED, FAILED), "graded", 1.0),
    ],
)
def test_more_than_half_of_all_judges_decide_and_nobody_else(said, status, value):
    decided = decide(votes(*said))
    assert (decided.status, decided.value) == (status, value)


def test_the_reason_is_that_of_one_of_the_majority_by_name():
    decided = decide(votes(UNMET, MET, MET))
    assert decided.reason == "2 of 3 judges: met. Ben: Because Ben."


def test_judges_that_disagree_are_counted():
    assert decide(votes(MET, UNMET)).reason == "The judges disagree: 1 met, 1 not met."


def test_a_majority_that_failures_prevent_says_whose():
    decided = decide(votes(MET, UNMET, FAILED))
    assert (
        decided.error == "No majority: Cyd gave no verdict. The others: 1 met, 1 not met. It hung."
    )


def test_levels_are_one_verdict_each():
    some, all_ = ("graded", 0.5, "some"), ("graded", 1.0, "all")
    decided = decide(votes(some, all_, some))
    assert (decided.value, decided.level) == (0.5, "some")
    assert decided.reason.startswith("2 of 3 judges: “some”.")
