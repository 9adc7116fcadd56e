import pytest
from django.urls import reverse

from rubric_studio.grading.answers.comparisons import compare_answers, in_force, withdraw_last
from rubric_studio.grading.answers.editing import delete_answer
from rubric_studio.grading.answers.knowing import note_seen
from rubric_studio.grading.answers.pairing import comparing
from rubric_studio.grading.models import Comparison
from rubric_studio.steering.loading import material_of
from rubric_studio.steering.report import report_of
from tests.cast import make_rubric
from tests.grading_cast import make_answers
from tests.steering.graded import make_graded_run

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
    assert Comparison.objects.count() <= 11 + 2  # two of them once more
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


def test_undoing_a_repeated_choice_leaves_the_first(alice, question):
    a, b, *_ = question.answers.all()
    first = compare_answers(a, b, alice)
    compare_answers(b, a, alice)
    withdraw_last(question, alice)
    assert in_force(Comparison.objects.all()) == [first]


def test_some_pairs_come_again_with_their_sides_swapped(client, alice, question):
    client.force_login(alice)
    page = client.get(reverse("comparisons", args=[question.pk]))
    shown = []
    while page.context["state"].pair is not None:
        left, right = page.context["left"], page.context["right"]
        shown.append((left.pk, right.pk))
        choice = "left" if WORTH[left.text] > WORTH[right.text] else "right"
        given = {"left": left.pk, "right": right.pk, "choice": choice}
        page = client.post(reverse("comparison-choose", args=[question.pk]), given, follow=True)
    again = [pair for pair in shown if (pair[1], pair[0]) in shown]
    assert len(again) == 2 * (len(shown) // 5)
    mine = page.context["state"].mine
    assert (mine.consistency.repeated, mine.consistency.changed) == (len(again) // 2, 0)
    html = page.content.decode()
    assert f"Asked again, 0 of {len(again) // 2} pairs came out differently" in html


def test_the_page_says_about_how_many_are_left(client, alice, question):
    client.force_login(alice)
    page = client.get(reverse("comparisons", args=[question.pk]))
    assert "0 pairs chosen, about 12 more" in " ".join(page.content.decode().split())
    choose_all(client, question)
    assert 10 <= Comparison.objects.count() <= 13


def test_anchors_that_are_worth_nothing_cost_no_choice(alice, question):
    make_answers(question, "", anchor="empty")
    make_answers(question, "Bread rises.", anchor="off_topic")
    make_answers(question, "The best there is.", anchor="ideal")
    assert len(comparing(question, alice).answers) == 7


def test_the_question_is_shown_and_nothing_of_the_other_answers(client, alice, question):
    client.force_login(alice)
    page = client.get(reverse("comparisons", args=[question.pk]))
    assert "What should I do about chest pain?" in page.content.decode()
    assert '<details class="card compare-question" id="question" open>' in page.content.decode()


def test_tiers_that_are_taken_over_count_as_stated_when_they_were_compared(
    client, alice, rita, question
):
    client.force_login(rita)
    choose_all(client, question)
    last = Comparison.objects.order_by("created_at").last()
    run = make_graded_run(question, dict.fromkeys(question.answers.all(), 1))
    client.force_login(alice)
    choose_all(client, question)
    note_seen(run, alice)
    client.post(reverse("comparison-tiers", args=[question.pk]), {"expert": rita.pk})
    for answer in question.answers.all():
        assert (answer.expected_by, answer.expected_at) == (rita, last.created_at)
    assert not any(it.stated_late for it in report_of(run).order.samples)


def test_choices_after_the_run_was_opened_are_late_for_who_opened_it(alice, rita, question):
    a, b, *_ = question.answers.all()
    run = make_graded_run(question, dict.fromkeys(question.answers.all(), 1))
    note_seen(run, alice)
    for user in (alice, rita):
        compare_answers(a, b, user)
    assert comparing(question, alice).seen_run == run
    assert comparing(question, rita).seen_run is None
    late = {it.name: it.is_late for it in material_of(run).comparisons}
    assert late == {"Alice": True, "Rita": False}


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
    assert 0 < Comparison.objects.count() - before <= 3 + 1  # one of all once more


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


def test_who_may_compare_finds_the_way_there_on_the_answers_page(client, bob, rita, question):
    way = reverse("comparisons", args=[question.pk])
    for user, is_there in ((rita, True), (bob, False)):
        client.force_login(user)
        page = client.get(reverse("answers", args=[question.pk])).content.decode()
        assert (f'href="{way}"' in page) is is_there


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
