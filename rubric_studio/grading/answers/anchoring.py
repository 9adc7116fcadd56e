"""Anchors: answers whose place on the scale is known beforehand. Those that lack are offered, and
those that a rule can make are made."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Length

from rubric_studio.accounts.models import User
from rubric_studio.engine.measuring.bands import (
    EMPTY_AT_MOST,
    IDEAL_AT_LEAST,
    OFF_TOPIC_AT_MOST,
)
from rubric_studio.engine.probing.words import content_words, shared
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers.editing import add_answer
from rubric_studio.grading.answers.off_topic import NEUTRAL_TEXTS
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.draft import load_draft
from rubric_studio.rubrics.drawing.numbers import score
from rubric_studio.rubrics.models import Question

Anchor = SampleAnswer.Anchor
BY_RULE = (Anchor.EMPTY, Anchor.OFF_TOPIC)

# Where each should fall, after "should"; as engine/measuring/bands.py tries them.
EXPECTED = {
    Anchor.EMPTY: f"at most {score(EMPTY_AT_MOST)}",
    Anchor.OFF_TOPIC: f"at most {score(OFF_TOPIC_AT_MOST)}",
    Anchor.IDEAL: f"at least {score(IDEAL_AT_LEAST)}",
    Anchor.WORST_ACCEPTABLE: "below your other acceptable ones",
}
WHY = {
    Anchor.EMPTY: "If saying nothing earns points, points are given for nothing.",
    Anchor.OFF_TOPIC: "Fluent words on another matter: a judge that pays for style is found out.",
    Anchor.IDEAL: "The best answer that you can write: if it misses points, they cannot be earned.",
    Anchor.WORST_ACCEPTABLE: "The weakest answer that you would still let pass.",
}
# An answer to another question is off topic when at most so many of its words are of this one.
MOST_SHARED = 0.1
FEWEST_WORDS, LONGEST = 40, 6_000  # fluent, and short enough to be read
MOST_TRIED = 200


class AnchorThere(DomainError):
    code = "anchor_there"


class NotByRule(DomainError):
    code = "not_by_rule"
    message = "This answer is for you to write: no rule knows it."


@dataclass(frozen=True, slots=True)
class Offer:
    """An anchor that the question lacks."""

    anchor: str

    @property
    def title(self) -> str:
        return str(Anchor(self.anchor).label)

    @property
    def expected(self) -> str:
        return EXPECTED[Anchor(self.anchor)]

    @property
    def why(self) -> str:
        return WHY[Anchor(self.anchor)]

    @property
    def is_by_rule(self) -> bool:
        return self.anchor in BY_RULE


@transaction.atomic
def make_anchor(question: Question, user: User, anchor: str) -> SampleAnswer:
    """The empty answer, or one that is off topic. Raises AnchorThere, and NotByRule for others."""
    if anchor not in BY_RULE:
        raise NotByRule
    # Two people at once: the second one waits here, and finds what the first one made.
    Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    there = SampleAnswer.objects.live().filter(question=question, anchor=anchor).first()
    if there is not None:
        raise AnchorThere(f"Answer {there.letter} is this known end of the scale already.")
    text = "" if anchor == Anchor.EMPTY else off_topic_text(question)
    return add_answer(
        question,
        user,
        name="Empty" if anchor == Anchor.EMPTY else "Off topic",
        text=text,
        origin=SampleAnswer.Origin.SYNTHETIC,
        anchor=anchor,
    )


def off_topic_text(question: Question) -> str:
    """What somebody answered to another question of the collection, where that has little in common
    with this one; else the one of our own texts that has least. It is in the collection's
    language then, and as fluent as its answers are."""
    own = _words_of(question)
    found = _elsewhere(question)
    tried = [(_share(it.text or "", own), str(it.question_id), it.ordinal, it) for it in found]
    fluent = [it for it in tried if len((it[3].text or "").split()) >= FEWEST_WORDS]
    best = min(fluent, key=lambda it: it[:3], default=None)
    if best is not None and best[0] <= MOST_SHARED:
        return best[3].text or ""
    return min(NEUTRAL_TEXTS, key=lambda it: _share(it, own))


def _elsewhere(question: Question) -> list[SampleAnswer]:
    """Answers to other questions of the collection that may be read here."""
    rows = (
        SampleAnswer.objects.live()
        .filter(question__collection=question.collection_id, question__deleted_at=None)
        .exclude(question=question)
        .exclude(origin=SampleAnswer.Origin.PROBE)
        .filter(Q(anchor="") | Q(anchor=Anchor.IDEAL), is_held_out=False, text__isnull=False)
        .annotate(length=Length("text"))
        .filter(length__lte=LONGEST)
    )
    return list(rows.order_by("question_id", "ordinal")[:MOST_TRIED])


def _words_of(question: Question) -> set[str]:
    """What the question and its criteria speak of."""
    document = load_draft(question).document
    asked = [it.content for it in document.question.messages if isinstance(it.content, str)]
    criteria = [it.text for it in document.criteria]
    return set(content_words(" ".join([*asked, *criteria, document.question.reference or ""])))


def _share(text: str, own: set[str]) -> float:
    words = content_words(text)
    return shared(words, own) / len(words) if words else 1.0
