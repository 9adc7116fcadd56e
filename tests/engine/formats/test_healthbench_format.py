import json

import pytest

from rubric_studio.engine.document.scoring import score
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Example,
    Gate,
    Level,
    Message,
    Question,
    Scoring,
    Section,
)
from rubric_studio.engine.formats import (
    FORMATS,
    FormatError,
    ImportedAnswer,
    ImportedQuestion,
    read,
)
from tests.engine.formats.reference_data import reference_file

IDEAL = {
    "ideal_completion": "Rest.",
    "ideal_completions_group": "Group 2",
    "ideal_completions_ref_completions": ["Sleep.", "Drink."],
}
ROW = {
    "example_tags": ["theme:hedging"],
    "ideal_completions_data": IDEAL,
    "prompt": [{"content": "My leg hurts.", "role": "user", "name": "Ann"}],
    "prompt_id": "ac5cc154",
    "rubrics": [
        {"criterion": "Advises rest.", "points": 5, "tags": ["axis:accuracy"]},
        {"criterion": "Advises running.", "points": -2.5, "tags": []},
    ],
}


def file_of(*rows):
    return b"\n".join(json.dumps(it).encode() for it in rows)


def rows_of(data):
    return [json.loads(it) for it in data.split(b"\n") if it.strip()]


def written(questions):
    return rows_of(b"".join(FORMATS["healthbench"].write(questions)))


def problems_of(*rows):
    with pytest.raises(FormatError) as caught:
        read("healthbench", file_of(*rows))
    return [(it.pointer, it.message) for it in caught.value.problems]


def test_row_becomes_a_document_with_answers():
    imported = read("healthbench", file_of(ROW))
    [question] = imported.questions
    document = question.document
    assert document.question == Question(
        "ac5cc154", (Message("user", "My leg hurts.", {"name": "Ann"}),), tags=("theme:hedging",)
    )
    assert [(it.text, it.points, it.tags) for it in document.criteria] == [
        ("Advises rest.", 5, ("axis:accuracy",)),
        ("Advises running.", -2.5, ()),
    ]
    assert question.answers == (
        ImportedAnswer("Ideal answer (Group 2)", "Rest.", tier=3, anchor="ideal"),
        ImportedAnswer("Reference answer 1", "Sleep.", origin="model"),
        ImportedAnswer("Reference answer 2", "Drink.", origin="model"),
    )
    assert imported.warnings == ()


def test_row_comes_back_as_read():
    without = {**ROW, "prompt_id": "b", "ideal_completions_data": None}
    assert written(read("healthbench", file_of(ROW, without)).questions) == [ROW, without]


def test_verl_row_gets_a_key_from_its_prompt():
    flat = {"prompt": ROW["prompt"], "rubrics": ROW["rubrics"], "data_source": "x", "row": 7}
    nested = {
        "prompt": [{"role": "user", "content": "Why?"}],
        "reward_model": {
            "style": "rubric",
            "ground_truth": "So.",
            "rubrics": ROW["rubrics"],
            "a": 1,
        },
        "extra_info": {},
    }
    imported = read("healthbench", file_of(flat, nested))
    first, second = (it.document for it in imported.questions)
    assert first.question.key.startswith("hb-")
    assert len(first.question.key) == 15
    assert first.question.key != second.question.key
    assert first.criteria == second.criteria
    assert second.question.reference == "So."
    assert imported.warnings == (
        "data_source is not kept (1 row)",
        "row is not kept (1 row)",
        "reward_model.a is not kept (1 row)",
        "extra_info is not kept (1 row)",
    )


def test_key_of_a_prompt_does_not_depend_on_the_order_of_fields():
    one = {"prompt": [{"role": "user", "content": "Why?"}], "rubrics": ROW["rubrics"]}
    two = {"rubrics": ROW["rubrics"], "prompt": [{"content": "Why?", "role": "user"}]}
    keys = [
        read("healthbench", file_of(it)).questions[0].document.question.key for it in (one, two)
    ]
    assert keys[0] == keys[1]


def test_criterion_keys_depend_on_the_words_alone():
    forth = read("healthbench", file_of(ROW)).questions[0].document.criteria
    turned = {**ROW, "rubrics": ROW["rubrics"][::-1]}
    back = read("healthbench", file_of(turned)).questions[0].document.criteria
    assert {it.key: it.text for it in forth} == {it.key: it.text for it in back}
    twice = {**ROW, "rubrics": [ROW["rubrics"][0]] * 3}
    keys = [it.key for it in read("healthbench", file_of(twice)).questions[0].document.criteria]
    assert keys == [forth[0].key, f"{forth[0].key}~2", f"{forth[0].key}~3"]


def test_unknown_fields_are_counted_once_per_kind():
    rows = [
        {
            **ROW,
            "prompt_id": f"p{index}",
            "canary": "x",
            "rubrics": [{**ROW["rubrics"][0], "id": 1}],
        }
        for index in range(1200)
    ]
    assert read("healthbench", file_of(*rows)).warnings == (
        "rubrics.id is not kept (1,200 criteria)",
        "canary is not kept (1,200 rows)",
    )


def test_array_and_single_object_are_read_too():
    assert len(read("healthbench", json.dumps([ROW]).encode()).questions) == 1
    assert len(read("healthbench", json.dumps(ROW, indent=1).encode()).questions) == 1


@pytest.mark.parametrize(
    "broken, place, message",
    [
        ({"prompt": "My leg hurts."}, "/prompt", "must be a list"),
        ({"prompt": [{"content": "x"}]}, "/prompt/0", "needs 'role'"),
        ({"prompt": [{"role": "", "content": "x"}]}, "/prompt/0/role", "whose message"),
        ({"prompt_id": "a b"}, "/prompt_id", "not a key"),
        ({"example_tags": [""]}, "/example_tags/0", "empty"),
        ({"rubrics": {}}, "/rubrics", "must be a list"),
        ({"rubrics": [{"points": 1, "tags": []}]}, "/rubrics/0", "needs 'criterion'"),
        ({"rubrics": [{"criterion": " ", "points": 1}]}, "/rubrics/0/criterion", "Write what"),
        ({"rubrics": [{"criterion": "A", "points": 0}]}, "/rubrics/0/points", "not 0"),
        ({"rubrics": [{"criterion": "A", "points": "5"}]}, "/rubrics/0/points", "must be a number"),
        ({"rubrics": [{"criterion": "A", "points": 1, "tags": {}}]}, "/rubrics/0/tags", "list"),
        ({"ideal_completions_data": {}}, "/ideal_completions_data", "needs 'ideal_completion'"),
    ],
)
def test_broken_row_is_told_with_its_place(broken, place, message):
    other = {**ROW, "prompt_id": "other"}
    problems = problems_of(other, {**ROW, **broken})
    assert any(it[0] == f"/1{place}" and it[1].startswith("Row 2:") for it in problems)
    assert any(it[0] == place and message in it[1] for it in problems_of({**ROW, **broken}))


def test_wrong_format_is_refused():
    with pytest.raises(FormatError, match="A HealthBench row needs 'prompt'"):
        read("healthbench", b'{"id": "root", "requirements": "x", "weight": 1, "sub_tasks": []}')
    with pytest.raises(FormatError, match="style 'rubric'"):
        read("healthbench", file_of({"prompt": ROW["prompt"], "reward_model": {"style": "rule"}}))


@pytest.mark.parametrize("data", [b"\xff", b"prompt", b'{"prompt": NaN}', b"[" * 100_000, b""])
def test_file_that_is_no_json_is_refused(data):
    with pytest.raises(FormatError):
        read("healthbench", data)


def test_error_in_the_last_row_names_the_row():
    rows = [{**ROW, "prompt_id": f"p{index}"} for index in range(52)]
    rows[51]["rubrics"] = [*ROW["rubrics"], {"criterion": "", "points": 1}]
    [(pointer, message)] = problems_of(*rows)
    assert pointer == "/51/rubrics/2/criterion"
    assert message == "Row 52: Write what must be true of an answer."


def test_the_same_question_twice_is_refused():
    [(pointer, message)] = problems_of(ROW, ROW)
    assert pointer == "/1/prompt"
    assert "Row 1" in message


def test_losses_name_what_a_row_cannot_carry():
    document = Document(
        Question("q", (Message("user", "Why?"),), "So.", (), "synthetic", "Title"),
        (Section("s", "S"),),
        (
            Criterion("a", "A.", 1, guidance="g", gate=Gate(0), guard=True, source="s"),
            Criterion("b", "B.", 1, levels=(Level("no", 0), Level("yes", 1)), may_not_apply=True),
            Criterion("c", "C.", 1, requires=("a",), check={}, examples=(Example("x", "met"),)),
        ),
        Scoring("tree", -1, 0.5),
    )
    said = " | ".join(FORMATS["healthbench"].losses(document))
    for loss in (
        "reference", "title", "origin", "sections", "tree", "keys", "guidance", "levels",
        "may not apply", "gates", "requires", "guards", "checks", "examples", "sources",
        "floor", "pass mark",
    ):  # fmt: skip
        assert loss in said
    [row] = written([ImportedQuestion(document)])
    assert [it["criterion"] for it in row["rubrics"]] == ["A.", "B.", "C."]


def test_a_row_as_read_loses_nothing():
    [question] = read("healthbench", file_of(ROW)).questions
    assert FORMATS["healthbench"].losses(question.document) == ()


def test_two_hundred_and_fifty_real_rows_are_read_and_come_back():
    data = reference_file("healthbench/healthbench_rows.jsonl")
    imported = read("healthbench", data)
    assert len(imported.questions) == 250
    assert imported.warnings == (
        "data_source is not kept (250 rows)",
        "ability is not kept (250 rows)",
        "row is not kept (250 rows)",
    )
    for row, again in zip(rows_of(data), written(imported.questions), strict=True):
        assert (again["prompt"], again["rubrics"]) == (row["prompt"], row["rubrics"])


def test_real_rows_of_the_original_schema_come_back_but_for_the_canary():
    data = reference_file("healthbench/healthbench_original.jsonl")
    imported = read("healthbench", data)
    assert imported.warnings == ("canary is not kept (52 rows)",)
    assert sum(len(it.answers) for it in imported.questions) == 49 + 31 * 4
    expected = [{key: it[key] for key in it if key != "canary"} for it in rows_of(data)]
    assert written(imported.questions) == expected


def test_real_verl_row_is_read():
    imported = read("healthbench", reference_file("healthbench/verl_row_example.json"))
    assert len(imported.questions) == 1
    assert "extra_info is not kept (1 row)" in imported.warnings


def test_real_rows_score_as_their_own_formula():
    imported = read("healthbench", reference_file("healthbench/healthbench_rows.jsonl"))
    for number, question in enumerate(imported.questions):
        criteria = question.document.criteria
        met = [(index * 7 + number) % 3 == 0 for index in range(len(criteria))]
        earned = sum(it.points for it, is_met in zip(criteria, met, strict=True) if is_met)
        possible = sum(it.points for it in criteria if it.points > 0)
        verdicts = {it.key: int(is_met) for it, is_met in zip(criteria, met, strict=True)}
        assert score(question.document, verdicts).score == earned / possible
