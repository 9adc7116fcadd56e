from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rubric_studio.accounts.attempts import Attempts, TooManyAttempts, address_of
from rubric_studio.accounts.forms import ChangedPasswordForm, NewPasswordForm, SignInForm
from rubric_studio.accounts.models import SignInLink, User
from rubric_studio.http import Request

WRONG = "This e-mail address and password do not belong together. Try again."


def _wanted(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or ""


def _target(request: HttpRequest) -> str:
    wanted = _wanted(request)
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return resolve_url("home")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        # Somebody's session ended on a page that is open; the page asks, and keeps what is on it.
        return HttpResponse("Sign in again.", status=401, content_type="text/plain")
    if request.user.is_authenticated:
        return redirect(_target(request))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = _authenticated(request, **form.cleaned_data)
            except TooManyAttempts as error:
                form.add_error(None, error.message)
                status = 429
            else:
                if user is not None:
                    login(request, user)
                    return redirect(_target(request))
                form.add_error(None, WRONG)
    return TemplateResponse(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": _wanted(request)},
        status=status,
    )


def _authenticated(request: HttpRequest, email: str, password: str) -> User | None:
    attempts = Attempts(email, address_of(request))
    attempts.refuse_too_many()
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        attempts.note_failure()
        return None
    attempts.forget()
    return user


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link. GET uses nothing up: mail programs and chats open links to preview them."""
    if request.method == "GET":
        link = SignInLink.usable(secret)
        return TemplateResponse(
            request, "accounts/enter.html", {"link": link}, status=200 if link else 410
        )
    user = SignInLink.redeem(secret)
    if user is None:
        return TemplateResponse(request, "accounts/enter.html", {"link": None}, status=410)
    login(request, user)
    return redirect("home")


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """Somebody who came in by a link has no password yet, and is asked for none."""
    form_class = ChangedPasswordForm if request.user.has_usable_password() else NewPasswordForm
    form = form_class(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, "Your password is changed. You stay signed in here.")
        return redirect("password")
    return TemplateResponse(
        request,
        "accounts/password.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )
