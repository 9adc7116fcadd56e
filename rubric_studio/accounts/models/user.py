import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.timezone import now


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in with an e-mail address."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="There is already somebody with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = self.name.split() or self.email.partition("@")[0].replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper()


class SignInLink(models.Model):
    """A link that signs somebody in once. Only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Sign-in link of {self.user_id}"

    @classmethod
    def make(cls, user: User) -> str:
        """A new link's secret, to be put into the URL of `enter`."""
        secret = secrets.token_urlsafe(24)
        cls.objects.create(
            user=user,
            digest=hashlib.sha256(secret.encode()).hexdigest(),
            expires_at=now() + timedelta(seconds=settings.SIGN_IN_LINK_SECONDS),
        )
        return secret

    @classmethod
    def _of(cls, secret: str) -> "models.QuerySet[SignInLink]":
        digest = hashlib.sha256(secret.encode()).hexdigest()
        return cls.objects.filter(digest=digest, user__is_active=True)

    @classmethod
    def usable(cls, secret: str) -> "SignInLink | None":
        """The link, without using it up; None when unknown, used or expired."""
        links = cls._of(secret).filter(used_at=None, expires_at__gt=now())
        return links.select_related("user").first()

    @classmethod
    def redeem(cls, secret: str) -> User | None:
        """The link's user, the first time and in time; None otherwise."""
        link = cls._of(secret)
        if link.filter(used_at=None, expires_at__gt=now()).update(used_at=now()) != 1:
            return None
        return link.select_related("user").get().user
