import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rubric_studio.grading.answers.editing import add_answer, edit_answer
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Run, SampleAnswer
from tests.cast import make_collection, make_question, make_rubric
from tests.grading.answers.desk import FORM, groups_of, page_of
from tests.grading_cast import make_answers, make_run
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(team):
    return make_question(make_collection(team))


def test_answers_stand_by_tier_then_those_without_one_then_probes(at_desk, question, alice):
    for tier, origin in [
        (1, "model"),
        (3, "expert"),
        (None, "model"),
        (2, "model"),
        (3, "probe"),
        (5, "model"),
        (3, "model"),
    ]:
        add_answer(question, alice, text="Call.", tier=tier, origin=origin)
    groups = groups_of(page_of(at_desk, "answers", question))
    assert list(groups.items()) == [
        ("Tier 5", ["F"]),
        ("Strong", ["B", "G"]),
        ("Acceptable", ["D"]),
        ("Weak", ["A"]),
        ("No tier stated", ["C"]),
        ("Probes", ["E"]),
    ]


def test_many_probes_stand_folded(at_desk, question, alice):
    for _ in range(7):
        add_answer(question, alice, text="Call.", origin="probe")
    html = page_of(at_desk, "answers", question).text
    assert '<details class="card">' in html
    assert 'Probes <span class="count">7</span>' in html


def test_a_row_says_who_wrote_it_how_long_it_is_and_what_is_expected(at_desk, question, alice):
    add_answer(
        question,
        alice,
        name="Short and safe",
        text="Call an ambulance\nnow, <b>please</b>.",
        origin="model",
        model="qwen3-32b",
        band=(-0.2, 0.5),
        anchor="worst_acceptable",
    )
    page = page_of(at_desk, "answers", question)
    said = words_of(page)
    assert "Short and safe" in said
    assert "Model, qwen3-32b" in said
    assert "5 words" in said
    assert "−0.20 to 0.50" in said
    assert "Worst acceptable" in said
    assert b"&lt;b&gt;please" in page.content


def test_a_transcript_is_read_turn_by_turn(at_desk, question, alice):
    chat = [
        {"role": "user", "content": "It hurts."},
        {"role": "assistant", "content": [{"type": "text", "text": "Where does it hurt?"}]},
    ]
    answer = add_answer(question, alice, messages=chat)
    for page in (page_of(at_desk, "answers", question), page_of(at_desk, "answer", answer)):
        assert "2 messages" in words_of(page)
        assert "It hurts." in words_of(page)
        assert "Where does it hurt?" in words_of(page)


def test_a_long_answer_is_cut_in_the_list_and_whole_on_its_page(at_desk, question, alice):
    answer = add_answer(question, alice, text="word " * 3000 + "at last")
    chat = add_answer(question, alice, messages=[{"role": "user", "content": "x" * 9000}])
    page = page_of(at_desk, "answers", question)
    assert b"at last" not in page.content
    assert reverse("answer", args=[answer.pk]).encode() in page.content
    assert reverse("answer", args=[chat.pk]).encode() in page.content
    assert b"at last" in page_of(at_desk, "answer", answer).content


def test_an_empty_page_says_what_is_missing_and_offers_it(at_desk, question):
    page = page_of(at_desk, "answers", question)
    assert "Six to eight answers in three tiers tell most; five are the least." in words_of(page)
    assert reverse("answer-add", args=[question.pk]).encode() in page.content
    assert reverse("answers-upload", args=[question.pk]).encode() in page.content


@pytest.mark.parametrize(
    "tiers, missing",
    [
        ([3], "4 more answers with a tier, and the order can be tested."),
        (
            [3, 2, 1, None],
            "2 more answers with a tier, and the order can be tested; 1 has none yet.",
        ),
        ([3, 3, 3, 3, 3], "All answers are of one tier."),
        ([3, 3, 3, 1, 1], "A third tier would tell more"),
        ([3, 3, 2, 1, 1], ""),
    ],
)
def test_too_few_answers_are_counted(at_desk, question, alice, tiers, missing):
    for tier in tiers:
        add_answer(question, alice, text="Call.", tier=tier)
    page = page_of(at_desk, "answers", question)
    assert page.context["gathered"].missing.startswith(missing)
    assert missing in words_of(page)


def test_a_page_takes_the_same_few_queries_at_any_number(at_desk, question, alice):
    make_answers(question, *(f"Answer {number}" for number in range(3)), tier=2)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page_of(at_desk, "answers", question)
    make_answers(question, *(f"Answer {number}" for number in range(150)), tier=1, origin="probe")
    with CaptureQueriesContext(connection) as many:
        page = page_of(at_desk, "answers", question)
    assert len(many) == len(few) <= 12
    assert "1 to 100 of 153" in words_of(page)
    second = at_desk.get(reverse("answers", args=[question.pk]), {"page": 2})
    assert sum(len(it.answers) for it in second.context["groups"]) == 53


def test_the_page_tells_whether_the_expectation_was_stated_before_grading(at_desk, team, alice):
    question = make_rubric(team, "Says to call")
    key = question.criteria.get().key
    for name in ("early", "late", "silent"):
        add_answer(question, alice, name=name, text="Call.", tier=3 if name == "early" else None)
    ungraded = "Not graded yet"
    assert ungraded in words_of(page_of(at_desk, "answers", question))
    for answer in question.answers.all():
        set_label(answer, key, alice, verdict="met")
    run = make_run(question)
    assert run.finished_at is not None
    at_desk.get(run.get_absolute_url())
    late = question.answers.get(name="late")
    edit_answer(late, alice, tier=1)

    page = page_of(at_desk, "answers", question)
    stated = {
        row.answer.name: row.stated for group in page.context["groups"] for row in group.answers
    }
    assert stated == {"early": "before", "late": "after", "silent": ""}
    assert "Stated after grades were seen" in words_of(page)
    assert "Stated before grades were seen" in words_of(page)
    assert "Stated after grades were seen" in words_of(page_of(at_desk, "answer", late))


def test_a_run_that_is_under_way_has_shown_nothing_to_the_expectation(at_desk, team, alice):
    question = make_rubric(team, "Says to call")
    answer = add_answer(question, alice, text="Call.", tier=3)
    set_label(answer, question.criteria.get().key, alice, verdict="met")
    run = make_run(question)
    Run.objects.filter(pk=run.pk).update(finished_at=None)
    edit_answer(answer, alice, tier=2)
    page = page_of(at_desk, "answers", question)
    assert page.context["groups"][0].answers[0].stated == "ungraded"


READS = ["answers", "answers-trash"]


WRITES = ["answer-add", "answers-upload"]


ANSWER_WRITES = ["answer-edit", "answer-delete", "answer-restore"]


def test_a_reader_reads_and_may_not_write(client, question, alice, bob):
    answer = add_answer(question, alice, text="Call.")
    client.force_login(bob)
    for name in READS:
        page = page_of(client, name, question)
        assert page.status_code == 200
        assert reverse("answer-add", args=[question.pk]).encode() not in page.content
        assert reverse("answer-edit", args=[answer.pk]).encode() not in page.content
    assert page_of(client, "answer", answer).status_code == 200
    for name in WRITES:
        assert client.post(reverse(name, args=[question.pk]), FORM).status_code == 403
    for name in ANSWER_WRITES:
        assert client.post(reverse(name, args=[answer.pk]), FORM).status_code == 403
    assert SampleAnswer.objects.live().get().text == "Call."


def test_an_outsider_finds_nothing(client, question, alice, charlie):
    answer = add_answer(question, alice, text="Call.")
    client.force_login(charlie)
    for name in READS + WRITES:
        assert page_of(client, name, question).status_code == 404
    for name in ANSWER_WRITES:
        assert client.post(reverse(name, args=[answer.pk]), FORM).status_code == 404
    assert page_of(client, "answer", answer).status_code == 404


def test_nobody_comes_in_without_signing_in(client, question):
    page = page_of(client, "answers", question)
    assert page.status_code == 302
    assert page["Location"].startswith(reverse("sign-in"))


def test_wrong_methods_are_refused(at_desk, question, alice):
    answer = add_answer(question, alice, text="Call.")
    for name in READS:
        assert at_desk.post(reverse(name, args=[question.pk])).status_code == 405
    for name in ("answer-delete", "answer-restore"):
        assert page_of(at_desk, name, answer).status_code == 405
    for name in WRITES:
        assert at_desk.put(reverse(name, args=[question.pk])).status_code == 405
