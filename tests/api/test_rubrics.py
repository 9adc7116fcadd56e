import hashlib
import json

import pytest

from rubric_studio.engine.document.canonical import canonical_bytes
from tests.api.conftest import assert_problem
from tests.cast import make_collection, make_criterion, make_question, make_rubric, make_section

MESSAGES = [{"role": "user", "content": "May I drive with a plaster cast?"}]


def test_a_collection_is_made_with_a_free_slug(api, alice, team):
    client = api(alice)
    first = client.post("collections", {"name": "Discharge letters"})
    second = client.post("collections", {"name": "Discharge letters"})
    assert first.status_code == second.status_code == 201
    assert first.json()["slug"] == "discharge-letters"
    assert second.json()["slug"] == "discharge-letters-2"
    taken = client.post("collections", {"name": "Again", "slug": "discharge-letters"})
    assert_problem(taken, 409)
    listed = client.get("collections").json()
    assert set(listed) == {"next", "previous", "results"}
    assert [row["name"] for row in listed["results"]] == ["Discharge letters"] * 2


def test_strangers_see_nothing_and_readers_may_not_write(api, team, alice, bob, charlie):
    question = make_rubric(team, "Names the risk.")
    slug, criterion = question.collection.slug, question.criteria.get()
    paths = [
        f"collections/{slug}",
        f"collections/{slug}/questions",
        f"questions/{question.pk}",
        f"questions/{question.pk}/criteria",
        f"questions/{question.pk}/draft",
        f"questions/{question.pk}/versions",
        f"questions/{question.pk}/answers",
        f"criteria/{criterion.pk}",
    ]
    for path in paths:
        assert_problem(api(charlie).get(path), 404)
        assert api(bob).get(path).status_code == 200, path
    assert api(charlie).get("collections").json()["results"] == []
    for who, status in ((charlie, 404), (bob, 403)):
        client = api(who)
        assert_problem(client.post(f"collections/{slug}/questions", {"messages": MESSAGES}), status)
        assert_problem(
            client.post(f"questions/{question.pk}/criteria", {"text": "x", "points": 1}), status
        )
        assert_problem(client.patch(f"criteria/{criterion.pk}", {}, If_Match="*"), status)
        assert_problem(client.delete(f"criteria/{criterion.pk}", If_Match="*"), status)
        assert_problem(client.post(f"questions/{question.pk}/versions", {"note": "x"}), status)
        assert_problem(client.post(f"questions/{question.pk}/answers", {"text": "x"}), status)
        assert_problem(client.post(f"questions/{question.pk}/runs", {}), status)
        assert_problem(
            client.upload(f"collections/{slug}/imports?format=healthbench", b"{}"), status
        )


def test_a_question_has_the_promised_shape(api, alice, team):
    collection = make_collection(team)
    made = api(alice).post(
        f"collections/{collection.slug}/questions",
        {"key": "cast", "messages": MESSAGES, "tags": ["traffic"], "scoring": {"pass_mark": 0.8}},
    )
    assert made.status_code == 201, made.content
    question = made.json()
    assert question["messages"] == MESSAGES
    assert question["key"] == "cast"
    assert question["collection"] == collection.slug
    assert question["reference"] is None
    assert question["tags"] == ["traffic"]
    assert question["origin"] == "real"
    assert question["scoring"] == {"method": "points", "floor": 0, "pass_mark": 0.8}
    changed = api(alice).patch(f"questions/{question['id']}", {"reference": "Ask your insurer."})
    assert changed.json()["reference"] == "Ask your insurer."
    assert changed.json()["revision"] == question["revision"] + 1
    assert api(alice).delete(f"questions/{question['id']}").status_code == 204
    assert_problem(api(alice).get(f"questions/{question['id']}"), 404)


def test_a_criterion_goes_in_and_comes_out_equal(api, alice, team):
    question = make_question(make_collection(team))
    make_section(question, "Safety", key="s-safety")
    given = {
        "section": "s-safety",
        "text": "Tells the reader to ask the insurer.",
        "guidance": "Any wording counts.",
        "points": 2.5,
        "levels": [
            {"label": "No", "value": 0, "description": ""},
            {"label": "Partly", "value": 0.5, "description": "Hints at it"},
            {"label": "Yes", "value": 1, "description": ""},
        ],
        "may_not_apply": True,
        "gate": {"cap": 0.3},
        "requires": [],
        "guard": True,
        "tags": ["axis:safety"],
        "check": None,
        "examples": [{"answer": "Ring them.", "verdict": "Yes"}],
        "source": "Road law",
    }
    made = api(alice).post(f"questions/{question.pk}/criteria", given)
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in given} == given
    draft = api(alice).get(f"questions/{question.pk}/draft").json()
    assert {name: draft["criteria"][0][name] for name in given} == given


def test_a_write_must_name_what_it_was_based_on(api, alice, team):
    criterion = make_rubric(team, "Names the risk.").criteria.get()
    client, path = api(alice), f"criteria/{criterion.pk}"
    shown = client.get(path)
    etag = shown["ETag"]
    assert_problem(client.patch(path, {"points": 7}), 428)
    changed = client.patch(path, {"points": 7}, If_Match=etag)
    assert changed.status_code == 200, changed.content
    assert changed["ETag"] != etag
    stale = client.patch(path, {"text": "Overwrites."}, If_Match=etag)
    body = assert_problem(stale, 412)
    assert body["current"]["points"] == 7
    assert body["current"]["text"] == "Names the risk."
    assert_problem(client.delete(path), 428)
    assert_problem(client.delete(path, If_Match=etag), 412)
    assert client.delete(path, If_Match=stale["ETag"]).status_code == 204
    assert client.get(f"questions/{criterion.question_id}/criteria").json()["results"] == []


def test_an_unchanged_criterion_answers_304(api, alice, team):
    criterion = make_rubric(team, "Names the risk.").criteria.get()
    shown = api(alice).get(f"criteria/{criterion.pk}")
    again = api(alice).get(f"criteria/{criterion.pk}", If_None_Match=shown["ETag"])
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"points": 0}, "/points"),
        ({"text": ""}, "/text"),
        ({"points": "5"}, "/points"),
        ({"weight": 5}, "/weight"),
        ({"gate": {"cap": 2}}, "/gate"),
        ({"requires": ["c-none"]}, "/requires"),
        ({"section": "s-none"}, "/section"),
        ({"levels": [{"label": "Yes", "value": 1}]}, "/levels"),
    ],
)
def test_a_bad_criterion_is_refused_at_its_field(api, alice, team, change, pointer):
    criterion = make_rubric(team, "Names the risk.").criteria.get()
    response = api(alice).patch(f"criteria/{criterion.pk}", change, If_Match="*")
    body = assert_problem(response, 400)
    assert any(entry["pointer"].startswith(pointer) for entry in body["errors"]), body
    criterion.refresh_from_db()
    assert (criterion.revision, criterion.points, criterion.text) == (1, 5, "Names the risk.")


@pytest.mark.parametrize(
    "body", [b'{"points": NaN}', b'{"points": 1, "points": 2}', b"[" * 100_000, b"{", b"\xff\xfe"]
)
def test_a_body_that_is_not_strict_json_is_refused(api, alice, team, body):
    criterion = make_rubric(team, "Names the risk.").criteria.get()
    assert_problem(api(alice).patch(f"criteria/{criterion.pk}", body, If_Match="*"), 400)


def test_fields_that_are_not_to_be_set_stay_as_they_are(api, alice, team):
    criterion = make_rubric(team, "Names the risk.").criteria.get()
    sent = {"id": "0", "revision": 99, "created_at": "2020-01-01T00:00:00Z", "points": 6}
    changed = api(alice).patch(f"criteria/{criterion.pk}", sent, If_Match="*").json()
    assert (changed["id"], changed["revision"], changed["points"]) == (str(criterion.pk), 2, 6)
    for name in ("question", "deleted_at", "created_by", "position", "question_id"):
        refused = api(alice).patch(f"criteria/{criterion.pk}", {name: None}, If_Match="*")
        assert_problem(refused, 400)


def test_a_published_version_never_changes(api, alice, team):
    question = make_rubric(team, "Names the risk.", {"text": "Invents a study.", "points": -4})
    client = api(alice)
    made = client.post(f"questions/{question.pk}/versions", {"note": "First."})
    assert made.status_code == 201, made.content
    version = made.json()
    assert (version["number"], version["bump"]) == ("1.0.0", "major")
    document = client.get(f"versions/{version['id']}/document")
    assert hashlib.sha256(document.content).hexdigest() == version["content_hash"]
    assert document["ETag"] == f'"{version["content_hash"]}"'
    assert canonical_bytes(json.loads(document.content)) == document.content
    criterion = question.criteria.first()
    client.patch(f"criteria/{criterion.pk}", {"points": 9}, If_Match="*")
    assert client.get(f"versions/{version['id']}/document").content == document.content
    second = client.post(f"questions/{question.pk}/versions", {"note": "Heavier."}).json()
    assert (second["number"], second["bump"]) == ("1.1.0", "minor")
    unchanged = client.post(f"questions/{question.pk}/versions", {"note": "Again."})
    assert_problem(unchanged, 409)
    listed = client.get(f"questions/{question.pk}/versions").json()["results"]
    assert [row["number"] for row in listed] == ["1.1.0", "1.0.0"]


def test_an_empty_rubric_is_not_published(api, alice, team):
    question = make_question(make_collection(team))
    body = assert_problem(api(alice).post(f"questions/{question.pk}/versions", {"note": "x"}), 409)
    assert "criterion" in body["detail"].lower()


def test_a_bump_is_raised_and_never_lowered(api, alice, team):
    question = make_rubric(team, {"text": "Names the risk.", "points": 3})
    client = api(alice)
    path = f"questions/{question.pk}/versions"
    client.post(path, {"note": "First."})
    criterion = question.criteria.get()
    client.patch(f"criteria/{criterion.pk}", {"text": "Names each risk."}, If_Match="*")

    body = assert_problem(client.post(path, {"note": "Reworded.", "bump": "patch"}), 400)
    assert body["errors"][0]["pointer"] == "/bump"

    client.patch(f"criteria/{criterion.pk}", {"text": "Names the risk.", "points": 5}, If_Match="*")
    raised = client.post(path, {"note": "Heavier.", "bump": "major"}).json()
    assert raised["number"] == "2.0.0"


def test_paging_neither_skips_nor_repeats(api, alice, team):
    question = make_rubric(team, *[f"Sentence {number}." for number in range(12)])
    client, seen = api(alice), []
    path = f"/api/v1/questions/{question.pk}/criteria?page_size=5"
    while path:
        page = client.get(path).json()
        seen += [row["text"] for row in page["results"]]
        if len(seen) == 5:
            make_criterion(question, "Added meanwhile.")
        path = page["next"]
    assert seen[:12] == [f"Sentence {number}." for number in range(12)]
    assert len(seen) == len(set(seen)) == 13


def test_lists_cost_the_same_queries_however_long(api, alice, team, django_assert_num_queries):
    small = make_rubric(team, *[f"Sentence {number}." for number in range(3)])
    large = make_rubric(team, *[f"Sentence {number}." for number in range(40)])
    client = api(alice)
    client.get("collections")
    for question in (small, large):
        with django_assert_num_queries(3):
            client.get(f"questions/{question.pk}/criteria")


def test_an_unknown_address_is_a_problem_too(api, alice):
    assert_problem(api(alice).get("nothing/here"), 404)
    assert_problem(api(alice).get("questions/not-an-id"), 404)
    assert_problem(api(alice).http.put("/api/v1/collections", headers=api(alice).headers), 405)


def test_a_check_comes_and_goes_and_a_bad_one_is_named_at_its_place(api, alice, team):
    question = make_rubric(team)
    client, path = api(alice), f"questions/{question.pk}/criteria"
    check = {"kind": "number", "value": 37.5, "tolerance": 0.5, "unit": "°C"}
    made = client.post(path, {"text": "Gives the temperature.", "points": 2, "check": check})
    assert made.status_code == 201, made.content
    assert made.json()["check"] == check
    bad = {
        "/check/kind": {"kind": "sorcery"},
        "/check/pattern": {"kind": "regex", "pattern": "(?=a)"},
        "/check/values": {"kind": "contains"},
        "/check/depth": {"kind": "length", "at_most": 3, "depth": 1},
    }
    for pointer, spec in bad.items():
        given = {"text": "Is so.", "points": 1, "check": spec}
        body = assert_problem(client.post(path, given), 400)
        assert pointer in [it["pointer"] for it in body["errors"]]
    one = f"criteria/{made.json()['id']}"
    body = assert_problem(client.patch(one, {"check": bad["/check/kind"]}, If_Match="*"), 400)
    assert body["errors"][0]["pointer"] == "/check/kind"
    taken_off = client.patch(one, {"check": None}, If_Match=made["ETag"])
    assert taken_off.json()["check"] is None
