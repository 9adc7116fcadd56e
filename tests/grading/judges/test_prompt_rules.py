import pytest
from django.db import DatabaseError, connection, transaction

from rubric_studio.engine.judging.prompt import (
    MOST_RULES,
    PROMPT_VERSION,
    STANDARD_RULES,
    prompt_version,
)
from rubric_studio.grading.judges.prompt_rules import change_rules, history_of, wording_of
from rubric_studio.grading.models import PromptRules
from rubric_studio.rubrics.editing import InvalidEdit
from tests.cast import make_rubric, make_team
from tests.grading_cast import make_answers, make_run, statuses, work

pytestmark = pytest.mark.django_db
OWN = "- Be strict: a hint is not a statement."


def problems_of(*arguments):
    with pytest.raises(InvalidEdit) as refused:
        change_rules(*arguments)
    return [it.pointer for it in refused.value.problems]


def test_a_team_begins_with_the_standard_rules(team):
    wording = wording_of(team)
    assert (wording.text, wording.words, wording.version) == ("", STANDARD_RULES, PROMPT_VERSION)
    assert history_of(team) == []


def test_every_change_is_another_row_and_the_way_back_is_one_too(team, alice):
    change_rules(team, alice, OWN, "Hints got credit.", 0)
    assert wording_of(team).words == OWN
    assert wording_of(team).version.startswith(f"{PROMPT_VERSION}+")
    change_rules(team, alice, STANDARD_RULES + "\r\n", "", 1)
    assert wording_of(team).version == PROMPT_VERSION
    assert [(it.number, it.text, it.note, it.created_by) for it in history_of(team)] == [
        (2, "", "", alice),
        (1, OWN, "Hints got credit.", alice),
    ]
    assert wording_of(make_team()).text == ""


@pytest.mark.parametrize("change", ["UPDATE {} SET text = 'x'", "DELETE FROM {}"])
def test_what_was_once_asked_by_can_be_read_for_ever(team, alice, change):
    change_rules(team, alice, OWN, "", 0)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format("grading_promptrules"))
    assert wording_of(team).words == OWN


@pytest.mark.parametrize(
    "text, note, place",
    [
        ("x" * (MOST_RULES + 1), "", "/text"),
        ("a\0b", "", "/text"),
        ("\x1b[2J", "", "/text"),
        ("", "", "/text"),
        (STANDARD_RULES, "", "/text"),
        (OWN, "n" * 201, "/note"),
        (OWN, "two\nlines", "/note"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_where_it_was_given(team, alice, text, note, place):
    assert problems_of(team, alice, text, note, 0) == [place]
    assert not PromptRules.objects.exists()


def test_a_change_over_somebody_elses_is_refused(team, alice):
    change_rules(team, alice, OWN, "", 0)
    assert problems_of(team, alice, "- Be lenient.", "", 0) == [""]
    assert wording_of(team).words == OWN


def test_a_run_keeps_the_rules_that_it_began_with_and_the_judge_gets_them(
    team, alice, judge, scripted_judge
):
    question = make_rubric(team, "Says to call")
    make_answers(question, "Call now.", "Wait.")
    standard = work(make_run(question, judge))
    assert (standard.prompt_version, standard.prompt_rules) == (PROMPT_VERSION, None)
    scripted_judge.reset()

    row = change_rules(team, alice, OWN, "", 0)
    run = make_run(question, judge)
    change_rules(team, alice, "- Be lenient.", "", 1)
    run = work(run)
    assert (run.prompt_version, run.prompt_rules) == (prompt_version(OWN), row)
    assert statuses(run) == {"graded": 2}
    systems = [it["body"]["messages"][0]["content"] for it in scripted_judge.requests()]
    assert len(systems) == 2
    assert all(OWN in it and STANDARD_RULES not in it for it in systems)


def test_other_rules_are_asked_anew_and_the_same_ones_are_known(team, alice, judge, scripted_judge):
    question = make_rubric(team, "Says to call", "Names the signs")
    make_answers(question, "Call now.")
    work(make_run(question, judge))
    scripted_judge.reset()
    change_rules(team, alice, OWN, "", 0)
    work(make_run(question, judge))
    assert scripted_judge.stats()["calls"] == 2
    change_rules(team, alice, "", "", 1)
    back = make_run(question, judge)
    assert back.grades.filter(reused=True).count() == 2
    change_rules(team, alice, OWN, "", 2)
    again = make_run(question, judge)
    assert again.grades.filter(reused=True).count() == 2
    assert scripted_judge.stats()["calls"] == 2
