"""Whatever labels and runs a collection has: page and REST stand, and make up no number."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils.timezone import now

from rubric_studio.accounts.models import ApiToken
from rubric_studio.grading.models import Run
from tests.api.conftest import ApiClient
from tests.steering.collection.labelled import judge_again, make_labelled
from tests.steering.planted.collection import CLEAN, TIERS, Planted
from tests.steering.planted.experts import label, make_experts

pytestmark = pytest.mark.django_db

NO_NUMBERS = re.compile(r"\b(nan|inf|infinity|NaN|None|null|undefined)\b")
MORE = "would show how much of that is more than luck."
SECOND = "A second expert on the same cells would show how far experts agree."


def all_cells(verdicts):
    return Planted(tuple((text, points, verdicts) for text, points, _ in CLEAN.criteria), TIERS)


def no_expert(team):
    return make_labelled(team, questions=1, experts=0)


def one_expert(team):
    return make_labelled(team, questions=1, experts=1)


def one_label(team):
    collection, [run] = no_expert(team)
    label(run.question, make_experts(team, 1), 0, "1-------")
    return collection, [run]


def one_question(team):
    return make_labelled(team, questions=1)


def all_met(team):
    return make_labelled(team, planted=all_cells("1" * 8))


def none_met(team):
    return make_labelled(team, planted=all_cells("0" * 8))


def judge_says_the_opposite(team):
    turned = {
        f"c{place}": verdicts.translate({48: "1", 49: "0"})
        for place, (_, _, verdicts) in enumerate(CLEAN.criteria)
    }
    return make_labelled(team, **turned)


def judge_without_a_verdict(team):
    collection, runs = make_labelled(team)
    for run in runs:
        run.grades.update(status="failed", value=None)
    return collection, runs


def experts_on_other_cells(team):
    collection, [run] = no_expert(team)
    first, second = make_experts(team, 2)
    for place in range(8):
        label(run.question, [first], place, "1100----")
        label(run.question, [second], place, "----0011")
    return collection, [run]


def only_cannot_tell(team):
    collection, [run] = no_expert(team)
    label(run.question, make_experts(team, 2), 0, "????????")
    return collection, [run]


def no_finished_run(team):
    collection, runs = one_question(team)
    Run.objects.update(status="running")
    return collection, runs


def answers_in_the_trash(team):
    collection, runs = make_labelled(team)
    for run in runs:
        run.question.answers.update(deleted_at=now())
    return collection, runs


def questions_in_the_trash(team):
    collection, runs = make_labelled(team)
    collection.questions.update(deleted_at=now())
    return collection, runs


def a_judge_of_few_cells_beside_one_of_many(team):
    collection, [run] = one_question(team)
    other = judge_again(run, "Hasty")
    other.grades.exclude(run_answer__ordinal=0).update(status="failed", value=None)
    return collection, [run]


CASES = {
    no_expert: "No expert has labelled an answer of this collection yet.",
    one_expert: SECOND,
    one_label: "29 more pairs " + MORE,
    one_question: "Your experts reach 1.00 with each other",
    all_met: "all are alike, so nothing shows whether that is more than luck.",
    none_met: "all are alike, so nothing shows whether that is more than luck.",
    judge_says_the_opposite: "0 of 256 verdicts, which is no better than luck.",
    judge_without_a_verdict: "has no verdict on a cell that an expert labelled",
    experts_on_other_cells: "No two experts share 30 cells",
    only_cannot_tell: "has no verdict on a cell that an expert labelled",
    no_finished_run: "No judge has graded a labelled answer of this collection yet.",
    answers_in_the_trash: "No expert has labelled an answer of this collection yet.",
    questions_in_the_trash: "No expert has labelled an answer of this collection yet.",
    a_judge_of_few_cells_beside_one_of_many: "say the same on 128 of 128 verdicts",
}


class Words(HTMLParser):
    """What a reader sees, or hears of a picture; places in a picture have to be numbers."""

    def __init__(self):
        super().__init__()
        self.words = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.words += [given[it] for it in ("aria-label", "title") if given.get(it)]
        for name in ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height", "r"):
            if name in given:
                assert re.fullmatch(r"-?[\d.]+(e-\d+)?%?", given[name]), (tag, given)

    def handle_data(self, words):
        self.words.append(words)


def read_page(client, user, collection, **query):
    client.force_login(user)
    response = client.get(reverse("collection-agreement", args=[collection.slug]), query)
    assert response.status_code == 200
    reader = Words()
    reader.feed(response.content.decode())
    words = " ".join(" ".join(reader.words).split())
    found = NO_NUMBERS.search(words)
    assert not found, words[max(found.start() - 80, 0) : found.end() + 40]
    return words


def read_rest(user, collection):
    _, secret = ApiToken.issue(user, "test", ["rubrics:read"])
    response = ApiClient(secret).get(f"collections/{collection.slug}/agreement")
    assert response.status_code == 200
    # What JSON has no word for is refused rather than read.
    return json.loads(response.content, parse_constant=lambda it: pytest.fail(it))


@pytest.mark.parametrize("made", CASES)
def test_the_page_stands_and_says_what_is_missing(made, client, team, alice):
    collection, _ = made(team)
    words = read_page(client, alice, collection)
    assert CASES[made] in words
    read_page(client, alice, collection, judge="nobody", page="99")
    found = read_rest(alice, collection)
    assert found["labels"] or found["judges"] == []


@pytest.mark.parametrize("made", CASES)
def test_no_number_is_given_below_its_minimum(made, team, alice):
    found = read_rest(alice, made(team)[0])
    experts = found["between_experts"]
    for it in [*found["judges"], *experts["pairs"], *found["between_judges"]]:
        if it["n"] < 30:
            assert {it["kappa"], it["ac1"], it["macro_f1"]} == {None}
        if not it["n"]:
            assert (it["raw"], it["bias"]) == (None, None)
    if not experts["n"]:
        assert (experts["alpha"], experts["interval"], experts["kappa_range"]) == (None,) * 3


@pytest.mark.parametrize("made", [one_label, only_cannot_tell])
def test_a_table_without_a_rater_is_not_shown(made, client, team, alice):
    collection, _ = made(team)
    Run.objects.update(status="running")
    assert "Macro-F1 Bias" not in read_page(client, alice, collection)


def test_labels_that_are_all_alike_carry_no_kappa(client, team, alice):
    collection, _ = all_met(team)
    [judge] = read_rest(alice, collection)["judges"]
    assert (judge["raw"], judge["kappa"], judge["kappa_interval"]) == (1, None, None)
    assert "alpha of the experts is not known" in read_page(client, alice, collection)
