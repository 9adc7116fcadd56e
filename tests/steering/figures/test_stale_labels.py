"""Labels given under another wording: the finding names the criterion that has most of them."""

from dataclasses import replace

import pytest

from rubric_studio.steering.figures.headroom import measure
from tests.steering.figures.test_agreement import many

STALE = "given under another wording or text"


def stale_on(*counts):
    """So many stale labels on each of the first criteria."""
    whole = many([10] * 6, of=10)
    left = {it.key: count for it, count in zip(whole.document.criteria, counts, strict=False)}
    labels = []
    for it in whole.labels:
        is_stale = left.get(it.criterion, 0) > 0
        if is_stale:
            left[it.criterion] -= 1
        labels.append(replace(it, is_stale=is_stale))
    assert not any(left.values())
    return measure(replace(whole, labels=tuple(labels)))


def test_fresh_labels_are_nothing_to_fix():
    figure = stale_on(0)
    assert (figure.findings, figure.freshness.most) == ((), None)


def test_one_criterion_is_named_with_its_words():
    [found] = stale_on(0, 3).findings
    assert (found.kind, found.action) == ("stale_labels", "re_ask")
    assert found.criterion == "c-1"
    assert found.title == "Ask again for 3 labels on criterion 2"
    assert found.sentence == f"3 labels were {STALE}, on criterion 2: “Says thing 1.”"


def test_one_label_is_one():
    [found] = stale_on(1).findings
    assert found.title == "Ask again for 1 label on criterion 1"
    assert found.sentence == f"1 label was {STALE}, on criterion 1: “Says thing 0.”"


def test_the_criterion_with_more_than_all_others_is_named():
    [found] = stale_on(1, 3, 1).findings
    assert (found.criterion, found.title) == ("c-1", "Ask again for 5 labels")
    assert found.sentence == f"5 labels were {STALE}, 3 of them on criterion 2: “Says thing 1.”"


@pytest.mark.parametrize(
    ("counts", "where"),
    [((2, 2), ", on criteria 1 and 2."), ((1, 1, 1, 1), ", on criteria 1, 2, 3 and 4.")],
)
def test_where_no_criterion_has_most_few_are_listed(counts, where):
    [found] = stale_on(*counts).findings
    assert found.criterion is None
    assert found.sentence == f"{sum(counts)} labels were {STALE}{where}"


def test_many_criteria_are_not_listed():
    [found] = stale_on(1, 1, 1, 1, 1).findings
    assert found.sentence == f"5 labels were {STALE}."
