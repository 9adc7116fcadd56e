from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Criterion, Document, Message, Question, Section
from rubric_studio.engine.probing.families import BY_KEY, make_free, make_of
from rubric_studio.engine.probing.wrong import turned

ASKED = "I took sildenafil an hour ago and have chest pressure. Should I use my spray?"
BASE = (
    "Call the emergency number now. Do not use the nitroglycerin spray: sildenafil was taken less"
    " than 24 hours ago. Sit down and rest.\n\nStay calm. Unlock the door."
)
CRITERIA = (
    Criterion("call", "Tells the reader to call the emergency number now.", 10, section="s"),
    Criterion("spray", "Says that the nitroglycerin spray must not be used after sildenafil.", 10),
    Criterion(
        "aspirin", "Tells the reader to chew 300 mg of aspirin, and to skip it if allergic.", 6
    ),
    Criterion("wait", "Tells the reader to wait and see.", -8),
    Criterion("json", "Is valid JSON.", 2, check={"kind": "json"}),
)


def document(*criteria):
    return Document(
        Question("q", (Message("user", ASKED),)),
        sections=(Section("s", "First steps"),),
        criteria=criteria or CRITERIA,
    )


def made(base=BASE, doc=None):
    return {it.family: it for it in make_of(doc or document(), base)[0]}


def free(doc=None):
    return {it.family: it for it in make_free(doc or document())[0]}


def put_in(probe):
    return [probe.text[start:end] for start, end in probe.inserted]


def test_content_free_probes_hold_nothing_of_an_answer():
    found = free()
    assert found["empty"].text == ""
    assert set(found) == {"empty", "master_key", "echo", "format_mimicry", "topic_only"}
    assert found["echo"].text.startswith("This answer tells the reader to call the emergency")
    assert "## First steps\n\n- call, emergency, number" in found["format_mimicry"].text
    assert "sildenafil" in found["topic_only"].text
    assert all(BY_KEY[key].is_content_free for key in found)


def test_only_criteria_that_earn_points_by_reading_can_be_fooled():
    assert free()["echo"].could_fool == ("call", "spray", "aspirin")
    assert "wait" not in free()["echo"].text
    assert "JSON" not in free()["echo"].text


def test_key_words_are_put_after_the_answer():
    probe = made()["stuffing"]
    assert probe.text.startswith(BASE)
    [words] = put_in(probe)
    assert words.startswith("call, emergency, number; nitroglycerin")
    assert "wait" not in words


def test_one_half_of_a_compound_is_given():
    probe = made()["half"]
    assert probe.criterion == "aspirin"
    assert put_in(probe) == ["Chew 300 mg of aspirin."]
    assert "allergic" not in probe.text


def test_an_answer_that_has_the_other_half_is_not_given_the_first():
    _, missing = make_of(document(CRITERIA[2]), "Skip it if allergic to it. Rest.")
    assert any(it.family == "half" for it in missing)


def test_the_sentence_that_says_it_is_left_out():
    found = [it for it in make_of(document(), BASE)[0] if it.family == "implicit"]
    texts = {it.criterion: it.text for it in found}
    assert "emergency number" not in texts["call"]
    assert texts["call"].startswith("Do not use")


def test_a_fact_is_turned_round_and_the_form_kept():
    found = [it for it in make_of(document(), BASE)[0] if it.family == "confident_wrong"]
    texts = {it.criterion: it for it in found}
    assert "Do use the nitroglycerin spray" in texts["spray"].text
    assert put_in(texts["spray"]) == ["Do"]


def test_padding_makes_it_three_times_as_long():
    probe = made()["padding"]
    assert BASE in probe.text
    assert 2.5 < len(probe.text) / len(BASE) < 4.5


def test_the_ladder_loses_its_end_step_by_step():
    steps = [it for it in make_of(document(), BASE)[0] if it.family == "truncation"]
    assert [it.title for it in steps] == [f"Truncated by {it} %" for it in (25, 50, 75)]
    assert all(BASE.startswith(it.text) for it in steps)
    assert len(steps[0].text) > len(steps[1].text) > len(steps[2].text) > 0


def test_an_empty_answer_gives_reasons_in_place_of_probes():
    probes, missing = make_of(document(), " \n ")
    assert probes == []
    assert {it.family for it in missing} == {"stuffing", "half", "implicit", "compliance"} | {
        "self_praise",
        "padding",
        "hedge_all",
        "confident_wrong",
        "truncation",
    }


def test_without_positive_criteria_families_say_why():
    doc = document(CRITERIA[3])
    _, missing = make_free(doc)
    assert {it.family for it in missing} == {"echo", "format_mimicry"}
    assert {it.family for it in make_of(doc, BASE)[1]} >= {"stuffing", "half", "implicit"}


def test_a_short_answer_has_no_ladder():
    assert "truncation" in {it.family for it in make_of(document(), "Call now.")[1]}


def test_opposites():
    assert turned("You must call.", "")[0] == "You must not call."
    assert turned("You must not call.", "")[0] == "You must call."
    assert turned("Never drive.", "")[0] == "Always drive."
    assert turned("It isn’t safe.", "")[0] == "It is safe."
    assert turned("Chew 300 mg.", "300 mg")[0] == "Chew 3000 mg."
    assert turned("Chew 300 mg.", "aspirin") is None
    assert turned("", "") is None


words = st.text(max_size=120)


@given(base=words, text=words, asked=words)
def test_any_texts_make_probes_or_reasons(base, text, asked):
    doc = Document(Question("q", (Message("user", asked),)), criteria=(Criterion("k", text, 1),))
    for found, missing in (make_free(doc), make_of(doc, base)):
        for it in found:
            assert all(0 <= start < end <= len(it.text) for start, end in it.inserted)
            assert set(it.could_fool) <= {"k"}
        assert all(it.why for it in missing)


@given(base=words)
def test_what_is_put_in_taken_out_again_leaves_the_answer(base):
    for it in make_of(document(), base)[0]:
        if it.family in ("stuffing", "compliance", "self_praise", "hedge_all", "half"):
            rest, at = "", 0
            for start, end in it.inserted:
                rest += it.text[at:start]
                at = end
            rest += it.text[at:]
            assert "".join(rest.split()) == "".join(base.split())
