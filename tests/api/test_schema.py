import json

from openapi_spec_validator import validate


def test_the_description_is_valid_openapi_3_1(client, db):
    response = client.get("/api/v1/schema", headers={"Accept": "application/json"})
    assert response.status_code == 200
    description = json.loads(response.content)
    assert description["openapi"].startswith("3.1")
    validate(description)


def test_the_description_names_every_promised_address(client, db):
    paths = json.loads(client.get("/api/v1/schema").content)["paths"]
    promised = {
        "/api/v1/collections": "get post",
        "/api/v1/collections/{slug}": "get",
        "/api/v1/collections/{slug}/imports": "post",
        "/api/v1/collections/{slug}/export": "get",
        "/api/v1/collections/{slug}/questions": "get post",
        "/api/v1/questions/{id}": "get patch delete",
        "/api/v1/questions/{id}/criteria": "get post",
        "/api/v1/criteria/{id}": "get patch delete",
        "/api/v1/questions/{id}/draft": "get",
        "/api/v1/questions/{id}/versions": "get post",
        "/api/v1/versions/{id}": "get",
        "/api/v1/versions/{id}/document": "get",
        "/api/v1/questions/{id}/answers": "get post",
        "/api/v1/answers/{id}": "patch delete",
        "/api/v1/questions/{id}/comparisons": "get post",
        "/api/v1/answers/{id}/labels": "get post",
        "/api/v1/judges": "get post",
        "/api/v1/questions/{id}/runs": "post",
        "/api/v1/runs/{id}": "get",
        "/api/v1/runs/{id}/grades": "get",
        "/api/v1/runs/{id}/cancel": "post",
        "/api/v1/runs/{id}/resume": "post",
        "/api/v1/runs/{id}/steering": "get",
    }
    for path, methods in promised.items():
        assert path in paths, sorted(paths)
        assert set(methods.split()) <= set(paths[path]), path
