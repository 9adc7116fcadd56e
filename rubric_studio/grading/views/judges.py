"""A team's judges: the list, adding, changing, trying one, and taking one out."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, get_team
from rubric_studio.accounts.models import Membership, Team
from rubric_studio.engine.judging.local_servers import base_url_of, look_around, place_at
from rubric_studio.grading.access import get_judge
from rubric_studio.grading.forms.judge import JudgeEditForm, JudgeForm
from rubric_studio.grading.judges.editing import (
    Diagnosis,
    add_judge,
    delete_judge,
    edit_judge,
    editable_of,
    judges_for,
    last_trial,
    try_judge,
)
from rubric_studio.grading.judges.endpoints import address_guard, settings_problems
from rubric_studio.grading.judges.resting import note_reply, resting_sentence
from rubric_studio.grading.models import Judge, Run
from rubric_studio.http import Request, part_for_htmx
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.forms.problems import add_problems


@dataclass(frozen=True)
class Row:
    judge: Judge
    runs: int

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What its last test showed."""
        return last_trial(self.judge)

    @property
    def resting(self) -> str:
        """Since when and why it is left alone; "" for one that answers."""
        return resting_sentence(self.judge)

    @property
    def is_editable(self) -> bool:
        return bool(editable_of(self.judge))

    @property
    def price(self) -> str:
        """In and out per million tokens; "" where it costs nothing."""
        prices = self.judge.price_in, self.judge.price_out
        return " / ".join(_plain(it) for it in prices) if any(prices) else ""


@dataclass(frozen=True)
class Bench:
    """A team's judges. `is_demo_only`: nothing there that can be relied on."""

    team: Team
    rows: tuple[Row, ...]
    may_edit: bool

    @property
    def is_demo_only(self) -> bool:
        return all(row.judge.is_demo for row in self.rows)


@login_required
@require_safe
def judges(request: Request) -> HttpResponse:
    memberships = Membership.objects.filter(user=request.user).select_related("team")
    benches = _benches(memberships.order_by("team_id"))
    context = {"benches": benches, "settings_problems": settings_problems()}
    return TemplateResponse(request, "grading/judges.html", context)


def _benches(memberships: Iterable[Membership]) -> list[Bench]:
    found = [(it, judges_for(it.team)) for it in memberships]
    shown = [judge for _, rows in found for judge in rows]
    prefetch_related_objects(shown, "created_by", "members")
    used = Run.objects.filter(judge__in=shown)
    runs = dict(used.order_by().values_list("judge").annotate(total=Count("pk")))
    return [
        Bench(
            membership.team,
            tuple(Row(judge, runs.get(judge.pk, 0)) for judge in rows),
            membership.role in MAY_EDIT,
        )
        for membership, rows in found
    ]


@sensitive_variables()  # of everything below it: reports of a crash leave them out
@sensitive_post_parameters("api_key")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judge_add(request: Request, pk: int) -> HttpResponse:
    """From nothing, from another judge (?copy=), or from a server on this machine (?port=)."""
    team = get_team(request.user, pk, MAY_EDIT)
    copy = _judge_to_copy(request, team)
    form = JudgeForm(
        request.POST or None,
        copy=copy,
        model=request.GET.get("model", ""),
        base_url=_local_address(request.GET.get("port", "")),
    )
    if form.is_valid():
        try:
            judge = add_judge(team, request.user, copy_of=copy, **form.cleaned_data)
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        else:
            messages.success(request, f"{judge.name} is added. Test it before a run relies on it.")
            return redirect("judges")
    status = 422 if form.is_bound else 200
    context = {"team": team, "form": form, "copy": copy}
    return TemplateResponse(request, "grading/judge_add.html", context, status=status)


def _judge_to_copy(request: Request, team: Team) -> Judge | None:
    if "copy" not in request.GET:
        return None
    judge = get_judge(request.user, request.GET["copy"], MAY_EDIT)
    if judge.team_id != team.pk or judge.is_panel or judge.is_demo:
        raise Http404("There is no such judge to copy.")
    return judge


def _local_address(port: str) -> str:
    """Only of the places that are looked at: a link can't put an address of its own there."""
    known = place_at(port)
    return base_url_of(address_guard(), known.port) if known is not None else ""


@login_required
@require_safe
def judges_nearby(request: Request, pk: int) -> HttpResponse:
    """The servers that run on this machine, with their models."""
    team = get_team(request.user, pk, MAY_EDIT)
    looked = asyncio.run(look_around(address_guard()))
    template = part_for_htmx(request, "grading/judges_nearby.html#nearby")
    return TemplateResponse(request, template, {"team": team, "looked": looked})


@sensitive_variables()
@sensitive_post_parameters("api_key")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judge_edit(request: Request, pk: str) -> HttpResponse:
    judge = get_judge(request.user, pk, MAY_EDIT)
    if not editable_of(judge):
        raise Http404("There is nothing of this judge to change.")
    form = JudgeEditForm(judge, request.POST or None)
    if form.is_valid():
        try:
            judge = edit_judge(judge, request.user, **form.cleaned_data)
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        else:
            messages.success(
                request, f"{judge.name} is changed. What it has judged goes on counting."
            )
            return redirect("judges")
    status = 422 if form.is_bound else 200
    context = {"judge": judge, "form": form}
    return TemplateResponse(request, "grading/judge_edit.html", context, status=status)


@login_required
@require_POST
def judge_test(request: Request, pk: str) -> HttpResponse:
    """One small call; what came of it beside the judge, or above the list without JavaScript."""
    judge = get_judge(request.user, pk, MAY_EDIT)
    diagnosis = try_judge(judge)
    if diagnosis.ok:
        note_reply(judge.pk)
    if request.htmx:
        context = {"diagnosis": diagnosis, "judge": judge}
        return TemplateResponse(request, "grading/_diagnosis.html", context)
    tell = messages.success if diagnosis.ok else messages.warning
    tell(request, " ".join([f"{judge.name}: {diagnosis.sentence}", *diagnosis.notes]))
    return redirect("judges")


@login_required
@require_POST
def judge_delete(request: Request, pk: str) -> HttpResponse:
    judge = get_judge(request.user, pk, MAY_EDIT)
    delete_judge(judge, request.user)
    forgotten = "" if judge.is_panel else ", and its key forgotten"
    messages.success(request, f"{judge.name} is taken out{forgotten}. Its runs stay.")
    return redirect("judges")


def _plain(price: Decimal) -> str:
    return f"{price.normalize():f}"
