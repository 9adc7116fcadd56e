from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rubric_studio.accounts.forms import TokenForm
from rubric_studio.accounts.models import ApiToken
from rubric_studio.http import Request


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: Request) -> HttpResponse:
    form = TokenForm(request.POST or None)
    token, secret = None, ""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            token, secret = ApiToken.issue(request.user, **form.cleaned_data)
            form = TokenForm()
        else:
            status = 422
    # The secret is in this answer only: no redirect, no session, no cache ever holds it.
    mine = ApiToken.objects.filter(user=request.user)
    page = {"form": form, "tokens": mine, "new": token, "secret": secret}
    return TemplateResponse(request, "accounts/tokens.html", page, status=status)


@login_required
@require_POST
def token_revoke(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    token.revoke()
    messages.success(request, f"“{token.name}” is revoked. Programs that use it are refused now.")
    return redirect("tokens")
