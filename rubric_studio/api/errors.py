"""Every error of the REST interface as RFC 9457 problem+json."""

from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from rubric_studio.engine.document.problems import Problem
from rubric_studio.errors import DomainError
from rubric_studio.rubrics.editing.refusals import InvalidEdit

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not offered",
    406: "Not acceptable",
    409: "Refused",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    428: "If-Match is missing",
    429: "Too many requests",
}


class BadInput(exceptions.APIException):
    """400 with one entry for each problem, at its JSON pointer."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid"

    def __init__(self, detail: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(detail)
        self.problems = problems


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag that you last read, so that no edit is lost."
    default_code = "precondition_required"


class PreconditionFailed(exceptions.APIException):
    """412 with the current state, so that the client can merge."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "This was changed since you read it. Merge with `current` and try again."
    default_code = "precondition_failed"

    def __init__(self, current: Any, etag: str) -> None:
        super().__init__()
        self.current = current
        self.etag = etag


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None for anything unforeseen: that is a bug and stays one (500)."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(str(error) or None)
    elif isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, InvalidEdit):
        error = BadInput(str(error), error.problems)
    if isinstance(error, DomainError):
        set_rollback()
        wait = error.retry_after
        headers = None if wait is None else {"Retry-After": str(wait)}
        return problem(409, error.message, code=error.code, headers=headers)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    extra: dict[str, Any] = {}
    if isinstance(error, exceptions.ValidationError):
        extra["errors"] = list(_field_errors(error.detail))
        detail = "; ".join(entry["detail"] for entry in extra["errors"])
    else:
        detail = str(error.detail)
    if isinstance(error, BadInput) and error.problems:
        extra["errors"] = [
            {"pointer": found.pointer, "detail": found.message} for found in error.problems
        ]
    if isinstance(error, PreconditionFailed):
        extra["current"] = error.current
        headers["ETag"] = error.etag
    code = getattr(error, "default_code", "error")
    return problem(error.status_code, detail, code=code, headers=headers, **extra)


def problem(
    status_code: int, detail: str, *, code: str, headers: dict[str, str] | None = None, **extra: Any
) -> Response:
    body = {
        "type": f"urn:rubric-studio:{code}",
        "title": TITLES.get(status_code, "Error"),
        "status": status_code,
        "detail": detail,
        **extra,
    }
    response = Response(body, status=status_code, headers=headers)
    response.content_type = "application/problem+json"
    return response


def _field_errors(detail: Any, pointer: str = "") -> Any:
    if isinstance(detail, dict):
        for name, value in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from _field_errors(value, pointer + step)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _field_errors(value, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail)}
