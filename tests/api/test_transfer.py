"""Files in and out over REST: whole or not at all, and equal but for the named losses."""

import json

import pytest

from rubric_studio.engine.document.canonical import content_hash
from rubric_studio.engine.document.reading import read_document
from tests.api.conftest import assert_problem
from tests.cast import make_collection, make_rubric, make_version
from tests.engine.formats.reference_data import PAPERBENCH, reference_file

ROW = {
    "prompt_id": "row-1",
    "prompt": [{"role": "user", "content": "My ear hurts."}],
    "example_tags": ["theme:context_seeking"],
    "ideal_completions_data": None,
    "rubrics": [
        {"criterion": "Asks how long it has hurt.", "points": 5, "tags": ["axis:accuracy"]},
        {"criterion": "Prescribes an antibiotic.", "points": -6, "tags": []},
    ],
}


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows).encode()


def body_of(response):
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def imported(client, collection, name, data):
    response = client.upload(f"collections/{collection.slug}/imports?format={name}", data)
    assert response.status_code == 201, response.content
    return response.json()


def exported(client, collection, name, extra="&drafts=true"):
    return body_of(client.get(f"collections/{collection.slug}/export?format={name}{extra}"))


def test_an_import_says_what_came_in(api, alice, team):
    report = imported(api(alice), make_collection(team), "healthbench", lines(ROW))
    assert set(report) == {"questions", "criteria", "answers", "labels", "warnings"}
    assert (report["questions"], report["criteria"]) == (1, 2)


def test_an_import_that_fails_in_its_last_row_keeps_nothing(api, alice, team):
    collection = make_collection(team)
    rows = [{**ROW, "prompt_id": f"row-{number}"} for number in range(20)]
    rows[-1] = {**rows[-1], "rubrics": [{"criterion": "", "points": 5, "tags": []}]}
    response = api(alice).upload(
        f"collections/{collection.slug}/imports?format=healthbench", lines(*rows)
    )
    body = assert_problem(response, 400)
    assert any("19" in entry["pointer"] for entry in body["errors"]), body
    assert collection.questions.count() == 0


@pytest.mark.parametrize(
    "data",
    [
        b"this is no JSON",
        b"\xff\xfe\x00x",
        b"[" * 100_000,
        b'{"prompt": NaN}',
        b'{"prompt": [], "prompt": []}',
        b"",
        json.dumps({"id": "x", "requirements": "y"}).encode(),
    ],
)
@pytest.mark.parametrize("name", ["rubric-studio", "healthbench", "paperbench"])
def test_a_bad_file_is_refused_whole(api, alice, team, name, data):
    collection = make_collection(team)
    response = api(alice).upload(f"collections/{collection.slug}/imports?format={name}", data)
    assert assert_problem(response, 400)["errors"]
    assert collection.questions.count() == 0


def test_the_format_must_be_named(api, alice, team):
    collection = make_collection(team)
    response = api(alice).upload(f"collections/{collection.slug}/imports", b"{}")
    assert "healthbench" in assert_problem(response, 400)["detail"]
    assert_problem(api(alice).get(f"collections/{collection.slug}/export?format=csv"), 400)


def test_an_export_carries_the_newest_published_version(api, alice, team):
    question = make_rubric(team, "Names the risk.")
    collection, client = question.collection, api(alice)
    assert exported(client, collection, "rubric-studio", "").strip() in (b"", b"[]")
    version = make_version(question)
    criterion = question.criteria.get()
    client.patch(f"criteria/{criterion.pk}", {"points": 9}, If_Match="*")
    (line,) = exported(client, collection, "rubric-studio", "").splitlines()
    document = read_document(json.loads(line))
    assert content_hash(document) == version.content_hash
    assert document.criteria[0].points == 5
    (draft,) = exported(client, collection, "rubric-studio").splitlines()
    assert json.loads(draft)["criteria"][0]["points"] == 9


def test_rubric_studio_files_lose_nothing(api, alice, team):
    client, first, second = api(alice), make_collection(team), make_collection(team)
    imported(client, first, "healthbench", lines(ROW))
    data = exported(client, first, "rubric-studio", "&drafts=true&answers=true")
    imported(client, second, "rubric-studio", data)
    assert exported(client, second, "rubric-studio", "&drafts=true&answers=true") == data


@pytest.mark.parametrize("name", ["healthbench_original.jsonl", "healthbench_rows.jsonl"])
def test_real_healthbench_rows_come_out_as_they_went_in(api, alice, team, name):
    data = reference_file(f"healthbench/{name}")
    client, collection = api(alice), make_collection(team)
    report = imported(client, collection, "healthbench", data)
    rows = [json.loads(line) for line in data.splitlines()]
    assert report["questions"] == len(rows)
    lost = " ".join(report["warnings"])
    returned = [
        json.loads(line) for line in exported(client, collection, "healthbench").splitlines()
    ]
    assert len(returned) == len(rows)
    for sent, back in zip(rows, returned, strict=True):
        for field, value in sent.items():
            assert back.get(field) == value or field in lost, field
        assert back["prompt"] == sent["prompt"]
        assert back["rubrics"] == sent["rubrics"]


@pytest.mark.parametrize("name", PAPERBENCH)
def test_real_paperbench_trees_come_out_as_they_went_in(api, alice, team, name):
    client, collection = api(alice), make_collection(team)
    data = reference_file(f"paperbench/{name}.rubric.json")
    imported(client, collection, "paperbench", data)
    back = json.loads(exported(client, collection, "paperbench"))
    back = back[0] if isinstance(back, list) else back
    sent = json.loads(data)
    assert back == sent
