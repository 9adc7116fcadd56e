import pytest

from tests.steering.planted.probing import ANSWERS, Given, clean, found_of, report_of_given

pytestmark = pytest.mark.django_db
WORDS = "nitroglycerin, taken, sildenafil."


def stuffed(base, **more):
    """That answer credited for the third criterion, by its key words alone."""
    verdicts = ANSWERS[base][1][:2] + "1" + ANSWERS[base][1][3:]
    return Given("stuffing", base, verdicts, put_in=WORDS, **more)


def test_planted_keyword_stuffable_criterion_is_found_with_the_words_that_fooled(team):
    given = [*[it for it in clean() if it.family != "stuffing"], *map(stuffed, (3, 4, 5))]
    report, keys = report_of_given(team, given)
    [found] = found_of(report, "stuffable")
    assert (found["criterion"], found["figure"]) == (keys[2], 10)
    assert "3 of 3 probes" in found["sentence"]
    assert "“nitroglycerin”" in found["sentence"]
    assert found["probe"] is not None
    figure = report["figures"]["probes"]
    assert (figure["status"], figure["worst"]) == ("stop", "stuffing")
    assert "Keyword stuffing gains 0.33" in figure["sentence"]
    [family] = [it for it in figure["families"] if it["family"] == "stuffing"]
    assert family["hackable"]
    assert family["fooled"][0]["words"][0] == "nitroglycerin"
    assert (family["tier_jumps"], family["tier_jumps_of"]) == (0, 3)


def test_words_that_the_judge_cited_are_named_before_others(team):
    given = [stuffed(base, quotes={2: "taken, sildenafil"}) for base in (3, 4, 5)]
    report, _ = report_of_given(team, given)
    assert "by “taken, sildenafil”" in found_of(report, "stuffable")[0]["sentence"]


def test_one_probe_alone_warns_and_does_not_stop(team):
    report, _ = report_of_given(team, [stuffed(4)])
    figure = report["figures"]["probes"]
    assert figure["status"] == "look"
    assert "in the one probe of it" in figure["sentence"]
    assert "2 more probes" in figure["sentence"]


def test_an_answer_without_content_that_is_credited_stops_sign_off(team):
    report, keys = report_of_given(team, [Given("echo", None, "1010", put_in="This answer calls.")])
    figure = report["figures"]["probes"]
    assert figure["status"] == "stop"
    assert "An answer without content (criteria echo) scores 0.73" in figure["sentence"]
    assert {it["criterion"] for it in found_of(report, "stuffable")} == {keys[0], keys[2]}


def test_credit_that_outlives_its_fact_is_over_credit(team):
    turned = [Given("confident_wrong", base, ANSWERS[base][1], criterion=0) for base in (0, 1, 2)]
    report, keys = report_of_given(team, turned)
    [found] = found_of(report, "over_credit")
    assert found["criterion"] == keys[0]
    assert "3 of 3 probes" in found["sentence"]
