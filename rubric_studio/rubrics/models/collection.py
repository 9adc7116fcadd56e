import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from rubric_studio.accounts.models import Team, User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from rubric_studio.rubrics.models.question import Question


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, user: User) -> "CollectionQuerySet":
        return self.filter(team__memberships__user=user)


class Collection(models.Model):
    """Questions for one purpose, owned by a team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="collections")
    slug = models.SlugField(
        max_length=80,
        unique=True,
        error_messages={"unique": "This short name is taken. Choose another one."},
    )
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    if TYPE_CHECKING:
        questions: RelatedManager["Question"]

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.slug])
