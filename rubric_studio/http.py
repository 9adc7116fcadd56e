"""What every view shares: the request's type, the part for htmx, refusals as pages."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from rubric_studio.errors import DomainError

if TYPE_CHECKING:
    from rubric_studio.accounts.models import User


class Request(HttpRequest):
    """A request of somebody signed in."""

    user: "User"
    htmx: HtmxDetails


def part_for_htmx(request: HttpRequest, template: str) -> str:
    """'page.html#part' for an htmx request, 'page.html' for a browser without JavaScript."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return template if htmx else template.partition("#")[0]


class DomainErrorMiddleware:
    """Shows a DomainError to the person who caused it.

    htmx gets the message as a fragment with 409 (the page's script shows it without replacing
    anything); a form post goes back to where it came from with the message on top.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if request.htmx:  # type: ignore[attr-defined]
            return TemplateResponse(request, "_refusal.html", {"error": error}, status=409).render()
        referer = request.META.get("HTTP_REFERER", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(
            referer, {request.get_host()}
        ):
            messages.error(request, error.message)
            return redirect(referer)
        return TemplateResponse(request, "refused.html", {"error": error}, status=409).render()
