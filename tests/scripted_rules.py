"""How the scripted judge reads a prompt, and the rules by which it decides."""

import hashlib
import json
import re
from dataclasses import dataclass

ABSTENTIONS = ("not_applicable", "cannot_assess")


@dataclass(frozen=True)
class AskedCriterion:
    label: str
    text: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    criteria: tuple[AskedCriterion, ...]
    answer: str


def read_prompt(messages):
    """What the prompt asks: its criteria, and the answer inside the fence."""
    system, user = (message["content"] for message in messages)
    blocks = re.split(r"^## Criterion ", system.rpartition("\n\n## Reply\n")[0], flags=re.M)[1:]
    fence = re.fullmatch(r"<answer-([0-9a-z]+)>\n(.*)\n</answer-\1>", user, re.DOTALL)
    if fence is None:
        raise ValueError("The user message is not one fenced answer.")
    return Asked(tuple(map(_read_criterion, blocks)), fence[2].replace("\u200b", ""))


def _read_criterion(block):
    label, *lines = block.strip().split("\n")
    last = max(at for at, line in enumerate(lines) if line.startswith("Verdicts: "))
    verdicts = tuple(json.loads(lines[last].removeprefix("Verdicts: ")))
    return AskedCriterion(label, "\n".join(lines[:last]), verdicts)


def by_hash(criterion, answer):
    words = [word for word in criterion.verdicts if word not in ABSTENTIONS]
    digest = hashlib.sha256(f"{criterion.text}\0{answer}".encode()).digest()
    return words[digest[0] % len(words)]


def gullible(criterion, answer):
    """Believes any verdict that the answer claims for itself."""
    return _word(criterion, "met" if re.search(r"verdict\W+(is\W+)?met\b", answer) else "unmet")


RULES = {
    "hash": by_hash,
    "gullible": gullible,
    "met": lambda criterion, answer: _word(criterion, "met"),
    "unmet": lambda criterion, answer: _word(criterion, "unmet"),
}


def by_words(rules):
    """The verdict of the first text of `rules` that the answer holds; unmet without any."""

    def rule(criterion, answer):
        found = (verdict for part, verdict in rules.items() if part in answer)
        return _word(criterion, next(found, "unmet"))

    return rule


def _word(criterion, verdict):
    """A criterion with levels has its last level for met and its first for unmet."""
    if verdict in criterion.verdicts:
        return verdict
    words = [word for word in criterion.verdicts if word not in ABSTENTIONS]
    return words[-1] if verdict == "met" else words[0]
