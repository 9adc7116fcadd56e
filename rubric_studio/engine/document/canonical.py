"""Canonical bytes (RFC 8785) and the three hashes of a document."""

import hashlib

import rfc8785

from .types import Criterion, Document, Json
from .writing import criterion_json, document_json, message_json, scoring_json, section_json

GRADING_FIELDS = ("text", "guidance", "examples", "check", "may_not_apply")


def canonical_bytes(value: Json) -> bytes:
    """The one UTF-8 serialisation of a JSON value, whatever the order of its keys (RFC 8785).

    Raises rfc8785.CanonicalizationError (a ValueError) for what JSON cannot carry exactly.
    """
    return rfc8785.dumps(value)


def content_hash(document: Document) -> str:
    """SHA-256 (64 hex digits) of the whole document's canonical bytes."""
    return _sha256(document_json(document))


def scoring_hash(document: Document) -> str:
    """SHA-256 of only what can change a score once the verdicts are known.

    Points, level values, gates, requires, the section tree with weights and caps, the scoring.
    Order of criteria, levels and sections does not count.
    """
    return _sha256(
        {
            "criteria": {it.key: _scoring_part(it) for it in document.criteria},
            "sections": {
                it.key: {name: section_json(it)[name] for name in ("parent", "weight", "cap")}
                for it in document.sections
            },
            "scoring": scoring_json(document.scoring),
        }
    )


def grading_hash(document: Document, criterion_key: str) -> str:
    """SHA-256 of only what can change one criterion's verdict: its wording, guidance, level labels
    and descriptions, examples, check, whether it may not apply, and the question. Raises KeyError.
    """
    return _sha256(
        {
            "question": {
                "messages": [message_json(it) for it in document.question.messages],
                "reference": document.question.reference,
            },
            "criterion": _grading_part(document.criterion(criterion_key)),
        }
    )


def _scoring_part(criterion: Criterion) -> Json:
    written = criterion_json(criterion)
    levels = {it["label"]: it["value"] for it in written["levels"] or ()}
    return {
        "points": written["points"],
        "levels": levels or None,
        "gate": written["gate"],
        "requires": sorted(set(criterion.requires)),
        "section": criterion.section,
    }


def _grading_part(criterion: Criterion) -> Json:
    written = criterion_json(criterion)
    levels = [{"label": it.label, "description": it.description} for it in criterion.levels or ()]
    return {"levels": levels or None, **{name: written[name] for name in GRADING_FIELDS}}


def _sha256(value: Json) -> str:
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
