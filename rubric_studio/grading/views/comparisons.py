"""Two answers side by side: which is better?"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL, has_role
from rubric_studio.grading.answers.comparisons import (
    NothingToWithdraw,
    NotSortedYet,
    compare_answers,
    take_over_tiers,
    withdraw_last,
)
from rubric_studio.grading.answers.pairing import Pair, comparing
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question
from rubric_studio.rubrics.models import Question

MOST_SKIPPED = 50


@login_required
@require_safe
def comparisons(request: Request, pk: UUID) -> HttpResponse:
    question = get_question(request.user, pk, MAY_LABEL)
    given = request.GET.getlist("skipped")[-MOST_SKIPPED:]
    state = comparing(question, request.user, _pairs(given))
    context = {
        "question": question,
        "tab": "answers",
        "state": state,
        "skipped": given,
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }
    if state.pair is not None:
        left, right = state.pair
        read = question.answers.in_bulk([left, right])
        context |= {"left": read[left], "right": read[right]}
    return TemplateResponse(request, "grading/comparisons.html", context)


@login_required
@require_POST
def comparison_choose(request: Request, pk: UUID) -> HttpResponse:
    """One choice, or with `choice=skip` the pair is put off: the address remembers it."""
    question = get_question(request.user, pk, MAY_LABEL)
    live = question.answers.live()
    left = get_object_or_404(live, pk=as_id(request.POST.get("left", "")))
    right = get_object_or_404(live, pk=as_id(request.POST.get("right", "")))
    skipped = request.POST.getlist("skipped")
    choice = request.POST.get("choice")
    if choice == "skip":
        skipped.append(f"{left.pk}_{right.pk}")
    elif choice == "right":
        compare_answers(right, left, request.user)
    elif choice in ("left", "tie"):
        compare_answers(left, right, request.user, is_tie=choice == "tie")
    else:
        messages.error(request, "Choose the left answer, the right one, or a tie.")
    return _back(question, skipped)


@login_required
@require_POST
def comparison_undo(request: Request, pk: UUID) -> HttpResponse:
    question = get_question(request.user, pk, MAY_LABEL)
    try:
        withdraw_last(question, request.user)
    except NothingToWithdraw as refusal:
        messages.error(request, refusal.message)
    return _back(question, request.POST.getlist("skipped"))


@login_required
@require_POST
def comparison_tiers(request: Request, pk: UUID) -> HttpResponse:
    """Take one expert's order over as the answers' tiers."""
    question = get_question(request.user, pk, MAY_EDIT)
    state = comparing(question, request.user)
    whole = [it for it in (state.mine, *state.others) if it.done.is_whole]
    named = request.POST.get("expert", "")
    order = next((it for it in whole if str(it.expert.pk) == named), None)
    if order is None or len(state.answers) < 2:
        messages.error(request, NotSortedYet.message)
        return redirect("comparisons", question.pk)
    changed = take_over_tiers(question, request.user, order.stated)
    said = "1 answer has" if changed == 1 else f"{changed} answers have"
    messages.success(request, f"{said} a new tier, by the order of {order.expert.name}.")
    return redirect("answers", question.pk)


def _pairs(given: list[str]) -> set[Pair]:
    pairs = set()
    for text in given:
        try:
            pairs.add(frozenset(UUID(it) for it in text.split("_")))
        except ValueError:
            continue  # an address that somebody changed by hand skips nothing
    return pairs


def _back(question: Question, skipped: list[str]) -> HttpResponse:
    address = reverse("comparisons", args=[question.pk])
    query = urlencode({"skipped": skipped[-MOST_SKIPPED:]}, doseq=True)
    return redirect(f"{address}?{query}" if skipped else address)
