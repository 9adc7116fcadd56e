"""Making a panel of judges."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from rubric_studio.accounts.access import MAY_EDIT, get_team
from rubric_studio.grading.forms.panel import PanelForm
from rubric_studio.grading.judges.editing import judges_for
from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.http import Request
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.forms.problems import add_problems


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def panel_add(request: Request, pk: int) -> HttpResponse:
    team = get_team(request.user, pk, MAY_EDIT)
    form = PanelForm(judges_for(team), request.POST or None)
    if form.is_valid():
        try:
            panel = make_panel(
                team, request.user, name=form.cleaned_data["name"], members=form.chosen()
            )
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        else:
            messages.success(request, f"{panel.name} is made. Choose it where you grade.")
            return redirect("judges")
    status = 422 if form.is_bound else 200
    context = {"team": team, "form": form}
    return TemplateResponse(request, "grading/panel_add.html", context, status=status)
