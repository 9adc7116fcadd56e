from typing import Any

from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from rubric_studio.accounts.models import ApiToken


class HasScope(BasePermission):
    """The token must carry the scope that the view names for the method.

    A view states `scopes = {"GET": Scope.RUBRICS_READ, …}`; a method it does not name is refused,
    so that a forgotten entry closes a door rather than opening one.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            raise NotAuthenticated("Send a token: Authorization: Bearer rs_…")
        method = str(request.method)
        if method not in ("HEAD", "OPTIONS") and not hasattr(view, method.lower()):
            raise MethodNotAllowed(method)
        needed = view.scopes.get("GET" if method in ("HEAD", "OPTIONS") else method)
        if needed is None or needed not in request.auth.scopes:
            raise PermissionDenied(f"This token lacks the scope {needed}. Make one that has it.")
        return True
