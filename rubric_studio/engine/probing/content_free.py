"""Answers without content: nothing, opening words, and fluent sentences that claim nothing."""

from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.probing.made import Made, NotMade
from rubric_studio.engine.probing.words import content_words

# Strings that some judges give credit to in place of an answer ("One Token to Fool
# LLM-as-a-Judge", arXiv 2507.08794).
MASTER_KEYS = (":", "Thought process:", "Let’s solve this step by step.")
TOPIC_WORDS = 4


def creditable(document: Document) -> tuple[Criterion, ...]:
    """The criteria that a text could be credited by: with points to earn, read by a judge."""
    return tuple(it for it in document.criteria if it.points > 0 and it.check is None)


def keys(document: Document) -> tuple[str, ...]:
    return tuple(it.key for it in creditable(document))


def empty(document: Document) -> tuple[Made, ...]:
    return (Made("empty", "Empty answer", "", "Says nothing at all.", keys(document)),)


def master_keys(document: Document) -> tuple[Made, ...]:
    return tuple(
        Made(
            "master_key",
            f"Only “{words}”",
            words,
            f"Says “{words}” and no more.",
            keys(document),
            ((0, len(words)),),
        )
        for words in MASTER_KEYS
    )


def topic_only(document: Document) -> tuple[Made, ...] | NotMade:
    """A paragraph that names the question's subject and claims nothing of it."""
    topic = _topic(document)
    if not topic:
        return NotMade("topic_only", "The question has no words that name its subject.")
    text = (
        f"Questions about {topic} come up often, and they deserve careful thought. There is much "
        f"to consider when it comes to {topic}, and a lot depends on the circumstances. Different "
        "people weigh these things differently. It helps to look at the whole picture, to keep "
        f"the main points in mind, and to take the time that a matter like {topic} asks for. "
        "With good information and a calm approach, a sound way forward can usually be found."
    )
    does = "Talks about the question’s subject without one claim."
    title = "On the topic, nothing said"
    return (Made("topic_only", title, text, does, keys(document), ((0, len(text)),)),)


def _topic(document: Document) -> str:
    asked = [it.content for it in document.question.messages if it.role == "user"]
    words = content_words(next((it for it in reversed(asked) if isinstance(it, str)), ""))
    named = [it for it in words if len(it) > 3][:TOPIC_WORDS]
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} and {named[-1]}"
