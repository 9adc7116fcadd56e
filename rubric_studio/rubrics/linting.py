"""What rules say of a draft, without what somebody let stand; letting it stand; repairing it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q
from django.db.models.functions import JSONObject

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.lint import LintFinding, lint_document
from rubric_studio.engine.document.types import Document, Number
from rubric_studio.errors import DomainError
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import add_criterion, edit_criterion, move_criterion
from rubric_studio.rubrics.models import Criterion, LintDismissal, Question

DISMISSED = {
    "criterion": F("criterion_key"),
    "named": F("rule"),
    "subject": F("subject_hash"),
    "why": F("reason"),
    "holds": F("stands"),
}

type DismissalKey = tuple[str, str, str]  # criterion, rule, hash of what it is about


class FindingGone(DomainError):
    code = "finding_gone"
    message = "The sentence has changed, and this no longer holds. Reload to see what does."


class NotLetStand(DomainError):
    code = "not_let_stand"
    message = "Nobody let this stand, or its sentence has changed since. Reload to see what holds."


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = "Say in a few words why this may stay as it is."


@dataclass(frozen=True)
class Noted:
    """A finding beside its sentence. `name` tells it from the others on the page."""

    finding: LintFinding
    text: str
    points: float
    subject_hash: str

    @property
    def name(self) -> str:
        return f"{self.finding.rule.id}.{self.subject_hash[:12]}"

    @property
    def key(self) -> DismissalKey:
        return (self.finding.criterion or "", self.finding.rule.id, self.subject_hash)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text[start:end] for start, end in self.finding.spans)

    @property
    def is_serious(self) -> bool:
        return self.finding.rule.severity != "info"

    @property
    def pieces(self) -> tuple[tuple[str, Number], ...]:
        """The sentences of a split, with what each would be worth."""
        fix = self.finding.fix
        if fix is None or fix.kind != "split":
            return ()
        return tuple(zip(fix.texts, shared_points(self.points, len(fix.texts)), strict=True))


@dataclass(frozen=True)
class LintedDraft:
    """`reasons` are those for which somebody let a finding stand."""

    document: Document
    reasons: Mapping[DismissalKey, str] = field(default_factory=dict)

    @cached_property
    def _all(self) -> tuple[Noted, ...]:
        return tuple(noted(it, self.document) for it in lint_document(self.document).findings)

    @cached_property
    def noted(self) -> tuple[Noted, ...]:
        return tuple(it for it in self._all if it.key not in self.reasons)

    @cached_property
    def let_stand(self) -> tuple[tuple[Noted, str], ...]:
        """Findings that still hold and were let stand, each with the reason."""
        return tuple((it, self.reasons[it.key]) for it in self._all if it.key in self.reasons)

    @cached_property
    def _by_criterion(self) -> Mapping[str | None, list[Noted]]:
        found: dict[str | None, list[Noted]] = {}
        for it in self.noted:
            found.setdefault(it.finding.criterion, []).append(it)
        return found

    def of(self, key: str | None) -> tuple[Noted, ...]:
        """Of one criterion, or, with None, of the rubric as a whole."""
        return tuple(self._by_criterion.get(key, ()))

    def let_stand_of(self, key: str | None) -> tuple[tuple[Noted, str], ...]:
        return tuple(it for it in self.let_stand if it[0].finding.criterion == key)

    @property
    def whole(self) -> tuple[Noted, ...]:
        return self.of(None)

    @property
    def whole_let_stand(self) -> tuple[tuple[Noted, str], ...]:
        return self.let_stand_of(None)

    @property
    def serious(self) -> int:
        """How many criteria have something that should not stay."""
        return len({it.finding.criterion for it in self.noted if it.is_serious} - {None})


def linted(question: Question, document: Document) -> LintedDraft:
    return LintedDraft(document, dismissals_of(question))


def dismissals_of(question: Question) -> dict[DismissalKey, str]:
    """What was let stand and not brought back, each with its reason."""
    rows = LintDismissal.objects.filter(question=question).order_by("pk")
    return _reasons(rows.values(**DISMISSED))


def _reasons(rows: Iterable[Mapping[str, Any]]) -> dict[DismissalKey, str]:
    """The last row on each finding counts."""
    last = {(it["criterion"], it["named"], it["subject"]): it for it in rows}
    return {key: it["why"] for key, it in last.items() if it["holds"]}


def with_trash(question: Question, document: Document) -> tuple[LintedDraft, int]:
    """The same, and how many criteria are in the trash, in one query: for the writing page."""
    own = LintDismissal.objects.filter(question=OuterRef("pk")).order_by("pk")
    trashed = Count("criteria", filter=~Q(criteria__deleted_at=None))
    found = Question.objects.filter(pk=question.pk).order_by()
    counted = found.annotate(
        trashed=trashed,
        let_stand=ArraySubquery(own.annotate(it=JSONObject(**DISMISSED)).values("it")),
    )
    number, rows = counted.values_list("trashed", "let_stand").get()
    return LintedDraft(document, _reasons(rows)), number


def noted(finding: LintFinding, document: Document) -> Noted:
    criterion = document.criterion(finding.criterion) if finding.criterion else None
    text = criterion.text if criterion else ""
    return Noted(
        finding, text, float(criterion.points) if criterion else 0.0, subject_hash(finding, text)
    )


def subject_hash(finding: LintFinding, text: str) -> str:
    """Of the sentence and of what else the finding rests on."""
    return hashlib.sha256(f"{text}\n{finding.subject}".encode()).hexdigest()


def shared_points(points: Number, pieces: int) -> tuple[Number, ...]:
    """Points in equal parts that sum to the whole; whole numbers where each gets one at least."""
    sign, size = (1 if points > 0 else -1), abs(points)
    if size != int(size) or size < pieces:
        return (points / pieces,) * pieces
    each, more = divmod(int(size), pieces)
    return tuple(sign * (each + (place < more)) for place in range(pieces))


@transaction.atomic
def dismiss_finding(
    question: Question, user: User, name: str, reason: str, criterion: str | None = None
) -> LintDismissal:
    """Let a finding stand, of the criterion with that key or of the rubric as a whole.

    Raises ReasonMissing, FindingGone.
    """
    if not reason.strip():
        raise ReasonMissing
    found = _named(_draft(question).of(criterion), name)
    if found is None:
        raise FindingGone
    return _state(question, user, found, reason=reason.strip())


@transaction.atomic
def bring_back(question: Question, user: User, name: str, criterion: str | None = None) -> None:
    """End that a finding stands. Raises NotLetStand."""
    stood = _draft(question).let_stand_of(criterion)
    found = _named([it for it, _ in stood], name)
    if found is None:
        raise NotLetStand
    _state(question, user, found, stands=False)


def _state(
    question: Question, user: User, found: Noted, *, reason: str = "", stands: bool = True
) -> LintDismissal:
    criterion, rule, subject = found.key
    return LintDismissal.objects.create(
        question=question,
        criterion_key=criterion,
        rule=rule,
        subject_hash=subject,
        reason=reason,
        stands=stands,
        author=user,
    )


@transaction.atomic
def fix_finding(criterion: Criterion, user: User, name: str, based_on: int | None) -> Criterion:
    """Make the repair that the finding proposes, as edits like any other.

    Raises FindingGone, StaleWrite, InvalidEdit; then nothing is written.
    """
    found = _named(_draft(criterion.question).of(criterion.key), name)
    fix = found.finding.fix if found else None
    if found is None or fix is None:
        raise FindingGone
    if fix.kind == "flip_sign":
        return edit_criterion(criterion, user, based_on, points=-criterion.points)
    if fix.kind == "reword":
        return edit_criterion(criterion, user, based_on, text=fix.texts[0])
    (first, points), *rest = found.pieces
    edited = edit_criterion(criterion, user, based_on, text=first, points=points)
    _add_pieces(edited, user, rest)
    return edited


def _add_pieces(after: Criterion, user: User, pieces: Iterable[tuple[str, Number]]) -> None:
    """The other pieces behind the first, in the same section and with the same notes."""
    section = after.section
    for text, points in pieces:
        added = add_criterion(
            after.question,
            user,
            text=text,
            points=points,
            section=section.key if section else None,
            guidance=after.guidance,
            tags=list(after.tags),
            may_not_apply=after.may_not_apply,
            guard=after.guard,
            source=after.source,
        )
        after = move_criterion(added, user, section=section, after=after)


def _draft(question: Question) -> LintedDraft:
    return linted(question, draft_document(question))


def _named(found: Iterable[Noted], name: str) -> Noted | None:
    return next((it for it in found if it.name == name), None)
