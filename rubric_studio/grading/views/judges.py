"""A team's judges: the list, adding one, trying one, taking one out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, get_team
from rubric_studio.accounts.models import Membership, Team
from rubric_studio.grading.access import get_judge
from rubric_studio.grading.forms.judge import JudgeForm
from rubric_studio.grading.judges import add_judge, delete_judge, judges_for, try_judge
from rubric_studio.grading.models import Judge, Run
from rubric_studio.http import Request
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.forms.problems import add_problems


@dataclass(frozen=True)
class Row:
    judge: Judge
    runs: int

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
    return TemplateResponse(request, "grading/judges.html", {"benches": benches})


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


@sensitive_post_parameters("api_key")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judge_add(request: Request, pk: int) -> HttpResponse:
    team = get_team(request.user, pk, MAY_EDIT)
    form = JudgeForm(request.POST or None)
    if form.is_valid():
        try:
            judge = add_judge(team, request.user, **form.cleaned_data)
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        else:
            messages.success(request, f"{judge.name} is added. Test it before a run relies on it.")
            return redirect("judges")
    status = 422 if form.is_bound else 200
    context = {"team": team, "form": form}
    return TemplateResponse(request, "grading/judge_add.html", context, status=status)


@login_required
@require_POST
def judge_test(request: Request, pk: str) -> HttpResponse:
    """One small call; what came of it beside the judge, or above the list without JavaScript."""
    judge = get_judge(request.user, pk, MAY_EDIT)
    diagnosis = try_judge(judge)
    if request.htmx:
        context = {"diagnosis": diagnosis}
        return TemplateResponse(request, "grading/_diagnosis.html", context)
    tell = messages.success if diagnosis.ok else messages.warning
    tell(request, f"{judge.name}: {diagnosis.sentence}")
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
