"""problem+json where DRF never gets to speak: an unknown address, a crash."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error as page_server_error


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    return _problem(404, "Not found", "There is no such address. See /api/v1/schema.")


def server_error(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return page_server_error(request)
    return _problem(500, "Server error", "Something broke on our side. Nothing was half-written.")


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")
