"""Puts the demo into an empty installation, by the same doors that everybody uses."""

import json
from pathlib import Path

from django.db import transaction

from rubric_studio.accounts.models import Membership, Role, Team, User
from rubric_studio.grading.runs.starting import start_run
from rubric_studio.grading.transfer.importing import import_file
from rubric_studio.rubrics.collecting import create_collection
from rubric_studio.rubrics.models import Collection, Question
from rubric_studio.rubrics.publishing import publish

FOLDER = Path(__file__).parent
OWNER = "owner@example.com"
TEAM = "Demo team"
PUBLISHED = "co-alarm"
NOTE = "First published version of the demo."


@transaction.atomic
def load_demo() -> Collection | None:
    """Loads the demo; None where its owner already exists, so that nobody's work is touched."""
    if User.objects.filter(email=OWNER).exists():
        return None
    owner = User.objects.create_user(OWNER, name="Demo Owner")
    team = Team.objects.create(name=TEAM)
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    about = json.loads((FOLDER / "collection.json").read_text("utf-8"))
    collection = create_collection(team, owner, **about)
    import_file(collection, owner, "rubric-studio", demo_lines())
    _publish_and_run(collection, owner)
    return collection


def demo_lines() -> bytes:
    """The demo's questions as one `rubric-studio` file, in the order of their names."""
    lines = []
    for path in sorted(FOLDER.glob("*.json")):
        if path.name != "collection.json":
            content = json.loads(path.read_text("utf-8"))
            lines.append(json.dumps({**content["document"], "answers": content["answers"]}))
    return "\n".join(lines).encode()


def _publish_and_run(collection: Collection, owner: User) -> None:
    questions = list(Question.objects.filter(collection=collection).order_by("created_at", "key"))
    published = next(it for it in questions if it.key == PUBLISHED)
    version = publish(published, owner, note=NOTE)
    for question in questions:
        start_run(
            question,
            owner,
            judge=None,
            version=version if question == published else None,
            answers=None,
        )
