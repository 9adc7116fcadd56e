import pytest

from rubric_studio.grading.answers.editing import (
    add_answer,
    content_of,
    delete_answer,
    edit_answer,
    restore_answer,
)
from rubric_studio.grading.answers.uploading import upload_answers
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.editing import InvalidEdit, StaleWrite
from tests.cast import make_collection, make_question


@pytest.fixture
def question(team):
    return make_question(make_collection(team))


def problems_of(call, *args, **kwargs):
    with pytest.raises(InvalidEdit) as refused:
        call(*args, **kwargs)
    return [problem.pointer for problem in refused.value.problems]


def test_answers_get_the_next_letter_and_a_deleted_ones_letter_is_never_given_again(
    question, alice
):
    first = add_answer(question, alice, text="One")
    delete_answer(first, alice)
    second = add_answer(question, alice, text="Two")
    assert (first.letter, second.letter) == ("A", "B")
    assert list(SampleAnswer.objects.live()) == [second]
    restore_answer(first, alice)
    assert SampleAnswer.objects.live().count() == 2


def test_an_expectation_is_dated_when_it_is_stated_and_not_when_the_name_changes(question, alice):
    answer = add_answer(question, alice, text="One")
    assert answer.expected_at is None
    answer = edit_answer(answer, alice, tier=3, band=(0.5, 1))
    stated = answer.expected_at
    assert stated is not None
    assert edit_answer(answer, alice, name="Short").expected_at == stated
    assert edit_answer(answer, alice, band=None).expected_at > stated


def test_an_edit_based_on_an_older_revision_is_refused_with_the_row_as_it_is(question, alice):
    answer = add_answer(question, alice, text="One")
    edit_answer(answer, alice, text="Two")
    with pytest.raises(StaleWrite) as refused:
        edit_answer(answer, alice, based_on=1, text="Three")
    assert refused.value.current.text == "Two"


def test_what_is_wrong_is_named_at_its_field(question, alice):
    def problems(**fields):
        return problems_of(add_answer, question, alice, **fields)

    assert problems() == ["/text"]
    assert problems(text="a", messages=[{"role": "user", "content": "b"}]) == ["/text"]
    assert problems(text="a\0b") == ["/text"]
    assert problems(text="é" * 500_001) == ["/text"]
    assert problems(text="a", tier=0) == ["/tier"]
    assert problems(text="a", tier=True) == ["/tier"]
    assert problems(text="a", band=(0.7, 0.3)) == ["/band"]
    assert problems(text="a", band=(0.7, 1.3)) == ["/band"]
    assert problems(text="a", anchor="best") == ["/anchor"]
    assert problems(text="a", origin="parrot", name="n" * 121) == ["/origin", "/name"]
    assert problems(messages=[{"content": "no role"}]) == ["/messages/0/role"]
    assert SampleAnswer.objects.count() == 0


def test_a_transcript_is_kept_and_read_as_text(question, alice):
    messages = [
        {"role": "user", "content": "It hurts."},
        {"role": "assistant", "content": "Call now.", "name": "Nurse"},
    ]
    answer = add_answer(question, alice, messages=messages)
    assert content_of(answer).as_text() == "user:\nIt hurts.\n\nassistant (Nurse):\nCall now."


def test_an_upload_is_all_or_nothing_and_names_every_bad_line(question, alice):
    data = b'{"text": "ok"}\n\n{"text": 5}\nnot json\n{"text": "x", "tier": 99, "colour": "red"}\n'
    assert problems_of(upload_answers, question, alice, data) == [
        "/3/text",
        "/4",
        "/5/colour",
        "/5/tier",
    ]
    assert SampleAnswer.objects.count() == 0
    good = b'\xef\xbb\xbf{"text": "ok", "tier": 2, "band": [0.2, 0.5]}\r\n{"text": "b"}'
    answers = upload_answers(question, alice, good)
    assert [(it.letter, it.tier, it.band) for it in answers] == [
        ("A", 2, (0.2, 0.5)),
        ("B", None, None),
    ]


def test_an_empty_upload_says_so(question, alice):
    assert problems_of(upload_answers, question, alice, b"\n \n") == [""]
