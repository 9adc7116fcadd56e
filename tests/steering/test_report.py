import json

import pytest

from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.answers.knowing import note_seen
from rubric_studio.steering.report import report_json, report_of
from tests.cast import make_answer, make_user
from tests.steering.graded import SIX, make_tested

pytestmark = pytest.mark.django_db


def changed(place, reached, **fields):
    """SIX with one answer otherwise."""
    answers = list(SIX)
    answers[place] = (reached, {**answers[place][1], **fields})
    return answers


def report(team, met, **options):
    return report_of(make_tested(team, met, **options)[1])


def test_a_perfect_order_steers(team):
    it = report(team, SIX)
    # The ten one-point criteria of this cast hold no penalty: that alone is to be said.
    assert [figure.key for figure in it.warned] == ["lint"]
    assert [finding.kind for finding in it.findings] == ["no_absence_criteria"]
    assert [sample.score for sample in it.order.samples] == pytest.approx(
        [0.9, 0.8, 0.6, 0.5, 0.2, 0]
    )


def test_a_swap_below_the_bar_does_not_steer(team):
    it = report(team, changed(0, 1))
    assert it.verdict == "does_not_steer"
    assert it.order.status == "stop"
    worst = it.first_findings[0]
    assert (worst.kind, worst.figure) == ("inversion", 1)
    assert "“Complete”" in worst.sentence


def test_one_swap_in_twelve_pairs_is_a_warning(team):
    it = report(team, changed(3, 1))
    assert it.verdict == "steers_with_warnings"
    assert [finding.kind for finding in it.findings if finding.figure <= 3] == ["inversion"]


def test_a_swap_names_the_criterion_that_favours_the_worse_answer(team):
    question, run = make_tested(team, changed(3, 1))
    keys = [it.key for it in question.criteria.all()]
    assert report_of(run).first_findings[0].criterion == keys[1]
    assert "“Says thing 2”" in report_of(run).first_findings[0].sentence


@pytest.mark.parametrize("answers, more", [(0, 5), (1, 4), (4, 1)])
def test_fewer_than_five_ranked_answers_are_too_little(team, answers, more):
    met = [*SIX[:answers], (3, {"tier": None})]
    it = report(team, met)
    assert it.verdict == "too_little_data"
    assert it.order.measured.needs == more


def test_one_tier_is_too_little(team):
    it = report(team, [(number, {"tier": 2}) for number in range(6)])
    assert (it.verdict, it.order.measured.needs) == ("too_little_data", 1)


def test_an_order_that_luck_may_give_is_a_warning(team):
    met = [(9, {"tier": 2}), (8, {"tier": 2}), *[(n, {"tier": 1}) for n in (1, 2, 3)]]
    it = report(team, met)
    assert it.verdict == "steers_with_warnings"
    assert "Luck" in it.order.sentence


def test_an_incomplete_score_is_left_out_and_never_zero(team):
    it = report(team, changed(0, None))
    assert (it.order.measured.n, it.order.measured.left_out, it.order.measured.concordance) == (
        5,
        1,
        1,
    )
    assert it.verdict == "steers_with_warnings"
    assert it.order.samples[0].score is None
    assert (it.order.samples[0].low, it.order.samples[0].high) == (0, 1)


def test_a_run_without_any_verdict_is_not_tested(team):
    it = report(team, [(None, fields) for _, fields in SIX], status="running")
    assert it.verdict == "not_tested"


def test_a_missed_anchor_stops_sign_off_but_not_the_verdict(team):
    it = report(team, [*SIX, (3, {"anchor": "empty"})])
    assert it.bands.status == "stop"
    assert it.verdict == "steers_with_warnings"
    assert [finding.kind for finding in it.findings if finding.figure <= 3] == ["anchor_missed"]


def test_a_missed_band_is_a_warning(team):
    it = report(team, changed(5, 0, band_low=0.1, band_high=0.3))
    assert it.bands.status == "look"
    assert it.first_findings[0].kind == "band_missed"
    assert "0.10 below its band" in it.first_findings[0].sentence


def test_equal_scores_of_two_tiers_are_not_separated(team):
    it = report(team, changed(2, 8))
    assert it.separation.status == "look"
    assert [finding.kind for finding in it.findings if finding.figure <= 3] == [
        "tiers_not_separated"
    ]


def test_repeats_give_noise_and_z(team):
    met = [([max(0, reached - 1), reached, reached], fields) for reached, fields in SIX]
    it = report(team, met, repeats=3)
    # One criterion of ten flips in one repeat of three: its variance is 1/3.
    assert it.order.samples[0].noise == pytest.approx((1 / 3) ** 0.5 / 10)
    assert it.order.samples[5].noise == 0
    assert it.separation.measured.margins[0].z is not None
    assert it.order.samples[0].score == pytest.approx(0.9 - 0.1 / 3)


def test_close_tiers_are_flagged_in_units_of_noise(team):
    met = [
        ([7, 9, 8], {"tier": 2}),
        ([9, 7, 8], {"tier": 2}),
        ([8, 9, 7], {"tier": 2}),
        ([6, 8, 7], {"tier": 1}),
        ([6, 7, 8], {"tier": 1}),
        ([8, 7, 6], {"tier": 1}),
    ]
    it = report(team, met, repeats=3)
    assert it.order.status == "ok"
    assert it.separation.measured.margins[0].z < 2
    assert [finding.kind for finding in it.separation.findings] == ["tiers_not_separated"]


def test_an_answer_in_the_trash_is_no_sample(team):
    question, run = make_tested(team, SIX)
    answer = question.answers.first()
    answer.deleted_at = answer.created_at
    answer.save()
    assert len(report_of(run).order.samples) == 5


def test_expectations_stated_with_knowledge_of_the_scores_are_told_apart(team, alice, rita):
    question, run = make_tested(team, SIX)
    note_seen(run, rita)
    answer = question.answers.first()
    edit_answer(answer, alice, band=(0.8, 1.0))
    bands = report_json(report_of(run))["figures"]["bands"]
    assert (bands["stated_late"], bands["late"]) == (0, [])
    note_seen(run, alice)
    edit_answer(answer, alice, band=(0.7, 1.0))
    bands = report_json(report_of(run))["figures"]["bands"]
    assert (bands["stated_late"], bands["late"]) == (1, [{"expert": "Alice", "stated": 1}])


def test_labels_take_the_judges_place(team):
    from rubric_studio.grading.labels import set_label

    question, run = make_tested(team, SIX)
    assert report_of(run, verdicts_from="labels").verdict == "not_tested"
    rita = make_user("Rita", team, "reviewer")
    answer = question.answers.first()
    for criterion in question.criteria.all():
        set_label(answer, criterion.key, rita, verdict="met")
    it = report_of(run, verdicts_from="labels")
    assert [sample.score for sample in it.order.samples] == [1, None, None, None, None, None]
    assert (it.verdict, it.order.measured.needs) == ("too_little_data", 4)


def test_the_json_holds_all_that_programs_read(team):
    question, run = make_tested(
        team, [*changed(3, 1, band_low=0.4, band_high=0.6), (0, {"anchor": "empty"})]
    )
    answers = [str(it.pk) for it in question.answers.all()]
    found = json.loads(json.dumps(report_json(report_of(run)), allow_nan=False))
    assert set(found) == {"verdict", "fix_first", "figures"}
    assert found["verdict"] == "steers_with_warnings"
    kinds = [it["kind"] for it in found["fix_first"]]
    assert kinds == ["inversion", "band_missed", "no_absence_criteria"]
    for finding in found["fix_first"]:
        assert set(finding) == {"kind", "criterion", "answer", "probe", "figure", "sentence"}
    assert found["fix_first"][0]["answer"] == answers[4]
    assert found["fix_first"][1] == {
        "kind": "band_missed",
        "criterion": None,
        "answer": answers[3],
        "probe": None,
        "figure": 3,
        "sentence": "D scores 0.30 below its band.",
    }
    order = found["figures"]["order"]
    assert order["concordance"] == pytest.approx(11 / 12)
    assert order["inversions"] == [
        {"better": answers[3], "worse": answers[4], "gap": pytest.approx(0.1)}
    ]
    assert (order["n"], order["pairs"], order["needs"], order["left_out"]) == (6, 12, 0, 0)
    assert 0 < order["p"] < 0.05
    assert order["interval"] is None
    assert [it["tier"] for it in found["figures"]["separation"]["tiers"]] == [3, 2, 1]
    assert found["figures"]["separation"]["margins"][1]["clear"] is False
    bands = found["figures"]["bands"]
    assert (bands["n"], bands["hits"], bands["rate"]) == (2, 1, 0.5)
    assert bands["stated"][0]["miss"] == pytest.approx(-0.3)


def test_no_more_than_five_come_first(team):
    met = [*reversed([(reached, fields) for reached, fields in SIX])]
    tiers = [(reached, {"tier": 4 - fields["tier"]}) for reached, fields in met]
    it = report(team, tiers)
    assert len(it.fixes) > 5
    assert len(it.fix_first) == 5


def test_a_rubric_that_cannot_be_scored_is_not_tested(team):
    from tests.cast import make_rubric
    from tests.steering.graded import make_graded_run

    question = make_rubric(team, {"text": "Invents a study", "points": -4})
    run = make_graded_run(question, {make_answer(question, tier=1): 1})
    assert report_of(run).verdict == "not_tested"
    assert report_of(run).order.samples[0].low is None
