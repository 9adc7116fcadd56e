"""The rules, put to a document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rubric_studio.engine.document.lint.compound import find_compound
from rubric_studio.engine.document.lint.coverage import question_text
from rubric_studio.engine.document.lint.enumeration import find_enumeration
from rubric_studio.engine.document.lint.figures import find_bare_numbers
from rubric_studio.engine.document.lint.finding import LintFinding
from rubric_studio.engine.document.lint.form import find_form, find_length
from rubric_studio.engine.document.lint.grounding import find_grounding
from rubric_studio.engine.document.lint.language import is_english
from rubric_studio.engine.document.lint.leak import find_leak
from rubric_studio.engine.document.lint.likeness import find_likeness, likeness_finding
from rubric_studio.engine.document.lint.polarity import find_polarity
from rubric_studio.engine.document.lint.sentence import Sentence
from rubric_studio.engine.document.lint.vague import find_vague
from rubric_studio.engine.document.lint.whole import find_whole
from rubric_studio.engine.document.lint.wording import find_wording
from rubric_studio.engine.document.types import Criterion, Document

# A page of text is no sentence: of longer ones the length alone is named. It bounds the time too.
MOST_READ = 4_000
GRAVEST_FIRST = {"error": 0, "warning": 1, "info": 2}
SENTENCE_RULES: tuple[Callable[[Sentence], Iterator[LintFinding]], ...] = (
    find_compound,
    find_enumeration,
    find_vague,
    find_wording,
    find_grounding,
    find_polarity,
    find_bare_numbers,
    find_form,
    find_length,
    find_leak,
)


@dataclass(frozen=True, slots=True)
class Lint:
    """What the rules say. `silent` are the keys of criteria that are not in English, on which no
    rule was tried. Findings stand in the criteria's order, the gravest of each first; those of
    the rubric as a whole last."""

    findings: tuple[LintFinding, ...]
    n: int = 0
    silent: tuple[str, ...] = ()

    def of(self, key: str) -> tuple[LintFinding, ...]:
        return tuple(it for it in self.findings if it.criterion == key)

    @property
    def whole(self) -> tuple[LintFinding, ...]:
        return tuple(it for it in self.findings if it.criterion is None)


def lint_document(document: Document) -> Lint:
    """All rules on all criteria and on the rubric. Raises nothing, whatever the document holds."""
    total = sum(abs(float(it.points)) for it in document.criteria)
    asked = question_text(document)
    english = [it for it in document.criteria if is_english(it.text)]
    silent = tuple(it.key for it in document.criteria if not is_english(it.text))
    found: dict[str, list[LintFinding]] = {it.key: [] for it in document.criteria}
    for criterion in english:
        share = abs(float(criterion.points)) / total if total else 0.0
        sentence = _sentence(criterion, document, share, asked)
        found[criterion.key] += (replace(it, criterion=criterion.key) for it in _lint(sentence))
    numbers = {it.key: number for number, it in enumerate(document.criteria, start=1)}
    pairs = find_likeness([it.text for it in english], [float(it.points) for it in english])
    for first, second, rule in pairs:
        other, own = english[first], english[second].key
        apart = other.section != english[second].section
        said = likeness_finding(rule, numbers[other.key], other.key, other.text, is_apart=apart)
        if not any(it.rule is rule for it in found[own]):
            found[own].append(replace(said, criterion=own))
    rest = list(find_whole(document)) if english else []
    for it in rest:
        if it.criterion is not None:
            found[it.criterion].append(it)
    ordered = [it for key in found for it in sorted(found[key], key=_gravity)]
    whole = [it for it in rest if it.criterion is None]
    return Lint((*ordered, *whole), len(document.criteria), silent)


def lint_sentence(sentence: Sentence) -> tuple[LintFinding, ...]:
    """The rules that need one criterion alone; none where it is not in English."""
    return _lint(sentence) if is_english(sentence.text) else ()


@lru_cache(maxsize=8192)
def _lint(sentence: Sentence) -> tuple[LintFinding, ...]:
    if len(sentence.text) > MOST_READ:
        return tuple(find_length(sentence))
    return tuple(it for rule in SENTENCE_RULES for it in rule(sentence))


def _sentence(criterion: Criterion, document: Document, share: float, asked: str) -> Sentence:
    return Sentence(
        text=criterion.text,
        points=float(criterion.points),
        guidance=criterion.guidance,
        # A share is compared with a tenth alone; rounded, so that the cache holds.
        share=round(share, 2),
        has_levels=criterion.levels is not None,
        has_check=criterion.check is not None,
        has_examples=bool(criterion.examples),
        has_reference=document.question.reference is not None,
        asked=asked,
    )


def _gravity(finding: LintFinding) -> tuple[int, str]:
    return GRAVEST_FIRST[finding.rule.severity], finding.rule.id
