"""What the open editor of a criterion shows, and the writing page around it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.template.response import TemplateResponse

from rubric_studio.accounts.access import MAY_EDIT, has_role
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id
from rubric_studio.rubrics.conflicts import Conflict
from rubric_studio.rubrics.draft import load_draft
from rubric_studio.rubrics.forms.criterion import CriterionForm, NewCriterionForm
from rubric_studio.rubrics.linting import with_trash
from rubric_studio.rubrics.models import Criterion, Question
from rubric_studio.rubrics.outline import Entry, Outline, outline_of


@dataclass(frozen=True)
class Editor:
    """The one open criterion: what was typed, and what stands against it."""

    entry: Entry
    form: CriterionForm
    outline: Outline
    conflict: Conflict | None = None
    # The revision that what was typed is based on; it differs from the row's while in conflict.
    based_on: int = 0

    @property
    def row(self) -> Criterion:
        assert self.entry.row is not None
        return self.entry.row

    @property
    def form_id(self) -> str:
        return f"editor-{self.row.pk}"

    @property
    def take_url(self) -> str:
        """Opens the editor anew, with what others wrote."""
        return f"?open={self.row.pk}#c-{self.row.pk}"

    @property
    def percent_of_maximum(self) -> float:
        """What the criterion's points are of all points to earn."""
        return 100 * self.entry.criterion.points / (self.outline.weight.earn or 1)


def draft_outline(question: Question) -> Outline:
    draft = load_draft(question)
    for section in draft.sections:
        section.question = question
    for criterion in draft.criteria:
        criterion.question = question
    return outline_of(
        draft.document,
        {row.key: row for row in draft.criteria},
        {row.key: row for row in draft.sections},
    )


def editor_of(
    outline: Outline,
    pk: object,
    form: CriterionForm | None = None,
    conflict: Conflict | None = None,
    based_on: int | None = None,
) -> Editor:
    """The editor of this criterion; 404 when it is not in the draft."""
    for entry in outline.entries:
        if entry.row is not None and entry.row.pk == as_id(pk):
            shown = form or CriterionForm.of(entry.criterion, outline.document)
            return Editor(entry, shown, outline, conflict, based_on or entry.row.revision)
    raise Http404("This criterion is not in the draft; it may be in the trash.")


def write_page(
    request: Request,
    question: Question,
    outline: Outline,
    *,
    editor: Editor | None = None,
    new_form: NewCriterionForm | None = None,
    status: int = 200,
) -> TemplateResponse:
    lint, trashed = with_trash(question, outline.document)
    context: dict[str, Any] = {
        "question": question,
        "linted_draft": lint,
        "tab": "write",
        "outline": outline,
        "editor": editor,
        "new_form": new_form,
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
        "trashed": trashed,
    }
    return TemplateResponse(request, "rubrics/write.html", context, status=status)
