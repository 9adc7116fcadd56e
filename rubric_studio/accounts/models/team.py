from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models.user import User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    AUTHOR = "author", "Author"
    REVIEWER = "reviewer", "Reviewer"
    READER = "reader", "Reader"


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> "TeamQuerySet":
        return self.filter(memberships__user=user)


class Team(models.Model):
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    requires_sign_off = models.BooleanField(default=False, db_default=False)
    if TYPE_CHECKING:
        memberships: RelatedManager["Membership"]

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def role_of(self, user: User) -> str | None:
        return self.memberships.filter(user=user).values_list("role", flat=True).first()


class Membership(models.Model):
    """What a user may do in a team: owners and authors write, reviewers label, readers read."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.READER)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"],
                name="membership_unique",
                violation_error_message="This person is already in the team.",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}: {self.role}"
