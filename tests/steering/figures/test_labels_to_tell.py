"""A criterion that only looks credited wrongly asks for the labels that would tell, and for no
rewording."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from rubric_studio.steering.figures.agreement import measure
from rubric_studio.steering.findings import ranked
from tests.steering.figures.test_agreement import by, many, material


def half_labelled(agreed, of, labelled, place=-1):
    """Fifty answers' worth of `many`, with the criterion at that place labelled on some only."""
    whole = many(agreed, of=of)
    key = whole.document.criteria[place].key
    keep = {str(at) for at in range(labelled)}
    labels = tuple(it for it in whole.labels if it.criterion != key or it.answer in keep)
    return replace(whole, labels=labels)


def test_two_of_two_labels_against_the_judge_ask_for_three_more():
    it = measure(material([1.0] * 6, by("ann", [0.0, 0.0])))
    [found] = it.findings
    assert (found.kind, found.action, found.more) == ("over_credit", "label_more", 3)
    assert (found.criterion, found.answer, found.figure) == ("c-0", "0", 8)
    assert found.title == "Label 3 more answers on criterion 1"
    assert found.sentence == (
        "“Says thing 0.” The judge says met where an expert says not met 2 times in 2;"
        " 3 more labels are needed before that says anything."
    )
    assert it.status == "none"


def test_a_judge_that_refuses_asks_the_same_way():
    [found] = measure(material([0.0] * 6, by("ann", [1.0] * 4))).findings
    assert (found.kind, found.more) == ("under_credit", 1)
    assert found.title == "Label 1 more answer on criterion 1"
    assert found.sentence.endswith("1 more label is needed before that says anything.")


@pytest.mark.parametrize("labels", [[0.0], [0.0, 1.0], [1.0, 1.0]])
def test_one_odd_label_asks_for_nothing(labels):
    assert measure(material([1.0] * 6, by("ann", labels))).findings == ()


def test_without_answers_left_labels_are_not_what_is_missing():
    assert measure(material([1.0] * 2, by("ann", [0.0, 0.0]))).findings == ()
    assert measure(material([1.0] * 4, by("ann", [0.0, 0.0]))).findings == ()
    assert measure(material([1.0, 1.0, *[None] * 5], by("ann", [0.0, 0.0]))).findings == ()


def test_stale_labels_do_not_count_and_their_answers_can_be_labelled():
    given = material([1.0] * 6, by("ann", [0.0] * 6))
    labels = tuple(replace(it, is_stale=int(it.answer) > 1) for it in given.labels)
    [found] = measure(replace(given, labels=labels)).findings
    assert found.more == 3


def test_below_certainty_it_asks_for_as_many_as_would_make_it_certain():
    """Two of six cells against fifty criteria: luck, until so many more go the same way."""
    it = measure(half_labelled([19] * 49 + [4], of=20, labelled=6))
    [found] = it.findings
    row = next(row for row in it.rows if row.key == found.criterion)
    assert (row.judge.n, row.judge.fp, row.stands_out) == (6, 2, False)
    assert "may be luck, but not if" in found.sentence
    usual = (49 + 1) / (49 * 20 + 2)

    def luck(more):
        return binom.sf((6 + more) // 3 - 1, 6 + more, usual)

    assert luck(found.more) * 50 <= 0.05
    assert all(luck(more) * 50 > 0.05 for more in range(found.more))


def test_what_is_certain_asks_for_no_labels():
    it = measure(half_labelled([20] * 49 + [0], of=20, labelled=10))
    assert [(found.kind, found.action) for found in it.findings] == [("over_credit", "reword")]


def test_what_is_certain_comes_before_what_is_not():
    doubtful = measure(material([1.0] * 6, by("ann", [0.0, 0.0]))).findings[0]
    certain = replace(doubtful, kind="lint", figure=11, criterion="c-9", action="reword")
    assert ranked([doubtful, certain]) == (certain, doubtful)
    same = replace(doubtful, action="reword")
    assert ranked([doubtful, same]) == (same,)


@given(
    st.lists(st.sampled_from([1.0, 0.0, None]), min_size=1, max_size=12),
    st.lists(st.sampled_from([1.0, 0.0, "not_applicable"]), max_size=12),
)
def test_as_many_labels_as_are_asked_for_can_be_given(judged, said):
    it = measure(material(judged, by("ann", said[: len(judged)])))
    labelled = sum(value != "not_applicable" for value in said[: len(judged)])
    for found in it.findings:
        assert (found.action == "label_more") == (found.more > 0)
        assert found.more <= len(judged) - labelled
        assert str(found.more or "Reword") in found.title
