from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from rubric_studio.accounts.models import ApiToken, User

REFUSAL = (
    "The token is unknown, mistyped, expired or revoked. "
    "Make one under Tokens, or with manage.py create_token."
)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer rs_…`. No other way in: cookies do not sign requests here."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer":
            raise AuthenticationFailed("Send the token as: Authorization: Bearer rs_…")
        token = ApiToken.find(secret.strip())
        if token is None:
            raise AuthenticationFailed(REFUSAL)
        token.note_use()
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Rubric Studio"'


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "rs_…"}
