import pytest
from django.urls import reverse

from rubric_studio.grading.answers.comparisons import compare_answers, in_force, withdraw_last
from rubric_studio.grading.answers.editing import delete_answer
from rubric_studio.grading.answers.pairing import comparing
from rubric_studio.grading.models import Comparison
from tests.cast import make_rubric
from tests.grading_cast import make_answers

WORTH = {"worst": 0, "poor": 1, "fair": 2, "good": 3, "better": 4, "best": 5}


@pytest.fixture
def question(team):
    found = make_rubric(team, "Explains the risks")
    make_answers(found, "fair", "best", "worst", "good", "poor", "better")
    return found


def choose_all(client, question):
    """Choose by what the answers are worth, over HTTP, until nothing is asked."""
    page = client.get(reverse("comparisons", args=[question.pk]))
    for _ in range(30):
        if page.context["state"].pair is None:
            return page
        left, right = page.context["left"], page.context["right"]
        choice = "left" if WORTH[left.text] > WORTH[right.text] else "right"
        given = {"left": left.pk, "right": right.pk, "choice": choice}
        page = client.post(reverse("comparison-choose", args=[question.pk]), given, follow=True)
    raise AssertionError("It asks without an end.")


def test_choices_become_the_tiers_of_the_answers(client, alice, question):
    client.force_login(alice)
    choose_all(client, question)
    assert Comparison.objects.count() <= 11
    client.post(reverse("comparison-tiers", args=[question.pk]), {"expert": alice.pk})
    answers = list(question.answers.all())
    assert {it.text: it.tier for it in answers} == {it: n + 1 for it, n in WORTH.items()}
    assert all(it.expected_at and it.revision == 2 for it in answers)


def test_tiers_wait_for_a_whole_order(client, alice, question):
    client.force_login(alice)
    sent = {"expert": alice.pk}
    said = client.post(reverse("comparison-tiers", args=[question.pk]), sent, follow=True)
    assert "Choose between the remaining pairs first" in said.content.decode()
    assert not question.answers.exclude(tier=None).exists()


def test_the_page_tells_no_tier_no_name_and_no_colleagues_choice(client, alice, rita, question):
    answers = list(question.answers.all())
    question.answers.update(tier=3, name="Known to be strong")
    compare_answers(answers[0], answers[1], rita)
    client.force_login(alice)
    page = client.get(reverse("comparisons", args=[question.pk]))
    said = page.content.decode()
    assert "Known to be strong" not in said
    assert "Rita" not in said
    assert page.context["state"].mine.chosen == 0


def test_an_undone_choice_is_asked_again_and_stays_in_the_rows(client, alice, question):
    client.force_login(alice)
    first = comparing(question, alice).pair
    answers = question.answers.in_bulk(first)
    compare_answers(answers[first[0]], answers[first[1]], alice)
    client.post(reverse("comparison-undo", args=[question.pk]))
    assert comparing(question, alice).pair == first
    assert list(Comparison.objects.values_list("is_withdrawn", flat=True)) == [False, True]


def test_undoing_twice_takes_back_the_two_last(alice, question):
    a, b, c, *_ = question.answers.all()
    for better, worse in ((a, b), (b, c)):
        compare_answers(better, worse, alice)
    withdraw_last(question, alice)
    withdraw_last(question, alice)
    assert in_force(Comparison.objects.all()) == []


def test_a_choice_of_a_deleted_answer_is_left_out(client, alice, question):
    client.force_login(alice)
    choose_all(client, question)
    delete_answer(question.answers.get(text="fair"), alice)
    assert choose_all(client, question).context["state"].mine.done.is_whole


def test_a_later_answer_asks_at_most_three_more(client, alice, question):
    client.force_login(alice)
    choose_all(client, question)
    before = Comparison.objects.count()
    make_answers(question, "fair")
    choose_all(client, question)
    assert 0 < Comparison.objects.count() - before <= 3


def test_a_skipped_pair_gives_way_to_another(client, alice, question):
    client.force_login(alice)
    left, right = comparing(question, alice).pair
    given = {"left": left, "right": right, "choice": "skip"}
    page = client.post(reverse("comparison-choose", args=[question.pk]), given, follow=True)
    assert page.context["state"].pair not in {(left, right), (right, left)}
    assert not Comparison.objects.exists()


@pytest.mark.parametrize("count", [0, 1])
def test_it_takes_two_answers(client, alice, team, count):
    question = make_rubric(team, "Explains the risks")
    make_answers(question, *["only"] * count)
    client.force_login(alice)
    page = client.get(reverse("comparisons", args=[question.pk]))
    assert "It takes two answers to compare" in page.content.decode()


def test_readers_may_not_compare_and_strangers_find_nothing(client, bob, charlie, question):
    address = reverse("comparisons", args=[question.pk])
    client.force_login(bob)
    assert client.get(address).status_code == 403
    client.force_login(charlie)
    assert client.get(address).status_code == 404


def test_a_reviewer_compares_and_takes_over_no_tiers(client, rita, question):
    client.force_login(rita)
    assert "Take over" not in choose_all(client, question).content.decode()
    sent = {"expert": rita.pk}
    assert client.post(reverse("comparison-tiers", args=[question.pk]), sent).status_code == 403


def test_a_colleagues_whole_order_shows_after_ones_own(client, alice, rita, question):
    for user in (rita, alice):
        client.force_login(user)
        page = choose_all(client, question)
    [theirs] = page.context["state"].others
    assert (theirs.with_mine.share, theirs.with_mine.pairs) == (1.0, 15)


def test_queries_do_not_grow_with_answers(alice, question, django_assert_num_queries):
    make_answers(question, *["more"] * 30)
    with django_assert_num_queries(3):
        comparing(question, alice)
