"""Rules that read a rubric as a careful colleague would, in English: what is said, why it matters,
where in the sentence, and a repair where there is one that is sure."""

from rubric_studio.engine.document.lint.finding import Fix, LintFinding, Rule, Severity
from rubric_studio.engine.document.lint.linting import Lint, lint_document, lint_sentence
from rubric_studio.engine.document.lint.sentence import Sentence

__all__ = [
    "Fix",
    "Lint",
    "LintFinding",
    "Rule",
    "Sentence",
    "Severity",
    "lint_document",
    "lint_sentence",
]
