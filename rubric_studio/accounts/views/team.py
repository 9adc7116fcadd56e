from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rubric_studio.accounts.access import MAY_MANAGE, get_team, has_role
from rubric_studio.accounts.forms import MemberForm, RoleForm
from rubric_studio.accounts.members import (
    AlreadyMember,
    add_member,
    change_role,
    invite_again,
    remove_member,
)
from rubric_studio.accounts.models import Membership, Role, Team
from rubric_studio.http import Request


def _page(
    request: Request,
    team: Team,
    form: MemberForm | None = None,
    *,
    invited: Membership | None = None,
    secret: str | None = None,
) -> TemplateResponse:
    link = request.build_absolute_uri(reverse("enter", args=[secret])) if secret else ""
    page = {
        "team": team,
        "members": team.memberships.select_related("user").order_by("created_at", "pk"),
        "form": form or MemberForm(),
        "roles": Role.choices,
        "manages": has_role(team, request.user, MAY_MANAGE),
        "invited": invited,
        "link": link,
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "accounts/team.html", page, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def team(request: Request, pk: int) -> HttpResponse:
    if request.method == "GET":
        return _page(request, get_team(request.user, pk))
    team = get_team(request.user, pk, MAY_MANAGE)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, team, form)
    try:
        added = add_member(team, **form.cleaned_data)
    except AlreadyMember as error:
        form.add_error("email", error.message)
        return _page(request, team, form)
    if added.secret is None:
        messages.success(request, f"{added.membership.user} is in the team now.")
        return redirect("team", pk)
    return _page(request, team, invited=added.membership, secret=added.secret)


@login_required
@require_POST
def team_sign_off(request: Request, pk: int) -> HttpResponse:
    """Whether versions must have passed their sign-off, or say why not."""
    team = get_team(request.user, pk, MAY_MANAGE)
    team.requires_sign_off = request.POST.get("requires_sign_off") == "yes"
    team.save(update_fields=["requires_sign_off"])
    said = "must pass sign-off" if team.requires_sign_off else "may be published without sign-off"
    messages.success(request, f"New versions {said} from now on.")
    return redirect("team", pk)


def _get_membership(request: Request, pk: int, member: int) -> Membership:
    team = get_team(request.user, pk, MAY_MANAGE)
    return get_object_or_404(team.memberships.select_related("team", "user"), pk=member)


@login_required
@require_POST
def member_role(request: Request, pk: int, member: int) -> HttpResponse:
    membership = _get_membership(request, pk, member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the four roles.")
        return redirect("team", pk)
    role = Role(form.cleaned_data["role"])
    change_role(membership, role)
    messages.success(request, f"{membership.user} is {role.label.lower()} now.")
    return redirect("team", pk)


@login_required
@require_POST
def member_remove(request: Request, pk: int, member: int) -> HttpResponse:
    membership = _get_membership(request, pk, member)
    remove_member(membership)
    messages.success(request, f"{membership.user} is no longer in {membership.team}.")
    return redirect("home" if membership.user == request.user else reverse("team", args=[pk]))


@never_cache
@login_required
@require_POST
def member_link(request: Request, pk: int, member: int) -> HttpResponse:
    """A new sign-in link for a member who never came in."""
    membership = _get_membership(request, pk, member)
    return _page(request, membership.team, invited=membership, secret=invite_again(membership))
