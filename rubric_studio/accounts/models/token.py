import hashlib
import secrets
import string
import zlib
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import now

from rubric_studio.accounts.models.user import User

PREFIX = "rs_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


class Scope(models.TextChoices):
    RUBRICS_READ = "rubrics:read", "Read rubrics, answers, runs and reports"
    RUBRICS_WRITE = "rubrics:write", "Write rubrics, answers and labels; publish"
    RUNS_WRITE = "runs:write", "Start and cancel runs; add judges"
    EXPORT_READ = "export:read", "Export collections"


def _base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _ALPHABET[rest] + digits
    return digits.rjust(width, "0")


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), 6)


def is_well_formed(secret: str) -> bool:
    """Whether the checksum fits: a mistyped or invented token is refused without a query."""
    body, suffix = secret[len(PREFIX) : -6], secret[-6:]
    return (
        secret.startswith(PREFIX)
        and len(body) == 30
        and secrets.compare_digest(_checksum(body).encode(), suffix.encode())
    )


class ApiToken(models.Model):
    """A program's right to act for a user, limited to scopes. Only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({PREFIX}…{self.hint})"

    @classmethod
    def issue(
        cls, user: User, name: str, scopes: list[str], days: int | None = 90
    ) -> tuple["ApiToken", str]:
        """A new token and its secret, which is shown this once. days=None never expires."""
        body = "".join(secrets.choice(_ALPHABET) for _ in range(30))
        secret = PREFIX + body + _checksum(body)
        token = cls.objects.create(
            user=user,
            name=name,
            digest=hashlib.sha256(secret.encode()).hexdigest(),
            hint=secret[-4:],
            scopes=scopes,
            expires_at=now() + timedelta(days=days) if days else None,
        )
        return token, secret

    @classmethod
    def find(cls, secret: str) -> "ApiToken | None":
        """The usable token with this secret; None when malformed, unknown, expired or revoked."""
        if not is_well_formed(secret):
            return None
        token = (
            cls.objects.select_related("user")
            .filter(
                digest=hashlib.sha256(secret.encode()).hexdigest(),
                revoked_at=None,
                user__is_active=True,
            )
            .first()
        )
        if token is None or not token.is_usable:
            return None
        return token

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now())

    def note_use(self) -> None:
        """Rounded to the hour, so that a busy client costs one write an hour."""
        hour = now().replace(minute=0, second=0, microsecond=0)
        if self.last_used_at is None or self.last_used_at < hour:
            type(self).objects.filter(pk=self.pk).update(last_used_at=hour)

    def revoke(self) -> None:
        type(self).objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now())
