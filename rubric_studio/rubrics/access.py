"""The only ways to an object of this app: 404 to strangers, 403 to those who may only read."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404

from rubric_studio.accounts.access import require_role
from rubric_studio.accounts.models import Role, User
from rubric_studio.rubrics.models import Collection, Criterion, Question, Section, Version

Roles = frozenset[Role]


def as_id(value: object) -> uuid.UUID:
    """404 rather than an error for an id that can't be one."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise Http404("There is nothing with this id.") from None


def get_collection(user: User, slug: str, roles: Roles | None = None) -> Collection:
    collection = get_object_or_404(
        Collection.objects.visible_to(user).select_related("team"), slug=slug
    )
    if roles is not None:
        require_role(collection.team, user, roles)
    return collection


def get_question(user: User, pk: object, roles: Roles | None = None) -> Question:
    question = get_object_or_404(
        Question.objects.visible_to(user).live().select_related("collection__team"), pk=as_id(pk)
    )
    if roles is not None:
        require_role(question.collection.team, user, roles)
    return question


def get_criterion(user: User, pk: object, roles: Roles | None = None) -> Criterion:
    """Also one that is in the trash: whoever restores it needs it."""
    criterion = get_object_or_404(
        Criterion.objects.visible_to(user).select_related("question__collection__team", "section"),
        pk=as_id(pk),
        question__deleted_at=None,
    )
    if roles is not None:
        require_role(criterion.question.collection.team, user, roles)
    return criterion


def get_section(user: User, pk: object, roles: Roles | None = None) -> Section:
    section = get_object_or_404(
        Section.objects.visible_to(user).select_related("question__collection__team"),
        pk=as_id(pk),
        question__deleted_at=None,
    )
    if roles is not None:
        require_role(section.question.collection.team, user, roles)
    return section


def get_version(user: User, pk: object) -> Version:
    return get_object_or_404(
        Version.objects.visible_to(user).select_related("question__collection__team"), pk=as_id(pk)
    )
