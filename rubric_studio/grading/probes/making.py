"""Making every family of exploit probes for a question."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing.families import BY_KEY, NOT_BY_RULE, make_free, make_of
from rubric_studio.engine.probing.made import Made, NotMade
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers.pins import pinned_of
from rubric_studio.grading.models import Probe, SampleAnswer
from rubric_studio.grading.probes.keeping import NewProbe, keep_probes
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question

MOST_BASES = 5


class NothingToProbe(DomainError):
    code = "nothing_to_probe"
    message = "Add a criterion before you make probes: they are made of the criteria’s words."


class TooManyBases(DomainError):
    code = "too_many_bases"
    message = f"Choose at most {MOST_BASES} answers to make probes of."


@dataclass(frozen=True)
class Missing:
    """A family that could not be made, why, and of which answer; None: of any."""

    family: str
    why: str
    base: SampleAnswer | None = None

    @property
    def title(self) -> str:
        """The family's name; "" where it has none."""
        titles = {"fabricated": "Invented source", "wrong_language": "Another language"}
        return BY_KEY[self.family].title if self.family in BY_KEY else titles.get(self.family, "")


@dataclass(frozen=True)
class Making:
    """What came of it. `known` probes were there already, or had been dropped before."""

    kept: tuple[Probe, ...]
    known: int
    missing: tuple[Missing, ...]


@transaction.atomic
def make_probes(
    question: Question,
    user: User | None,
    bases: Sequence[SampleAnswer],
    families: Collection[str] | None = None,
) -> Making:
    """Every family (None), or these, from the draft as it is now and from these answers.

    A text that is there already, or was dropped, is not made twice. Raises NothingToProbe,
    TooManyBases and TooManyAnswers; then nothing is made.
    """
    if len(bases) > MOST_BASES:
        raise TooManyBases
    Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    document = draft_document(question)
    if not document.criteria:
        raise NothingToProbe
    made, missing = _made(document, bases)
    wanted = [_new(it, base) for it, base in made if families is None or it.family in families]
    there = set(
        Probe.objects.filter(answer__question=question).values_list(
            "family", "base_id", "criterion_key", "text_hash"
        )
    )
    new = [it for it in wanted if _identity(it) not in there]
    kept = keep_probes(question, user, document, new)
    shown = [it for it in missing if families is None or it.family in families]
    return Making(tuple(kept), len(wanted) - len(new), tuple(shown))


def missing_of(document: Document, bases: Iterable[SampleAnswer]) -> tuple[Missing, ...]:
    """What can't be made of these answers, and why."""
    return tuple(_made(document, bases)[1])


def proposed_bases(answers: Sequence[SampleAnswer]) -> list[SampleAnswer]:
    """One answer of each end and the middle, of those that are texts and no probes themselves."""
    fit = [it for it in answers if it.origin != SampleAnswer.Origin.PROBE and it.messages is None]
    return pinned_of([it for it in fit if it.anchor != SampleAnswer.Anchor.EMPTY])


def _made(
    document: Document, bases: Iterable[SampleAnswer]
) -> tuple[list[tuple[Made, SampleAnswer | None]], list[Missing]]:
    free, lacking = make_free(document)
    made: list[tuple[Made, SampleAnswer | None]] = [(it, None) for it in free]
    missing = [_missing(it) for it in (*lacking, *NOT_BY_RULE)]
    for base in bases:
        if base.text is None:
            why = "It is a transcript; these probes are made of texts."
            missing.append(Missing("", why, base))
            continue
        of_base, lacking = make_of(document, base.text)
        made += [(it, base) for it in of_base]
        missing += [_missing(it, base) for it in lacking]
    return made, missing


def _missing(it: NotMade, base: SampleAnswer | None = None) -> Missing:
    return Missing(it.family, it.why, base)


def _new(made: Made, base: SampleAnswer | None) -> NewProbe:
    return NewProbe(
        kind=Probe.Kind.EXPLOIT,
        family=made.family,
        title=made.title,
        text=made.text,
        base=base,
        criterion_key=made.criterion,
        does=made.does,
        could_fool=made.could_fool,
        inserted=made.inserted,
    )


def _identity(it: NewProbe) -> tuple[str, object, str, str]:
    return it.family, it.base.pk if it.base else None, it.criterion_key, it.text_hash
