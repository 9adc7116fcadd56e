"""A team's judges: those its members add, the operator's, and the demo judge."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import Team, User
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.judging.addresses import ForbiddenAddress
from rubric_studio.grading.endpoints import (
    JudgeGone,
    aad_of,
    address_guard,
    endpoint_of,
    endpoint_with,
    hint_of,
    identity_of,
    installed_judges,
    is_same_judge,
)
from rubric_studio.grading.models import Judge
from rubric_studio.grading.secrets import encrypt
from rubric_studio.grading.trying import Diagnosis, try_judge
from rubric_studio.rubrics.editing.refusals import InvalidEdit

__all__ = [
    "Diagnosis",
    "JudgeGone",
    "add_judge",
    "delete_judge",
    "endpoint_of",
    "identity_of",
    "judges_for",
    "try_judge",
]

OPTIONS = (
    "temperature",
    "max_tokens",
    "seed",
    "timeout",
    "structured_output",
    "extra_body",
    "concurrency",
    "price_in",
    "price_out",
)


def judges_for(team: Team) -> list[Judge]:
    """The judges that the team can use now; those of the installation brought up to date."""
    rows = list(Judge.objects.live().filter(team=team))
    wanted = installed_judges()
    current = {row.kind: row for row in rows if row.kind != Judge.Kind.ADDED}
    if not _differ(current, wanted):
        return _in_order(rows)
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        rows = list(Judge.objects.live().filter(team=team))
        current = {row.kind: row for row in rows if row.kind != Judge.Kind.ADDED}
        for kind in _differ(current, wanted):
            _refresh(team, kind, current.get(kind), wanted.get(kind))
    return _in_order(list(Judge.objects.live().filter(team=team)))


@transaction.atomic
def add_judge(
    team: Team,
    user: User,
    *,
    name: str,
    base_url: str,
    model: str,
    api_key: str = "",
    **options: Any,
) -> Judge:
    """One more judge. Raises InvalidEdit: a forbidden address, settings that can't be sent."""
    unknown = [
        Problem(pointer(it), "There is no such field.") for it in options.keys() - {*OPTIONS}
    ]
    if unknown:
        raise InvalidEdit(unknown)
    judge = Judge(
        pk=uuid.uuid4(),
        team=team,
        name=name.strip(),
        base_url=base_url.strip().rstrip("/"),
        model=model.strip(),
        created_by=user,
        **options,
    )
    key = api_key.strip()
    problems = [*_column_problems(judge), *_address_problems(judge)]
    problems = problems or _option_problems(judge, key)
    if problems:
        raise InvalidEdit(problems)
    if key:
        judge.key_encrypted = encrypt(key, aad_of(judge))
        judge.key_hint = hint_of(key)
    judge.save(force_insert=True)
    return judge


@transaction.atomic
def delete_judge(judge: Judge, user: User) -> None:
    """Take it out of the list. Its runs stay and name it; its key is forgotten."""
    if judge.kind not in (Judge.Kind.ADDED, Judge.Kind.PANEL):
        raise JudgeGone("This judge comes with the installation; it can't be taken out.")
    Judge.objects.filter(pk=judge.pk, deleted_at=None).update(
        deleted_at=now(), key_encrypted=None, key_hint=""
    )


def _differ(current: Mapping[str, Judge], wanted: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The kinds whose rows are not what the settings say."""
    kinds = (Judge.Kind.ENVIRONMENT, Judge.Kind.DEMO)
    return [
        kind
        for kind in kinds
        if (kind in current or kind in wanted)
        and not (kind in current and _holds(current[kind], wanted.get(kind)))
    ]


def _holds(judge: Judge, fields: Mapping[str, Any] | None) -> bool:
    """Whether the row says exactly what the settings say."""
    return fields is not None and all(getattr(judge, it) == fields[it] for it in fields)


def _refresh(team: Team, kind: str, row: Judge | None, fields: Mapping[str, Any] | None) -> None:
    if row is not None and not is_same_judge(row, fields):
        Judge.objects.filter(pk=row.pk).update(deleted_at=now())
        row = None
    if fields is None:
        return
    if row is None:
        Judge.objects.create(team=team, kind=kind, **fields)
    else:
        Judge.objects.filter(pk=row.pk).update(**fields)


def _in_order(rows: list[Judge]) -> list[Judge]:
    """The operator's judge first, the demo judge last: the first one is what a run offers."""
    kinds = [Judge.Kind.ENVIRONMENT, Judge.Kind.ADDED, Judge.Kind.PANEL, Judge.Kind.DEMO]
    return sorted(rows, key=lambda row: kinds.index(Judge.Kind(row.kind)))


def _column_problems(judge: Judge) -> list[Problem]:
    try:
        judge.clean_fields(exclude={"team", "created_by"})
    except ValidationError as error:
        return [
            Problem(pointer(name), message)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return []


def _address_problems(judge: Judge) -> list[Problem]:
    try:
        address_guard().check_url(judge.base_url)
    except ForbiddenAddress as error:
        return [Problem("/base_url", error.message)]
    return []


def _option_problems(judge: Judge, key: str) -> list[Problem]:
    problems = []
    if not isinstance(judge.extra_body, dict):
        problems.append(Problem("/extra_body", 'Write a JSON object, such as {"top_p": 1}.'))
    if not isinstance(judge.concurrency, int) or judge.concurrency < 1:
        problems.append(Problem("/concurrency", "Allow at least one call at a time."))
    for name in ("price_in", "price_out"):
        if getattr(judge, name) is None or Decimal(getattr(judge, name)) < 0:
            problems.append(Problem(pointer(name), "A price can't be negative."))
    if problems:
        return problems
    try:
        endpoint_with(judge, "")
    except ValueError as error:
        return [Problem("", str(error))]
    try:
        endpoint_with(judge, key)
    except ValueError as error:
        return [Problem("/api_key", str(error))]
    return []
