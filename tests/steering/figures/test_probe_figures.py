"""Figures 4, 5 and 10 on poor data: each says what it lacks, and shows no number it has not."""

from dataclasses import replace

import pytest

from rubric_studio.engine.document.types import Criterion, Document, Message, Question
from rubric_studio.steering.figures import probes, spillover, steer_tests
from rubric_studio.steering.material import GradedProbe, Material
from rubric_studio.steering.samples import Sample
from tests.steering.planted.probing import (
    ANSWERS,
    Given,
    clean,
    grade,
    report_of_given,
    steered,
)

FIGURES = ("steer_tests", "spillover", "probes")


def document(*criteria):
    return Document(Question("q", (Message("user", "What now?"),)), criteria=criteria)


def measured(material):
    return [it.measure(material) for it in (steer_tests, spillover, probes)]


def test_without_probes_every_figure_says_so():
    for figure in measured(Material(document(Criterion("a", "Says a.", 1)))):
        assert figure.status == "none"
        assert figure.findings == ()
        assert "yet" in figure.sentence
        assert figure.drawing is not None
        assert figure.as_json()["n"] == 0


def test_a_rubric_without_positive_points_has_no_score_to_gain():
    doc = document(Criterion("a", "Is rude.", -1))
    base = Sample(id="base", letter="A")
    material = Material(
        doc,
        samples=(base,),
        verdicts={"base": {"a": 0.0}, "p": {"a": 1.0}, "e": {"a": 1.0}},
        probes=(
            GradedProbe(Sample(id="p", letter="B"), "exploit", "padding", base),
            GradedProbe(
                Sample(id="e", letter="C"), "steer", "by_hand", base, "a", expected={"a": "up"}
            ),
        ),
    )
    steer, spill, exploit = measured(material)
    assert steer.measured.sensitivity.hits == 1
    assert spill.measured.gains == ()
    assert (exploit.measured.n, exploit.measured.left_out, exploit.status) == (0, 1, "none")


def test_a_stated_criterion_that_is_gone_counts_for_nothing():
    base = Sample(id="base", letter="A", score=1.0)
    edit = Sample(id="e", letter="B", score=1.0)
    probe = GradedProbe(edit, "steer", "by_hand", base, "gone", expected={"gone": "down"})
    material = Material(
        document(Criterion("a", "Says a.", 1)),
        samples=(base,),
        verdicts={"base": {"a": 1.0}, "e": {"a": 1.0}},
        probes=(probe,),
    )
    steer, spill, _ = measured(material)
    assert (steer.measured.sensitivity.n, steer.measured.invariance.n) == (0, 0)
    assert (steer.status, spill.status) == ("none", "none")


def test_edits_are_measured_once_for_both_figures_of_a_report():
    base, edit = Sample(id="base", letter="A", score=1.0), Sample(id="e", letter="B", score=0.0)
    probe = GradedProbe(edit, "steer", "by_hand", base, "a", expected={"a": "down"})
    verdicts = {"base": {"a": 1.0}, "e": {"a": 0.0}}
    material = Material(document(Criterion("a", "Says a.", 1)), (base,), verdicts, probes=(probe,))
    steer, spill, _ = measured(material)
    assert steer.measured.sensitivity.hits == 1
    assert spill.measured is steer.measured
    other = measured(replace(material, verdicts={**verdicts, "e": {"a": 1.0}}))[0]
    assert other.measured.sensitivity.hits == 0


@pytest.mark.django_db
def test_probes_of_a_deleted_answer_have_nothing_to_be_compared_with(team, alice):
    from rubric_studio.grading.answers.editing import delete_answer
    from rubric_studio.steering.report import report_json, report_of

    question, run = grade(team, clean())
    for answer in question.answers.filter(origin="model"):
        delete_answer(answer, alice)
    figures = report_json(report_of(run))["figures"]
    assert figures["steer_tests"]["status"] == "none"
    assert figures["spillover"]["status"] == "none"
    # Those that are made of no answer still count.
    assert {it["family"] for it in figures["probes"]["families"]} == {"empty", "echo"}
    assert figures["probes"]["left_out"] == 10


@pytest.mark.django_db
def test_missing_verdicts_are_left_out_and_never_a_miss(team):
    report, _ = report_of_given(
        team, [steered(0, 0, "!110"), Given("padding", 0, "!!!!"), Given("empty", None, "!000")]
    )
    figures = report["figures"]
    assert figures["steer_tests"]["sensitivity"]["of"] == 0
    assert figures["steer_tests"]["left_out"] == 1
    assert (figures["probes"]["n"], figures["probes"]["left_out"]) == (0, 2)
    assert "can be compared" in figures["probes"]["sentence"]


@pytest.mark.django_db
def test_not_applicable_is_no_flip_and_no_credit(team):
    report, _ = report_of_given(team, [steered(0, 0, "-110"), Given("padding", 4, "00-0")])
    assert report["figures"]["steer_tests"]["sensitivity"]["hits"] == 0
    [family] = report["figures"]["probes"]["families"]
    assert (family["gain"], family["fooled"]) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given, words",
    [
        ([steered(0, 0, "0110")], "its verdict follows: 1 of 1"),
        ([steered(0, 0, "1110")], "follows in only 0 of 1 edit; 4 more would settle it"),
        ([Given("bullets", 0, "1110", "invariant")], "No edit that should move a verdict"),
        ([Given("bullets", 0, "0110", "invariant")], "keeps its verdicts in 0 of 1 cases"),
    ],
)
def test_the_sentence_of_figure_4_is_true_of_few_edits(team, given, words):
    report, _ = report_of_given(team, given)
    assert words in report["figures"]["steer_tests"]["sentence"]


@pytest.mark.django_db
def test_figure_4_says_what_is_still_to_come(team):
    report, _ = report_of_given(team, [steered(0, 0, "0110") for _ in range(5)])
    figure = report["figures"]["steer_tests"]
    assert (figure["status"], figure["needs"]) == ("none", 15)
    assert "2 of 3 criteria with 5 edits each are missing" in figure["sentence"]


@pytest.mark.django_db
def test_a_trick_that_pays_nothing_is_said_to(team):
    given = [Given(it, 4, ANSWERS[4][1]) for it in ("stuffing", "padding")]
    report, _ = report_of_given(team, given)
    figure = report["figures"]["probes"]
    assert figure["status"] == "ok"
    assert figure["sentence"] == "No trick pays: the best of 2 probes gains nothing."


@pytest.mark.django_db
def test_the_page_shows_the_figures_and_leads_into_the_data(client, alice, team):
    question, run = grade(team, [*clean(), Given("stuffing", 4, "0010", put_in="sildenafil")])
    client.force_login(alice)
    page = client.get(f"/q/{question.pk}/steering?run={run.pk}").content.decode()
    for number in (4, 5, 10):
        assert f'id="figure-{number}"' in page
    assert "<mark>sildenafil</mark>" in page
    probe = run.run_answers.order_by("-ordinal").first().answer_id
    assert f"answer={probe}" in page
