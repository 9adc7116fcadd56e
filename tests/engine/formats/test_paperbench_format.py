import json
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from rubric_studio.engine.document.scoring import score
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Gate,
    Message,
    Question,
    Scoring,
    Section,
)
from rubric_studio.engine.formats import FORMATS, FormatError, ImportedQuestion, read
from tests.engine.formats.reference_data import PAPERBENCH, reference_file


def leaf(node_id, weight=1, category="Code Development", fine=None):
    return node(node_id, weight, [], category, fine)


def node(node_id, weight, sub_tasks, category=None, fine=None):
    return {
        "id": node_id,
        "requirements": f"{node_id} is done.",
        "weight": weight,
        "sub_tasks": sub_tasks,
        "task_category": category,
        "finegrained_task_category": fine,
    }


TREE = node(
    "root",
    1,
    [
        leaf("a", 2, "Result Analysis", "Method Implementation"),
        node("group", 3, [leaf("b", 1), leaf("c", 3)]),
    ],
)
TAGS = ("task_category:Code Execution",)


def imported_tree(tree):
    return read("paperbench", json.dumps(tree).encode())


def document_of(tree):
    [question] = imported_tree(tree).questions
    return question.document


def written(*documents):
    data = b"".join(FORMATS["paperbench"].write(ImportedQuestion(it) for it in documents))
    return [json.loads(line) for line in data.splitlines()]


def problems_of(tree):
    with pytest.raises(FormatError) as caught:
        imported_tree(tree)
    return [(it.pointer, it.message) for it in caught.value.problems]


def refusals(document):
    with pytest.raises(FormatError) as caught:
        written(document)
    return [(it.pointer, it.message) for it in caught.value.problems]


def recursive_mean(tree, grades):
    """PaperBench's own score, leaf by leaf in reading order."""
    if not tree["sub_tasks"]:
        return Fraction(next(grades))
    scores = [(it["weight"], recursive_mean(it, grades)) for it in tree["sub_tasks"]]
    return sum(weight * it for weight, it in scores) / sum(weight for weight, _ in scores)


def test_tree_becomes_sections_and_criteria():
    document = document_of(TREE)
    assert document.sections == (
        Section("root", "root is done.", None, 1),
        Section("group", "group is done.", "root", 3),
    )
    assert [(it.key, it.points, it.section) for it in document.criteria] == [
        ("a", 2, "root"),
        ("b", 1, "group"),
        ("c", 3, "group"),
    ]
    assert document.criteria[0].tags == (
        "task_category:Result Analysis",
        "finegrained_task_category:Method Implementation",
    )
    assert document.scoring.method == "tree"
    assert document.question == Question("root", (Message("user", "root is done."),))


def test_tree_comes_back_as_read():
    assert written(document_of(TREE)) == [TREE]
    assert FORMATS["paperbench"].losses(document_of(TREE)) == ()


def test_tree_of_a_single_leaf_comes_back_as_read():
    assert written(document_of(leaf("only"))) == [leaf("only")]


def test_leaves_between_groups_keep_their_place():
    tree = node("root", 1, [node("g", 1, [leaf("a")]), leaf("b"), node("h", 1, [leaf("c")])])
    assert written(document_of(tree)) == [tree]


def test_ids_met_again_get_a_suffix_that_writing_strips():
    tree = node("x", 1, [leaf("a"), leaf("a"), leaf("a~2"), node("g", 1, [leaf("x"), leaf("a")])])
    document = document_of(tree)
    assert [it.key for it in document.criteria] == ["a", "a~2", "a~2~1", "x~2", "a~3"]
    assert written(document) == [tree]


def test_json_lines_and_arrays_of_trees_are_read():
    two = [TREE, {**TREE, "requirements": "Another."}]
    for data in (json.dumps(two), "\n".join(json.dumps(it) for it in two)):
        questions = read("paperbench", data.encode()).questions
        assert [it.document.question.key for it in questions] == ["root", "root~2"]
        assert written(*(it.document for it in questions)) == two


@pytest.mark.parametrize(
    "tree, place, message",
    [
        (node("r", 1, [leaf("a"), leaf("b", -1)]), "/sub_tasks/1/weight", "no negative weights"),
        (node("r", 1, [node("g", -2, [leaf("a")])]), "/sub_tasks/0/weight", "no negative weights"),
        (node("r", 1, [leaf("a"), leaf("b", 0)]), "/sub_tasks/1/weight", "weight 0"),
        (node("r", 1, [leaf("a", category=None)]), "/sub_tasks/0/task_category", "not null"),
        (node("r", 1, [leaf("a", category="Other")]), "/sub_tasks/0/task_category", "'Other'"),
        (node("r", 1, [leaf("a")], "Code Development"), "/task_category", "Only leaves"),
        (node("r", 0, [leaf("a")]), "/weight", "root's weight is 0"),
        (node("r", 1, [node("g", 0, [leaf("a")])]), "/sub_tasks", "All sub_tasks have weight 0"),
        (node("r", 1, [{**leaf("a"), "requirements": ""}]), "/sub_tasks/0/requirements", "no req"),
        ({**TREE, "requirements": " "}, "/requirements", "no requirements"),
        (node("r", 1, [leaf("a b")]), "/sub_tasks/0/id", "not a key"),
        (node("r", 1, [leaf("a", "1")]), "/sub_tasks/0/weight", "must be a number"),
        (node("r", 1, [7]), "/sub_tasks/0", "must be an object"),
        ({**TREE, "sub_tasks": "none"}, "/sub_tasks", "must be a list"),
        ({**TREE, "sub_tasks": True}, "/sub_tasks", "must be a list"),
        ({"id": "r"}, "", "needs 'requirements'"),
        ({"prompt": [], "rubrics": []}, "", "A PaperBench node needs 'id'"),
    ],
)
def test_broken_tree_is_told_with_its_place(tree, place, message):
    assert any(pointer == place and message in it for pointer, it in problems_of(tree))


def test_missing_fine_category_and_extra_fields_are_read():
    graded = {**leaf("a"), "score": 1, "valid_score": True}
    del graded["finegrained_task_category"]
    imported = imported_tree(node("r", 1, [graded]))
    assert imported.questions[0].document.criteria[0].tags == ("task_category:Code Development",)
    assert "score is not kept (1 node)" in imported.warnings


def test_error_in_the_last_tree_names_the_row():
    trees = [TREE, TREE, node("r", 1, [leaf("a", -1)])]
    with pytest.raises(FormatError, match=r"^/2/sub_tasks/0/weight: Row 3: The weight is -1"):
        read("paperbench", "\n".join(json.dumps(it) for it in trees).encode())


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"{", b'{"id": NaN}', b"[" * 100_000, b'{"a":1,"a":1}']
)
def test_file_that_is_no_json_is_refused(data):
    with pytest.raises(FormatError):
        read("paperbench", data)


def rubric(*criteria, sections=(), method="tree"):
    question = Question("q", (Message("user", "Build it."),))
    return Document(question, tuple(sections), criteria, Scoring(method))


def test_negative_points_are_refused():
    [(pointer, message)] = refusals(rubric(Criterion("a", "A.", -1, tags=TAGS)))
    assert pointer == "/criteria/0/points"
    assert "no penalties" in message


def test_criterion_without_category_is_refused_with_the_remedy():
    [(pointer, message)] = refusals(rubric(Criterion("a", "A.", 1, tags=("x",))))
    assert pointer == "/criteria/0/tags"
    assert "'task_category:Code Development'" in message


def test_rubric_without_criteria_is_refused():
    assert refusals(rubric(sections=[Section("s", "S")]))[0][0] == "/criteria"


def test_circle_of_sections_is_refused():
    document = rubric(Criterion("a", "A.", 1, tags=TAGS), sections=[Section("s", "S", "s")])
    assert "circle" in refusals(document)[0][1]


def test_several_top_nodes_get_a_root():
    document = rubric(
        Criterion("a", "A.", 1, tags=TAGS),
        Criterion("b", "B.", 2, section="s", tags=TAGS),
        sections=[Section("s", "S", weight=3), Section("empty", "Empty")],
    )
    [tree] = written(document)
    assert (tree["id"], tree["requirements"], tree["weight"]) == ("q", "Build it.", 1)
    assert [it["id"] for it in tree["sub_tasks"]] == ["a", "s"]
    assert "sections without criteria" in FORMATS["paperbench"].losses(document)
    verdicts = {"a": 1, "b": 0}
    assert score(document, verdicts).value == recursive_mean(tree, iter([1, 0]))


def test_losses_name_what_a_tree_cannot_carry():
    document = rubric(
        Criterion("a", "A.", 1, section="s", gate=Gate(0), may_not_apply=True, tags=(*TAGS, "x")),
        sections=[Section("s", "S", cap=3)],
        method="points",
    )
    question = replace(document.question, reference="So.", tags=("t",))
    said = " | ".join(FORMATS["paperbench"].losses(replace(document, question=question)))
    for loss in (
        "messages",
        "reference",
        "tags and origin",
        "points score",
        "caps",
        "gates",
        "may not",
    ):
        assert loss in said
    assert "tags other than" in said


@pytest.mark.parametrize("name", PAPERBENCH)
def test_real_tree_comes_back_and_scores_as_its_own_recursive_mean(name):
    data = reference_file(f"paperbench/{name}.rubric.json")
    tree = json.loads(data)
    [question] = read("paperbench", data).questions
    document = question.document
    assert FORMATS["paperbench"].losses(document) == ()
    assert written(document) == [tree]
    dice = random.Random(name)
    for _ in range(5):
        grades = [dice.choice([0, 1]) for _ in document.criteria]
        verdicts = {it.key: grade for it, grade in zip(document.criteria, grades, strict=True)}
        assert score(document, verdicts).value == recursive_mean(tree, iter(grades))


@pytest.mark.parametrize("name", ["all-in-one", "rice"])
def test_real_graded_tree_scores_as_published(name):
    data = reference_file(f"paperbench/judge_eval/{name}.expected_result.json")
    tree = json.loads(data)
    [question] = read("paperbench", data).questions
    criteria = question.document.criteria
    verdicts = {it.key: leaf["score"] for it, leaf in zip(criteria, leaves(tree), strict=True)}
    assert score(question.document, verdicts).score == pytest.approx(tree["score"], abs=1e-12)


def leaves(tree):
    if not tree["sub_tasks"]:
        yield tree
    for child in tree["sub_tasks"]:
        yield from leaves(child)
