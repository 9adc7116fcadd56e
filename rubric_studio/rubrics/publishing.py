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
from rubric_studio.rubrics.signing_off import SignOff, gates_in_words, sign_off_of

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


class SignOffUnderWay(PublishRefused):
    """The team asks for sign-off, and what it rests on is still being measured."""

    code = "sign_off_under_way"
    retry_after = 3

    def __init__(self, under_way: str) -> None:
        super().__init__(
            f"{under_way} Your team publishes what has passed its sign-off: try again in a few"
            " seconds, or say why you publish all the same."
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


def publish(
    question: Question, user: User, *, note: str, bump: str | None = None, override: str = ""
) -> Version:
    """Freeze the draft as the next version.

    `bump` may raise what was computed, never lower it. `override` says why it is published
    although gates of its sign-off are open; it is kept with them. Raises InvalidEdit at /note or
    /bump; NotSignedOff when the team requires sign-off, gates are open and no reason is given, and
    SignOffUnderWay while nobody can tell; PublishRefused when the draft can't be published or has
    not changed since the last version.
    """
    note, reason = note.strip(), override.strip()
    if not note:
        raise InvalidEdit([Problem("/note", "Say what changed and why, for those who use it.")])
    # Neither required nor spoken of, the sign-off is not asked for.
    asked = question.collection.team.requires_sign_off or reason
    tried = draft_document(question) if asked else None
    sign_off = SignOff(()) if tried is None else sign_off_of(question, tried)
    return _freeze(question, user, note, bump, reason, tried, sign_off)


@transaction.atomic
def _freeze(
    question: Question,
    user: User,
    note: str,
    bump: str | None,
    reason: str,
    tried: Document | None,
    sign_off: SignOff,
) -> Version:
    """`sign_off` speaks of `tried`, which was the draft a moment ago."""
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
    if tried not in (None, document):
        raise PublishRefused("The draft has just been changed. Look at it again, then publish.")
    overridden = _overridden(draft.question, sign_off, reason)
    content = canonical_bytes(document_json(document))
    return Version.objects.create(
        question=draft.question,
        ordinal=1 if newest is None else newest.ordinal + 1,
        number="1.0.0" if newest is None else raised_number(newest.number, chosen),
        bump=chosen,
        document=content,
        content_hash=hashlib.sha256(content).hexdigest(),
        scoring_hash=scoring_hash(document),
        note=note,
        override_reason=reason if overridden else "",
        overridden=list(overridden),
        published_by=user,
    )


def _overridden(question: Question, sign_off: SignOff, reason: str) -> tuple[str, ...]:
    """The open gates that are published against."""
    if sign_off.open and not reason and question.collection.team.requires_sign_off:
        if sign_off.under_way:
            raise SignOffUnderWay(sign_off.under_way)
        raise NotSignedOff(sign_off.open)
    return sign_off.open


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
