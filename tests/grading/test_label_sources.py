import pytest

from rubric_studio.grading.label_sources import source_of, sources_of
from rubric_studio.grading.labelling.adjudicating import settle, unsettle
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Label
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.scores import scores_of
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run

SHORT = {"kind": "length", "unit": "words", "at_most": 50}


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", "Names the dose")


@pytest.fixture
def answer(question):
    return make_answers(question, "Call now.")[0]


@pytest.fixture
def run(question, answer, alice):
    return make_run(question)


@pytest.fixture
def keys(run):
    return [it.key for it in document_of(run).criteria]


def score_from(run, source):
    [scored] = scores_of(run, verdicts_from=source_of(run, source).verdicts_from)
    return scored.score.value


def test_adjudicated_is_what_was_settled_and_else_what_experts_agree_on(
    run, answer, keys, rita, olga, alice
):
    for user, verdicts in [(rita, ["met", "met"]), (olga, ["met", "unmet"])]:
        for key, verdict in zip(keys, verdicts, strict=True):
            set_label(answer, key, user, verdict=verdict)
    assert score_from(run, "adjudicated") is None
    assert score_from(run, "labels") == 0.75
    settle(answer, keys[1], alice, verdict="unmet", note="No number is given.")
    assert score_from(run, "adjudicated") == 0.5
    assert score_from(run, "labels") == 0.75
    assert Label.objects.current().count() == 4
    unsettle(answer, keys[1])
    assert score_from(run, "adjudicated") is None


def test_each_expert_is_a_source_of_their_own(run, answer, keys, rita, olga):
    for key in keys:
        set_label(answer, key, rita, verdict="met")
        set_label(answer, key, olga, verdict="unmet")
        Label.objects.create(
            answer=answer,
            criterion_key=key,
            author=olga,
            imported_from="Dr Brought",
            status="graded",
            value=1,
            grading_hash=Label.objects.get(author=rita, criterion_key=key).grading_hash,
            answer_hash=Label.objects.get(author=rita, criterion_key=key).answer_hash,
        )
    found = {it.name: it for it in sources_of(run)}
    assert [*found] == ["All experts together", "Adjudicated labels", "Dr Brought", "Olga", "Rita"]
    assert score_from(run, found["Rita"].key) == 1.0
    assert score_from(run, found["Olga"].key) == 0.0
    assert score_from(run, found["Dr Brought"].key) == 1.0
    assert found["Rita"].labels == 2


def test_what_was_settled_under_an_older_wording_holds_no_more(
    question, answer, run, keys, rita, alice
):
    settle(answer, keys[0], alice, verdict="met", note="It does.")
    settle(answer, keys[1], alice, verdict="met", note="It does.")
    set_label(answer, keys[0], rita, verdict="met")
    criterion = question.criteria.get(key=keys[0])
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Explains every risk")
    assert score_from(run, "adjudicated") == 1.0
    later = make_run(question)
    assert score_from(later, "adjudicated") is None


def test_doubt_beside_a_verdict_does_not_count_and_alone_nothing_holds(
    run, answer, keys, rita, olga
):
    for key in keys:
        set_label(answer, key, rita, verdict="cannot_assess")
    set_label(answer, keys[0], olga, verdict="met")
    [scored] = scores_of(run, verdicts_from="adjudicated")
    assert (scored.score.value, float(scored.score.coverage)) == (None, 0.5)


def test_programs_decide_their_criteria_whoever_labels_the_rest(team, alice, rita):
    question = make_rubric(team, "Explains the risks", {"text": "Is short", "check": SHORT})
    [answer] = make_answers(question, "Call now.")
    run = make_run(question)
    key = document_of(run).criteria[0].key
    set_label(answer, key, rita, verdict="met")
    run.grades.filter(is_check=True).update(status="graded", value=1)
    assert score_from(run, f"expert-{rita.pk}") == 1.0
    assert score_from(run, "adjudicated") == 1.0


def test_a_run_that_nobody_labelled_has_no_such_source(run):
    assert sources_of(run) == ()
    assert source_of(run, "labels") is None
