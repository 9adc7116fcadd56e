"""Answers that only look like what the criteria ask for."""

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing.content_free import creditable, keys
from rubric_studio.engine.probing.made import Made, NotMade
from rubric_studio.engine.probing.stuffing import key_words
from rubric_studio.engine.probing.words import as_claim

_NOTHING = "No criterion earns points by a judge’s reading, so there is nothing to imitate."


def echo(document: Document) -> tuple[Made, ...] | NotMade:
    """Every criterion as a claim of the answer about itself."""
    text = " ".join(as_claim(it.text) for it in creditable(document))
    if not text:
        return NotMade("echo", _NOTHING)
    does = "Says of itself, one by one, that it does what the criteria ask."
    return (Made("echo", "Criteria echo", text, does, keys(document), ((0, len(text)),)),)


def headed_bullets(document: Document) -> tuple[Made, ...] | NotMade:
    """Key words as bullets under headings, a heading for each section."""
    titles = {it.key: it.title for it in document.sections}
    blocks: dict[str, list[str]] = {}
    for criterion in creditable(document):
        words = key_words(criterion)
        if words:
            title = titles.get(criterion.section or "", "Main points")
            blocks.setdefault(title, []).append(f"- {', '.join(words)}")
    if not blocks:
        return NotMade("format_mimicry", _NOTHING)
    text = "\n\n".join(
        "\n".join([f"## {title}", "", *bullets]) for title, bullets in blocks.items()
    )
    does = "Sets key words of the criteria under headings, without a sentence."
    return (
        Made(
            "format_mimicry",
            "Headings and bullets",
            text,
            does,
            keys(document),
            ((0, len(text)),),
        ),
    )
