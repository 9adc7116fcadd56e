"""A team's judges: those its members add, the operator's, and the demo judge."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import Team, User
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.grading.judges.endpoints import (
    JudgeGone,
    aad_of,
    endpoint_of,
    hint_of,
    identity_of,
    installed_judges,
    is_same_judge,
)
from rubric_studio.grading.judges.problems import key_problems, problems_of
from rubric_studio.grading.judges.secrets import encrypt
from rubric_studio.grading.judges.trying import Diagnosis, last_trial, try_judge
from rubric_studio.grading.models import Judge
from rubric_studio.rubrics.editing.refusals import InvalidEdit

__all__ = [
    "Diagnosis",
    "JudgeGone",
    "add_judge",
    "delete_judge",
    "edit_judge",
    "editable_of",
    "endpoint_of",
    "identity_of",
    "judges_for",
    "last_trial",
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

# None of it is part of a judge's identity (endpoints.identity_of): its grades go on counting.
IN_PLACE = ("name", "concurrency", "timeout", "price_in", "price_out")


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
    copy_of: Judge | None = None,
    **options: Any,
) -> Judge:
    """One more judge. Raises InvalidEdit: a forbidden address, settings that can't be sent.

    Without a key it takes that of `copy_of`, a judge of the same team, as long as the address is
    the same: nobody may send a key that they don't know to another place.
    """
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
    key = api_key.strip() or _key_to_copy(judge, copy_of)
    problems = problems_of(judge) or key_problems(judge, key)
    if problems:
        raise InvalidEdit(problems)
    _lock_up(judge, key)
    judge.save(force_insert=True)
    return judge


@transaction.atomic
def edit_judge(
    judge: Judge, user: User, *, api_key: str = "", forget_key: bool = False, **fields: Any
) -> Judge:
    """Change what can't change a verdict: `editable_of` names it. "" leaves the key as it is.

    Raises InvalidEdit; JudgeGone for one that was taken out meanwhile, or has nothing to change.
    """
    judge = Judge.objects.select_for_update(no_key=True, of=("self",)).get(pk=judge.pk)
    editable = editable_of(judge)
    if judge.deleted_at is not None or not editable:
        raise JudgeGone
    others = [it for it in fields if it not in editable]
    if (api_key or forget_key) and judge.kind != Judge.Kind.ADDED:
        others.append("api_key")
    if others:
        message = "This makes another judge of it. Copy the judge, and change the copy."
        raise InvalidEdit([Problem(pointer(it), message) for it in others])
    for name, value in fields.items():
        setattr(judge, name, value.strip() if isinstance(value, str) else value)
    key = api_key.strip()
    problems = problems_of(judge) or key_problems(judge, key)
    if problems:
        raise InvalidEdit(problems)
    if key or forget_key:
        _lock_up(judge, key)
        judge.trial = None
    judge.save(update_fields=[*fields, "key_encrypted", "key_hint", "trial"])
    return judge


def editable_of(judge: Judge) -> tuple[str, ...]:
    """What can be changed in place; the key beside it for one that the team added."""
    if judge.kind == Judge.Kind.ADDED:
        return IN_PLACE
    return IN_PLACE[1:] if judge.kind == Judge.Kind.ENVIRONMENT else ()


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


def _key_to_copy(judge: Judge, other: Judge | None) -> str:
    same = other is not None and (other.team_id, other.base_url) == (judge.team_id, judge.base_url)
    if other is None or not same or other.kind != Judge.Kind.ADDED:
        return ""
    return endpoint_of(other).api_key


def _lock_up(judge: Judge, key: str) -> None:
    judge.key_encrypted = encrypt(key, aad_of(judge)) if key else None
    judge.key_hint = hint_of(key)
