"""The prompt as a judge gets it, and a team's own rules in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from rubric_studio.accounts.access import MAY_EDIT, get_team, has_role
from rubric_studio.engine.judging.prompt import STANDARD_RULES
from rubric_studio.grading.forms.prompt_rules import PromptRulesForm
from rubric_studio.grading.judges.prompt_page import shown_prompt
from rubric_studio.grading.judges.prompt_rules import change_rules, history_of, wording_of
from rubric_studio.http import Request
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.forms.problems import add_problems


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prompt(request: Request, pk: int) -> HttpResponse:
    team = get_team(request.user, pk, MAY_EDIT if request.method == "POST" else None)
    wording, history = wording_of(team), history_of(team)
    newest = history[0].number if history else 0
    form = PromptRulesForm(request.POST or None, words=wording.words, newest=newest)
    if form.is_valid():
        try:
            change_rules(team, request.user, **form.cleaned_data)
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        else:
            messages.success(request, "The rules are changed. The next run asks by them.")
            return redirect("judges-prompt", team.pk)
    context = {
        "team": team,
        "form": form,
        "wording": wording,
        "shown": shown_prompt(wording),
        "standard": STANDARD_RULES,
        "history": history,
        "may_edit": has_role(team, request.user, MAY_EDIT),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "grading/prompt.html", context, status=status)
