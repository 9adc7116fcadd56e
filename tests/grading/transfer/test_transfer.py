"""A collection out as a file and in again."""

import json

import pytest

from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Label, SampleAnswer
from rubric_studio.grading.transfer.exporting import export_collection
from rubric_studio.grading.transfer.importing import import_file
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.importing import KeysTaken
from rubric_studio.rubrics.models import Question
from tests.cast import make_collection, make_rubric, make_version
from tests.grading_cast import make_answers


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", {"text": "Invents a study", "points": -4})


def file_of(collection, name="rubric-studio", **options):
    return b"".join(export_collection(collection, name, **options))


def test_everything_that_is_current_comes_back_from_its_own_format(team, question, alice, rita):
    first, second = make_answers(question, "Call now.", "Wait.", tier=2, band=(0.2, 0.6))
    keys = [it.key for it in draft_document(question).criteria]
    set_label(first, keys[0], rita, verdict="met", note="Clear.")
    set_label(second, keys[0], rita, verdict="met")
    edit_answer(second, alice, text="Wait and see.")
    data = file_of(question.collection, drafts=True, answers=True)
    copy = make_collection(team)
    report = import_file(copy, alice, "rubric-studio", data)
    assert (report.questions, report.criteria, report.answers, report.labels) == (1, 2, 2, 1)
    assert file_of(copy, drafts=True, answers=True) == data
    answer = SampleAnswer.objects.get(question__collection=copy, ordinal=0)
    assert (answer.text, answer.tier, answer.band) == ("Call now.", 2, (0.2, 0.6))
    label = Label.objects.get(answer=answer)
    assert (label.author, label.rater, label.value, label.note) == (alice, "Rita", 1.0, "Clear.")


def test_answers_that_are_held_out_come_back_held_out(team, question, alice):
    first, _ = make_answers(question, "Call now.", "Wait.")
    assert b"held_out" not in file_of(question.collection, drafts=True, answers=True)
    edit_answer(first, alice, is_held_out=True)
    data = file_of(question.collection, drafts=True, answers=True)
    copy = make_collection(team)
    import_file(copy, alice, "rubric-studio", data)
    held = SampleAnswer.objects.filter(question__collection=copy).order_by("ordinal")
    assert [it.is_held_out for it in held] == [True, False]


def test_ones_own_labels_stay_ones_own(team, question, alice):
    [answer] = make_answers(question, "Call now.")
    set_label(answer, draft_document(question).criteria[0].key, alice, verdict="unmet")
    data = file_of(question.collection, drafts=True, answers=True)
    copy = make_collection(team)
    import_file(copy, alice, "rubric-studio", data)
    label = Label.objects.get(answer__question__collection=copy)
    assert (label.author, label.imported_from, label.value) == (alice, "", 0.0)


def test_only_published_versions_are_exported_unless_drafts_are_asked_for(team, question, alice):
    assert file_of(question.collection) == b""
    version = make_version(question)
    exported = file_of(question.collection)
    assert json.loads(exported)["criteria"] == json.loads(bytes(version.document))["criteria"]
    assert file_of(question.collection) == exported


def test_an_import_is_all_or_nothing(team, question, alice):
    data = file_of(question.collection, drafts=True)
    other = json.loads(data) | {"question": {**json.loads(data)["question"], "key": "fresh"}}
    both = json.dumps(other).encode() + b"\n" + data
    with pytest.raises(KeysTaken):
        import_file(question.collection, alice, "rubric-studio", both)
    assert Question.objects.count() == 1
