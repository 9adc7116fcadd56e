import json

import pytest
from django.test import Client

ALL_SCOPES = ["rubrics:read", "rubrics:write", "runs:write", "export:read"]


class ApiClient:
    """Speaks JSON with a bearer token; `api(alice).get("collections")`."""

    def __init__(self, secret):
        self.http = Client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path, **headers):
        return self._call("get", path, None, headers)

    def post(self, path, body=None, **headers):
        return self._call("post", path, body, headers)

    def patch(self, path, body, **headers):
        return self._call("patch", path, body, headers)

    def delete(self, path, **headers):
        return self._call("delete", path, None, headers)

    def upload(self, path, data, content_type="application/x-ndjson"):
        return self.http.post(
            f"/api/v1/{path}", data, content_type=content_type, headers=self.headers
        )

    def _call(self, method, path, body, headers):
        path = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        options = {"headers": {**self.headers, **named}}
        if method in ("post", "patch", "put"):
            data = body if isinstance(body, bytes | str) else json.dumps(body or {})
            options |= {"data": data, "content_type": "application/json"}
        return getattr(self.http, method)(path, **options)


@pytest.fixture
def api(db):
    """api(user) or api(user, "rubrics:read"): a client with a fresh token; api(None) has none."""
    from rubric_studio.accounts.models import ApiToken

    def client(user, *scopes):
        if user is None:
            return ApiClient("")
        return ApiClient(ApiToken.issue(user, "test", list(scopes) or ALL_SCOPES)[1])

    return client


def assert_problem(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == status
    assert {"type", "title", "detail"} <= set(body)
    return body
