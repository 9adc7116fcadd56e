import pytest

from tests.cast import make_answer, make_criterion, make_rubric
from tests.grading_cast import make_answers, make_run, work

pytestmark = pytest.mark.django_db
CALLS = "Tells the reader to call the emergency number now."
REST = "Tells the reader to sit down and rest."
BASE = "Call the emergency number now. Sit down and rest. Unlock the door."


@pytest.fixture
def question(team):
    return make_rubric(team, CALLS, REST)


@pytest.fixture
def answer(question):
    return make_answers(question, BASE)[0]


@pytest.fixture
def keys(question):
    return [it.key for it in question.criteria.order_by("position")]


def keep(client, answer, key, text, **ticks):
    ticked = {f"{way}-{it}": "on" for it, way in ticks.items()}
    return client.post(f"/answers/{answer.pk}/steer?criterion={key}", {"text": text, **ticked})


def test_the_wizard_offers_to_cut_what_a_criterion_asks_for(client, alice, answer, keys):
    client.force_login(alice)
    assert CALLS in client.get(f"/answers/{answer.pk}/steer").content.decode()
    page = client.get(f"/answers/{answer.pk}/steer?criterion={keys[0]}").content.decode()
    assert "Sit down and rest. Unlock the door.</textarea>" in page
    assert f'name="down-{keys[0]}" aria-label="1 is no longer true" checked' in page


def test_an_edit_is_kept_with_what_its_author_states(client, alice, answer, keys):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    text = "Sit down and rest. Unlock the door."
    assert keep(client, answer, keys[0], text, **{keys[0]: "down"}).status_code == 302
    probe = Probe.objects.get()
    assert (probe.kind, probe.base, probe.criterion_key) == ("steer", answer, keys[0])
    assert probe.expected == {keys[0]: "down"}
    assert probe.stated_at is not None
    assert probe.accepted_by == alice
    assert probe.answer.origin == "probe"
    assert "1 of 5 tests" in client.get(f"/answers/{answer.pk}/steer").content.decode()


def test_a_text_made_by_rule_says_so_until_it_is_changed_by_hand(client, alice, answer, keys):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    keep(client, answer, keys[0], "Sit down and rest. Unlock the door.", **{keys[0]: "down"})
    keep(client, answer, keys[0], "Sit down. Unlock the door.", **{keys[0]: "down"})
    by_rule, by_hand = Probe.objects.order_by("pk")
    assert (by_rule.family, by_hand.family) == ("cut_sentence", "by_hand")
    assert "Call the emergency number now." in by_rule.does
    assert by_hand.does == ""


def test_several_flips_may_be_stated(client, alice, answer, keys):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    keep(client, answer, keys[0], "Unlock the door.", **{keys[0]: "down", keys[1]: "down"})
    assert Probe.objects.get().expected == {keys[0]: "down", keys[1]: "down"}


@pytest.mark.parametrize(
    "text, ticks, words",
    [
        (BASE, {0: "down"}, "still the answer’s own"),
        ("Unlock the door.", {1: "down"}, "criterion that you edit for"),
    ],
)
def test_an_edit_that_tests_nothing_is_refused_with_its_text_kept(
    client, alice, answer, keys, text, ticks, words
):
    from rubric_studio.grading.models import Probe, SampleAnswer

    client.force_login(alice)
    page = keep(client, answer, keys[0], text, **{keys[at]: way for at, way in ticks.items()})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert text in page.content.decode()
    assert not Probe.objects.exists()
    assert SampleAnswer.objects.count() == 1


def test_a_criterion_can_not_become_true_and_untrue(client, alice, answer, keys):
    client.force_login(alice)
    both = {f"up-{keys[0]}": "on", f"down-{keys[0]}": "on", "text": "Unlock the door."}
    page = client.post(f"/answers/{answer.pk}/steer?criterion={keys[0]}", both)
    assert page.status_code == 422
    assert "at once" in page.content.decode()


def test_another_form_is_kept_as_one_that_changes_nothing(client, alice, answer):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion=nothing").content.decode()
    assert "- Sit down and rest." in page
    bullets = "- Call the emergency number now.\n- Sit down and rest.\n- Unlock the door."
    keep(client, answer, "nothing", bullets)
    probe = Probe.objects.get()
    assert (probe.kind, probe.expected, probe.criterion_key) == ("invariant", {}, "")


def test_what_the_judge_quoted_is_cut(client, alice, judge, question, keys):
    # No sentence has the criterion's words, so only the quote says what to cut.
    question.criteria.filter(key=keys[0]).update(text="Urges haste.")
    [answer] = make_answers(question, "Ring them at once. Then wait inside.")
    run = work(make_run(question, judge, answers=[answer]))
    quoted = [{"text": "Ring them at once.", "start": 0, "end": 18, "found": True}]
    run.grades.filter(criterion_key=keys[0]).update(quotes=quoted, value=1.0, status="graded")
    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion={keys[0]}").content.decode()
    assert "Takes out what the judge quoted" in page
    assert "Then wait inside.</textarea>" in page


def test_a_met_example_is_put_in(client, alice, question, answer):
    example = {"answer": "Chew one aspirin of 300 mg.", "verdict": "met"}
    added = make_criterion(question, "Advises aspirin.", examples=[example])
    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion={added.key}").content.decode()
    assert "Chew one aspirin of 300 mg.</textarea>" in page
    assert f'name="up-{added.key}"' in page


def test_a_transcript_has_no_steer_test(client, alice, question, keys):
    talk = make_answer(question, messages=[{"role": "assistant", "content": "Call now."}])
    client.force_login(alice)
    assert "transcript" in client.get(f"/answers/{talk.pk}/steer").content.decode()
    page = keep(client, talk, keys[0], "Other.", **{keys[0]: "down"})
    assert page.status_code == 422


def test_a_criterion_that_is_gone_leads_back_to_the_choice(client, alice, answer):
    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion=c-gone").content.decode()
    assert "Criterion to edit for" in page
