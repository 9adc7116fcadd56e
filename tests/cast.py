"""The cast of every test: alice writes, bob reads, rita reviews, olga owns, charlie is a stranger.

Plain functions make what a test is about; whatever it does not name gets a sensible value.
"""

from itertools import count

import pytest

_numbers = count(1)


def make_user(name, team=None, role="reader"):
    from rubric_studio.accounts.models import Membership, User

    user = User.objects.create_user(f"{name.lower()}{next(_numbers)}@example.com", name=name)
    if team is not None:
        Membership.objects.create(team=team, user=user, role=role)
    return user


def make_team(name="Ward team", **members):
    """make_team("Ward team", author=alice) makes a team with these members, by role."""
    from rubric_studio.accounts.models import Membership, Team

    team = Team.objects.create(name=name)
    for role, user in members.items():
        Membership.objects.create(team=team, user=user, role=role)
    return team


def author_of(team):
    """Somebody of the team who may write; made when there is nobody."""
    from rubric_studio.accounts.models import Role

    writers = team.memberships.filter(role__in=[Role.AUTHOR, Role.OWNER]).order_by("role", "pk")
    found = writers.select_related("user").first()
    return found.user if found else make_user("Anna", team, Role.AUTHOR)


def make_collection(team, name="Emergency advice", slug=None, **fields):
    from rubric_studio.rubrics.models import Collection

    return Collection.objects.create(
        team=team, name=name, slug=slug or f"collection-{next(_numbers)}", **fields
    )


def make_question(collection, asked="What should I do about chest pain?", **fields):
    """A question whose only message is `asked`, unless `messages` are given."""
    from rubric_studio.rubrics.editing import create_question

    given = {
        "key": f"question-{next(_numbers)}",
        "messages": [{"role": "user", "content": asked}],
        **fields,
    }
    return create_question(collection, author_of(collection.team), **given)


def make_section(question, title="Triage", **fields):
    from rubric_studio.rubrics.editing import add_section

    user = author_of(question.collection.team)
    return add_section(question, user, title=title, **fields)


def make_criterion(question, text="Explains the risks.", points=5, **fields):
    from rubric_studio.rubrics.editing import add_criterion

    user = author_of(question.collection.team)
    return add_criterion(question, user, text=text, points=points, **fields)


def make_rubric(team, *criteria, **fields):
    """A question with these criteria: sentences worth 5 points, or dicts of their fields.

    make_rubric(team, "Explains the risks", {"text": "Invents a study", "points": -4})
    """
    question = make_question(fields.pop("collection", None) or make_collection(team), **fields)
    for criterion in criteria:
        made = criterion if isinstance(criterion, dict) else {"text": criterion}
        make_criterion(question, **made)
    return question


def make_version(question, note="First version.", **fields):
    from rubric_studio.rubrics.publishing import publish

    return publish(question, author_of(question.collection.team), note=note, **fields)


def make_answer(question, text="Call an ambulance now.", **fields):
    from rubric_studio.grading.models import SampleAnswer

    fields.setdefault("ordinal", SampleAnswer.objects.filter(question=question).count())
    if "messages" not in fields:
        fields["text"] = text
    return SampleAnswer.objects.create(question=question, **fields)


@pytest.fixture
def team(db):
    return make_team()


@pytest.fixture
def alice(team):
    return make_user("Alice", team, "author")


@pytest.fixture
def at_desk(client, alice):
    """A client that Alice, an author, has signed in with."""
    client.force_login(alice)
    return client


@pytest.fixture
def bob(team):
    return make_user("Bob", team, "reader")


@pytest.fixture
def rita(team):
    return make_user("Rita", team, "reviewer")


@pytest.fixture
def olga(team):
    return make_user("Olga", team, "owner")


@pytest.fixture
def charlie(db):
    stranger = make_user("Charlie")
    make_team("Strangers", owner=stranger)
    return stranger
