"""Judges against experts over a collection, from real grades and labels."""

import pytest

from tests.steering.collection.labelled import judge_again, make_labelled

pytestmark = pytest.mark.django_db


def measured(collection):
    from rubric_studio.steering.collection.agreement import measure_collection
    from rubric_studio.steering.collection.cells import collection_cells

    return measure_collection(collection_cells(collection))


def test_verdicts_are_compared_with_every_label(team):
    collection, _ = make_labelled(team)
    found = measured(collection)
    [judge] = found.judges
    assert (judge.pooled.counts.n, judge.pooled.counts.raw.share) == (2 * 2 * 64, 1)
    assert (judge.pooled.questions, judge.pooled.answers) == (2, 16)
    assert (found.experts, found.labels, found.unused, found.left) == (2, 256, 0, 0)
    assert judge.pooled.kappa_interval.low == 1


def test_errors_are_listed_by_criterion_with_their_cells(team):
    from rubric_studio.steering.collection.agreement import criterion_errors
    from rubric_studio.steering.collection.cells import collection_cells

    collection, runs = make_labelled(team, questions=1, c3="11110100", c4="00010010")
    cells = collection_cells(collection)
    first, second, *rest = criterion_errors(cells, cells.judges[0])
    assert (first.asked.number, first.counts.fp, first.counts.fn) == (5, 4, 0)
    assert [(it.answer.letter, it.accepts, it.against) for it in first.wrong] == [
        ("A", True, 2),
        ("B", True, 2),
    ]
    assert (second.asked.number, second.counts.fp, second.counts.fn) == (4, 0, 2)
    assert [(it.answer.letter, it.accepts) for it in second.wrong] == [("B", False)]
    assert not any(it.wrong for it in rest)
    assert first.run == runs[0].pk


def test_labels_under_another_wording_compare_with_no_verdict_of_this_one(team):
    from rubric_studio.rubrics.editing import edit_criterion
    from tests.cast import author_of

    collection, [run] = make_labelled(team, questions=1)
    criterion = run.question.criteria.order_by("position")[0]
    edit_criterion(criterion, author_of(team), criterion.revision, text="Says to dial 112.")
    from tests.steering.planted.experts import label, make_experts

    label(run.question, make_experts(team, 1), 0, "00000000")
    found = measured(collection)
    assert found.judges[0].pooled.counts.raw.share == 1
    assert found.unused == 8


def test_only_the_newest_finished_run_of_a_judge_counts(team):
    collection, [run] = make_labelled(team, questions=1)
    judge_again(run, run.judge.name, c0="00000000")
    [judge] = measured(collection).judges
    assert judge.pooled.counts.fn == 2 * 5


def test_judges_are_compared_with_each_other_and_by_cost(team):
    collection, [run] = make_labelled(team, questions=1)
    judge_again(run, "Cheap", cost="0.0064", c0="00000000")
    found = measured(collection)
    assert [it.name for it in found.judges] == ["Cheap", "qwen3-32b"]
    assert [it.cost_per_thousand for it in found.judges][1] is None
    assert float(found.judges[0].cost_per_thousand) == pytest.approx(0.1)
    [pair] = found.judge_pairs
    assert (pair.counts.n, pair.counts.raw.hits) == (64, 59)


def test_experts_have_their_own_limit(team):
    from tests.steering.planted.experts import label, make_experts

    collection, [run] = make_labelled(team, questions=1)
    [third] = make_experts(team, 1)
    for place in range(8):
        label(run.question, [third], place, "11110000")
    found = measured(collection)
    assert len(found.pairs) == 3
    assert found.ceiling.high == 1
    assert 0 < found.ceiling.low < 1
    assert found.judges[0].standing.percentile == 1


def test_bias_is_told_by_source_and_by_sign(team):
    collection, [run] = make_labelled(team, questions=1, c6="00000000", c7="00000000")
    run.question.answers.filter(ordinal__lt=4).update(origin="expert")
    run.question.answers.filter(ordinal__gte=4).update(model="easy-8b")
    [judge] = measured(collection).judges
    parts = {it.name: it.pooled.counts for it in judge.sources}
    assert (parts["Expert"].bias, parts["Model easy-8b"].bias) == (0, 8 / 64)
    assert judge.spread == 8 / 64
    signs = {it.name: it.pooled.counts for it in judge.signs}
    assert (signs["Rewards"].fp, signs["Penalties"].fp, signs["Penalties"].n) == (0, 8, 32)


@pytest.mark.parametrize("said", ["n", "?"])
def test_not_applicable_and_cannot_tell_are_counted_apart(team, said):
    from tests.steering.planted.experts import label, make_experts

    collection, [run] = make_labelled(team, questions=1, experts=0)
    run.question.criteria.update(may_not_apply=True)
    label(run.question, make_experts(team, 1), 0, said * 8)
    found = measured(collection)
    assert (found.labels, found.left, found.judges[0].pooled.counts.n) == (8, 8, 0)


def test_nothing_labelled_is_no_error(team):
    collection, _ = make_labelled(team, questions=1, experts=0)
    found = measured(collection)
    assert (found.labels, found.judges, found.alpha.alpha, found.ceiling) == (0, (), None, None)


def test_trash_and_probes_are_left_out(team):
    from django.utils.timezone import now

    collection, runs = make_labelled(team, experts=1)
    runs[0].question.answers.filter(ordinal=0).update(deleted_at=now())
    runs[0].question.answers.filter(ordinal=1).update(origin="probe")
    type(runs[1].question).objects.filter(pk=runs[1].question_id).update(deleted_at=now())
    assert measured(collection).judges[0].pooled.counts.n == 6 * 8


def test_queries_do_not_grow_with_the_collection(team, django_assert_max_num_queries):
    collection, _ = make_labelled(team, questions=3, experts=3)
    with django_assert_max_num_queries(8):
        measured(collection)
