"""Interchange formats: each reads a file into documents, writes them, and says what it lost."""

from collections.abc import Mapping
from types import MappingProxyType

from . import healthbench, paperbench, rubric_studio
from .imported import (
    Format,
    FormatError,
    Imported,
    ImportedAnswer,
    ImportedLabel,
    ImportedQuestion,
)

__all__ = [
    "FORMATS",
    "Format",
    "FormatError",
    "Imported",
    "ImportedAnswer",
    "ImportedLabel",
    "ImportedQuestion",
    "read",
]

FORMATS: Mapping[str, Format] = MappingProxyType(
    {it.name: it for it in (rubric_studio.FORMAT, healthbench.FORMAT, paperbench.FORMAT)}
)


def read(name: str, data: bytes) -> Imported:
    """All that `data`, a file in the format of that name, holds.

    Raises FormatError with every problem found, KeyError when there is no such format.
    """
    return FORMATS[name].read(data)
