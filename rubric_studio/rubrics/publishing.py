"""From a draft to an immutable version."""

import hashlib

from django.db import transaction

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.canonical import canonical_bytes, scoring_hash
from rubric_studio.engine.document.comparing import Bump, Comparison, compare
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.reading import read_document
from rubric_studio.engine.document.strict_json import loads
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.document.validation import check_publishable
from rubric_studio.engine.document.writing import document_json
from rubric_studio.errors import DomainError
from rubric_studio.rubrics.checks import check_problems
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing.record import lock_draft
from rubric_studio.rubrics.editing.refusals import InvalidEdit
from rubric_studio.rubrics.models import Question, Version
from rubric_studio.rubrics.places import Place, place
from rubric_studio.rubrics.signing_off import gates_in_words, open_gates

# From the least to the greatest.
BUMPS: tuple[Bump, ...] = ("patch", "minor", "major")


class PublishRefused(DomainError):
    """Nothing was published. `problems` are the engine's, `places` the same in words."""

    code = "publish_refused"

    def __init__(
        self, message: str, problems: tuple[Problem, ...] = (), places: tuple[Place, ...] = ()
    ) -> None:
        self.problems = problems
        self.places = places
        super().__init__(message)


class NotSignedOff(PublishRefused):
    """The team asks for sign-off and `gates` are not passed."""

    code = "not_signed_off"

    def __init__(self, gates: tuple[str, ...]) -> None:
        self.gates = gates
        super().__init__(
            f"Your team publishes what has passed its sign-off; open: {gates_in_words(gates)}."
            " Put that right, or say why you publish all the same."
        )


def published_document(version: Version) -> Document:
    """The document that a version froze."""
    return read_document(loads(bytes(version.document)))


def newest_version(question: Question) -> Version | None:
    return Version.objects.filter(question=question).order_by("-ordinal").first()


def next_version(
    question: Question, document: Document | None = None
) -> tuple[Comparison | None, Bump | None, str]:
    """What publishing the draft (or this `document`) would make: what changed since the newest
    version, the least bump (None when nothing changed) and the number it leads to.

    The first version has nothing to compare with and is 1.0.0.
    """
    return _next(newest_version(question), document or draft_document(question))


def raised_number(number: str, bump: Bump) -> str:
    """raised_number("2.1.3", "minor") -> "2.2.0"."""
    major, minor, patch = (int(part) for part in number.split("."))
    if bump == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "minor" else f"{major}.{minor}.{patch + 1}"


def problems_in_words(document: Document) -> tuple[Place, ...]:
    """What keeps the document from being published, each with where it lies."""
    return tuple(place(problem, document) for problem in _problems(document))


@transaction.atomic
def publish(
    question: Question, user: User, *, note: str, bump: str | None = None, override: str = ""
) -> Version:
    """Freeze the draft as the next version.

    `bump` may raise what was computed, never lower it. `override` says why it is published
    although gates of its sign-off are open; it is kept with them. Raises InvalidEdit at /note or
    /bump; NotSignedOff when the team requires sign-off, gates are open and no reason is given;
    PublishRefused when the draft can't be published or has not changed since the last version.
    """
    if not note.strip():
        raise InvalidEdit([Problem("/note", "Say what changed and why, for those who use it.")])
    draft = lock_draft(question)
    document = draft.document
    problems = _problems(document)
    if problems:
        raise PublishRefused(_why(problems), problems, problems_in_words(document))
    newest = newest_version(draft.question)
    _, computed, _ = _next(newest, document)
    if computed is None:
        raise PublishRefused(
            f"Nothing has changed since version {newest and newest.number}; there is nothing "
            "to publish."
        )
    chosen = _raised(computed, bump)
    overridden = _overridden(draft.question, document, override.strip())
    content = canonical_bytes(document_json(document))
    return Version.objects.create(
        question=draft.question,
        ordinal=1 if newest is None else newest.ordinal + 1,
        number="1.0.0" if newest is None else raised_number(newest.number, chosen),
        bump=chosen,
        document=content,
        content_hash=hashlib.sha256(content).hexdigest(),
        scoring_hash=scoring_hash(document),
        note=note.strip(),
        override_reason=override.strip() if overridden else "",
        overridden=list(overridden),
        published_by=user,
    )


def _overridden(question: Question, document: Document, reason: str) -> tuple[str, ...]:
    """The open gates that are published against; () where the sign-off is neither required nor
    spoken of."""
    required = question.collection.team.requires_sign_off
    if not required and not reason:
        return ()
    gates = open_gates(question, document)
    if gates and required and not reason:
        raise NotSignedOff(gates)
    return gates


def _problems(document: Document) -> tuple[Problem, ...]:
    return (*check_publishable(document), *check_problems(document))


def _next(newest: Version | None, document: Document) -> tuple[Comparison | None, Bump | None, str]:
    if newest is None:
        return None, "major", "1.0.0"
    comparison = compare(published_document(newest), document)
    bump = comparison.bump
    return comparison, bump, newest.number if bump is None else raised_number(newest.number, bump)


def _raised(computed: Bump, wanted: str | None) -> Bump:
    if wanted is None:
        return computed
    for bump in BUMPS[BUMPS.index(computed) :]:
        if bump == wanted:
            return bump
    known = " or ".join(BUMPS[BUMPS.index(computed) :])
    raise InvalidEdit([Problem("/bump", f"These changes make a {computed} version: give {known}.")])


def _why(problems: tuple[Problem, ...]) -> str:
    more = f" There are {len(problems) - 1} more." if len(problems) > 1 else ""
    return f"This draft can't be published yet. {problems[0].message}{more}"
