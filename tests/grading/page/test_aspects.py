"""The grading page read by what of an agent's work its criteria are about."""

import re
from fractions import Fraction

import pytest
from django.urls import reverse

from rubric_studio.engine.document.types import Criterion, Document, Message, Question, Section
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.aspects import aspect_of, aspects_document, by_aspect
from rubric_studio.rubrics.outline import outline_of
from tests.browser import check_look
from tests.cast import make_criterion, make_rubric, make_section
from tests.grading_cast import make_answers, make_run, work

AGENT = [
    {"text": "Books the flight", "points": 5, "tags": ["aspect:goal"]},
    {"text": "Searches before it books", "points": 3, "tags": ["x", "aspect:tool use"]},
    {"text": "Pays twice", "points": -4, "tags": ["aspect:Tool-use"]},
    {"text": "Is polite", "points": 1, "tags": ["aspect:tone"]},
    {"text": "Is short", "points": 1},
]


def criterion(key, points=1, tags=(), **fields):
    return Criterion(key=key, text=key, points=points, tags=tags, **fields)


def document(*criteria, sections=()):
    return Document(Question("q", (Message("user", "?"),)), tuple(sections), criteria)


def test_each_criterion_stands_once_under_its_first_aspect_and_keeps_its_number():
    made = document(
        criterion("a", tags=("aspect:planning", "aspect:goal")),
        criterion("b"),
        criterion("c", tags=("aspect:goal",)),
        criterion("d", tags=("aspect:zeal",)),
        criterion("e", tags=("aspect:",)),
    )
    groups = by_aspect(outline_of(made)).groups
    shown = [(it.section.title, [entry.number for entry in it.entries]) for it in groups]
    assert shown == [("Goal", [3]), ("Planning", [1]), ("Zeal", [4]), ("No aspect", [2, 5])]
    assert len({it.key for it in groups}) == 4


@pytest.mark.parametrize("tag", ["aspect:tool use", "aspect:tool-use", "Aspect:Tool_Use "])
def test_one_aspect_may_be_written_in_several_ways(tag):
    assert aspect_of(criterion("a", tags=("other", tag))) == "tool use"


def test_points_of_an_aspect_know_no_caps_of_sections_but_what_criteria_require():
    from rubric_studio.engine.document.scoring import section_points

    made = document(
        criterion("a", 4, ("aspect:goal",), section="s"),
        criterion("b", 6, ("aspect:goal",), section="s", requires=("c",)),
        criterion("c", 1),
        sections=[Section("s", "S", cap=2)],
    )
    whole = aspects_document(by_aspect(outline_of(made)))
    points = section_points(whole, {"a": 1, "b": 1, "c": 0})["aspect-1"]
    assert (points.earned, points.possible) == (Fraction(4), Fraction(10))


@pytest.fixture
def run(team, judge, scripted_judge):
    scripted_judge.answer_with(lambda criterion, answer: "met" if "met" in answer else "unmet")
    question = make_rubric(team)
    section = make_section(question, "Booking")
    for fields in AGENT:
        make_criterion(question, section=section.key, **fields)
    make_answers(question, "All met.", "None.")
    return work(make_run(question, judge))


def test_the_page_by_aspect_shows_points_and_score_of_each_for_every_answer(client, run, bob):
    client.force_login(bob)
    page = client.get(reverse("grade", args=[run.question_id]), {"run": run.pk, "by": "aspect"})
    text = page.content.decode()
    titles = [it.title for it in page.context["matrix"].groups]
    assert titles == ["Goal", "Tool use", "Tone", "No aspect"]
    sums = dict(re.findall(r'id="sum-(aspect-\d-[AB])">([^<]*)<', text))
    assert sums["aspect-1-A"] == "+5 · 1.00"
    assert sums["aspect-2-A"] == "−1 · −0.33"
    assert sums["aspect-2-B"] == "0 · 0.00"
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    by_section = client.get(reverse("grade", args=[run.question_id]), {"run": run.pk})
    assert [it.title for it in by_section.context["matrix"].groups] == ["Booking"]
    scores = [
        [column.score for column in it.context["matrix"].columns] for it in (page, by_section)
    ]
    assert scores[0] == scores[1]
    assert "by=aspect" in by_section.content.decode()


def test_links_of_the_page_stay_with_the_aspects(client, run, bob, rita):
    client.force_login(rita)
    key = document_of(run).criteria[2].key
    asked = {"run": run.pk, "by": "aspect", "cell": f"A.{key}"}
    text = client.get(reverse("grade", args=[run.question_id]), asked).content.decode()
    links = re.findall(r'class="chip" href="(\?run=[^"]*only=[^"]*)"', text)
    assert len([it for it in links if "by=aspect" in it]) >= 6
    assert '<input type="hidden" name="by" value="aspect">' in text
    steps = re.findall(r'data-step="up" data-to="([^"]+)"', text)
    assert steps == [f"A.{document_of(run).criteria[1].key}"]
    nonsense = {**asked, "by": "colour"}
    text = client.get(reverse("grade", args=[run.question_id]), nonsense).content.decode()
    assert 'name="by" value="section"' in text


def test_a_rubric_without_aspects_offers_no_switch(client, team, judge, bob):
    question = make_rubric(team, "Explains the risks")
    make_answers(question, "Call.")
    run = make_run(question, judge)
    client.force_login(bob)
    page = client.get(reverse("grade", args=[question.pk]), {"run": run.pk})
    assert "By aspect" not in page.content.decode()


@pytest.mark.parametrize("by", ["section", "aspect"])
def test_reading_by_aspect_takes_no_more_queries(
    client, run, bob, by, django_assert_max_num_queries
):
    client.force_login(bob)
    with django_assert_max_num_queries(22):
        client.get(reverse("grade", args=[run.question_id]), {"run": run.pk, "by": by})


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_chip_puts_an_aspect_among_the_tags_and_the_page_is_read_by_it(
    signed_in_page, alice, run
):
    page = signed_in_page(alice)
    row = run.question.criteria.get(text="Is short")
    page.goto(f"{reverse('write', args=[run.question_id])}?open={row.pk}")
    page.get_by_text("section, tags, source").click()
    chip = page.get_by_role("button", name="aspect:planning")
    chip.click()
    assert chip.get_attribute("aria-pressed") == "true"
    assert page.locator("[name=tags]").input_value() == "aspect:planning"
    chip.click()
    page.get_by_role("button", name="aspect:goal").click()
    assert page.locator("[name=tags]").input_value() == "aspect:goal"
    page.get_by_text("Saved", exact=False).first.wait_for()
    page.wait_for_function(
        "() => document.querySelector('#save-state')?.textContent.includes('Saved')"
    )
    row.refresh_from_db()
    assert row.tags == ["aspect:goal"]
    page.goto(run.get_absolute_url())
    page.get_by_role("link", name="By aspect").click()
    page.get_by_text("Tool use").first.wait_for()
    check_look(page)
