"""What the resources share: scopes, input, ETags, pages."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from rubric_studio.accounts.access import writable_teams
from rubric_studio.accounts.models import Team, User
from rubric_studio.api.errors import BadInput, PreconditionFailed, PreconditionRequired
from rubric_studio.engine.document.problems import Problem


class Resource(GenericAPIView):
    """A REST resource. `scopes` names the token scope of each method it offers."""

    scopes: ClassVar[Mapping[str, str]]

    def get_queryset(self) -> Any:
        raise NotImplementedError("Resources reach their rows through the getters of access.py.")

    @property
    def member(self) -> User:
        user = self.request.user
        assert isinstance(user, User)  # HasScope let nobody else in
        return user

    def read(self, serializer: Callable[..., Serializer], *, partial: bool = False) -> Any:
        """The checked body. Raises ValidationError (400)."""
        given = serializer(data=self.request.data, partial=partial)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def page(self, rows: QuerySet[Any], serializer: Callable[..., Serializer]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(serializer(page, many=True).data)

    def team_named(self, team_id: int | None) -> Team:
        """The team of that number, or the only one that the user writes in."""
        teams = list(writable_teams(self.member))
        if team_id is not None:
            for team in teams:
                if team.pk == team_id:
                    return team
            raise NotFound("You write in no team with this number.")
        if len(teams) != 1:
            numbers = ", ".join(f"{team.pk} ({team.name})" for team in teams) or "none"
            problem = Problem("/team", f"Say which team: you write in {numbers}.")
            raise BadInput(problem.message, (problem,))
        return teams[0]


def etag_response(request: Request, body: Any, etag: str, status: int = 200) -> Response:
    """The body with its ETag, or 304 when the client has it."""
    known = [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]
    if request.method in ("GET", "HEAD") and (etag in known or "*" in known):
        return Response(status=304, headers={"ETag": etag})
    return Response(body, status=status, headers={"ETag": etag})


def require_match(request: Request, etag: str, current: Any) -> None:
    """428 without If-Match, 412 with the current state when it names another."""
    given = request.headers.get("If-Match")
    if not given:
        raise PreconditionRequired
    if given.strip() != "*" and etag not in [tag.strip() for tag in given.split(",")]:
        raise PreconditionFailed(current, etag)


def bad_input(problems: tuple[Problem, ...]) -> BadInput:
    return BadInput("; ".join(problem.message for problem in problems), problems)


def pick_by_id(rows: Any, wanted: list[str], pointer: str) -> list[Any]:
    """The rows of these ids, in that order. A 400 names the ids that there are not."""
    known = {str(row.pk): row for row in rows}
    missing = [name for name in wanted if name not in known]
    if missing:
        problem = Problem(pointer, f"There is nothing here with the id {', '.join(missing)}.")
        raise bad_input((problem,))
    return [known[name] for name in dict.fromkeys(wanted)]
