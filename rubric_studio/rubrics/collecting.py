"""Making a collection."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from rubric_studio.accounts.models import Team, User
from rubric_studio.errors import DomainError
from rubric_studio.rubrics.models import Collection


class SlugTaken(DomainError):
    code = "slug_taken"
    message = "This short name is taken. Choose another one, or leave it out to get a free one."


def create_collection(
    team: Team, user: User, *, name: str, description: str = "", slug: str = ""
) -> Collection:
    """A new collection. Without a slug the name gives one, with a number where it is taken.

    Raises SlugTaken when the slug was asked for and is not free.
    """
    base = slug or slugify(name)[:70] or "collection"
    for number in range(1, 1000):
        candidate = base if number == 1 else f"{base}-{number}"
        try:
            with transaction.atomic():
                return Collection.objects.create(
                    team=team, slug=candidate, name=name, description=description, created_by=user
                )
        except IntegrityError:
            if slug:
                raise SlugTaken from None
    raise SlugTaken
