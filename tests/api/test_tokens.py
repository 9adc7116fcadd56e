from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.api.conftest import ApiClient, assert_problem
from tests.cast import make_collection


def test_without_a_token_every_address_answers_401(api):
    response = api(None).get("collections")
    assert_problem(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["rs_", "rs_short", "rs_" + "a" * 36, "xx", "rs_" + "é" * 36])
def test_a_malformed_token_costs_no_query(secret, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = ApiClient(secret).get("collections")
    assert_problem(response, 401)


def test_a_revoked_token_is_refused_on_the_next_request(api, alice):
    client = api(alice)
    assert client.get("collections").status_code == 200
    alice.api_tokens.get().revoke()
    assert_problem(client.get("collections"), 401)


def test_an_expired_token_is_refused(api, alice):
    client = api(alice)
    alice.api_tokens.update(expires_at=now() - timedelta(seconds=1))
    assert_problem(client.get("collections"), 401)


def test_a_token_out_of_scope_says_which_one_it_needs(api, alice, team):
    collection = make_collection(team)
    body = assert_problem(api(alice, "rubrics:read").post("collections", {"name": "Wards"}), 403)
    assert "rubrics:write" in body["detail"]
    export = api(alice, "rubrics:read").get(
        f"collections/{collection.slug}/export?format=rubric-studio"
    )
    assert "export:read" in assert_problem(export, 403)["detail"]


def test_a_session_does_not_sign_api_requests(client, alice):
    client.force_login(alice)
    assert client.get("/api/v1/collections").status_code == 401


def test_use_is_noted_by_the_hour(api, alice, django_assert_max_num_queries):
    client = api(alice)
    client.get("collections")
    token = alice.api_tokens.get()
    assert token.last_used_at is not None
    with django_assert_max_num_queries(3):
        client.get("collections")
