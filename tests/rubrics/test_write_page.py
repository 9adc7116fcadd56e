import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rubric_studio.engine.document.types import Criterion, Document, Message, Question, Section
from rubric_studio.engine.formats import Imported, ImportedQuestion
from rubric_studio.rubrics.importing import import_questions
from tests.cast import make_answer, make_collection, make_criterion, make_rubric, make_section
from tests.rubrics.pages import page

BUDGET = 15


def big_question(team, user, criteria):
    document = Document(
        Question(key=f"big-{criteria}", messages=(Message("user", "What now?"),)),
        tuple(Section(key=f"s-{n}", title=f"Section {n}") for n in range(5)),
        tuple(
            Criterion(
                key=f"c-{n}",
                text=f"Says what to do about danger {n}, in words a lay reader knows.",
                points=n % 9 + 1 if n % 7 else -4,
                section=f"s-{n % 5}",
                tags=("axis:accuracy",),
                guard=n % 11 == 0,
            )
            for n in range(criteria)
        ),
    )
    imported = Imported((ImportedQuestion(document, ()),), ())
    return import_questions(make_collection(team), user, imported)[0]


def many_questions(team, user, number):
    """A collection of questions without criteria."""
    collection = make_collection(team)
    documents = [Document(Question(f"q-{n}", (Message("user", "?"),))) for n in range(number)]
    imported = Imported(tuple(ImportedQuestion(it, ()) for it in documents), ())
    import_questions(collection, user, imported)
    return collection


def write(client, question, **query):
    return client.get(reverse("write", args=[question.pk]), query)


def test_rubric_is_read_section_by_section_with_its_sums(client, team, alice):
    client.force_login(alice)
    question = make_rubric(team, "Under no heading.")
    second, first = make_section(question, "Second"), make_section(question, "First")
    make_criterion(question, "In first.", points=8, section=first.key)
    make_criterion(question, "In second.", points=-2, section=second.key, gate={"cap": 0})

    html = page(write(client, question))

    order = [html.index(text) for text in ("Under no heading.", "In second.", "In first.")]
    assert order == sorted(order)
    assert "+13" in html
    assert "53 % of weight" in html
    assert "veto" in html


def test_empty_draft_says_what_to_do(client, team, alice):
    client.force_login(alice)

    assert "No criteria yet" in page(write(client, make_rubric(team)))


def test_reader_sees_no_way_to_write(client, team, alice, bob):
    question = make_rubric(team, "Explains the risks.")
    client.force_login(bob)

    html = page(write(client, question))

    assert "Explains the risks." in html
    assert reverse("criterion-add", args=[question.pk]) not in html
    assert reverse("publish", args=[question.pk]) not in html


def test_question_reference_and_answers_are_beside_the_criteria(client, team, alice):
    client.force_login(alice)
    question = make_rubric(team, asked="What is <b>this</b>?", reference="Call now.")
    make_answer(question, "Sit down.", name="Careful", tier=3)

    html = page(write(client, question))

    assert "What is &lt;b&gt;this&lt;/b&gt;?" in html
    assert "Call now." in html
    assert "Sit down." in html


@pytest.mark.parametrize("opened", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_open_of_nothing_is_not_found(client, team, alice, opened):
    client.force_login(alice)

    assert write(client, make_rubric(team), open=opened).status_code == 404


@pytest.mark.parametrize("criteria", [50, 500])
def test_page_keeps_to_its_budget_of_queries(client, team, alice, criteria):
    client.force_login(alice)
    question = big_question(team, alice, criteria)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = write(client, question)

    assert response.status_code == 200
    assert len(queries) <= BUDGET


def test_import_keeps_order_sections_and_fields(team, alice):
    from rubric_studio.rubrics.draft import draft_document

    question = big_question(team, alice, 12)

    document = draft_document(question)
    assert [it.key for it in document.criteria] == [f"c-{n}" for n in range(12)]
    assert document.criteria[3].section == "s-3"
    assert [it.title for it in document.sections][:2] == ["Section 0", "Section 1"]


def test_a_criterion_opens_by_its_key(client, team, alice):
    question = big_question(team, alice, 3)
    criterion = question.criteria.first()
    client.force_login(alice)
    page = client.get(f"/q/{question.pk}/", {"criterion": criterion.key})
    assert f'id="c-{criterion.pk}" data-criterion="{criterion.pk}" data-number' in page.text
    assert client.get(f"/q/{question.pk}/", {"criterion": "c-none"}).status_code == 200
