"""The draft as it would be with what somebody has typed and not saved."""

from collections.abc import Mapping
from dataclasses import replace

from rubric_studio.engine.document.reading import read_criterion
from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.document.writing import criterion_json
from rubric_studio.rubrics.draft import Draft
from rubric_studio.rubrics.editing.record import check_part, read_part
from rubric_studio.rubrics.editing.refusals import InTrash


def document_as_typed(draft: Draft, key: str, fields: Mapping[str, Json]) -> Document:
    """The draft's document with these fields in the criterion of that key; nothing is written.

    Raises InvalidEdit when the result can't stand in the document, InTrash without the criterion.
    """
    document = draft.document
    places = [place for place, it in enumerate(document.criteria) if it.key == key]
    if not places:
        raise InTrash
    place = places[0]
    now = document.criteria[place]
    typed = read_part(read_criterion, {**criterion_json(now), **fields})
    criteria = (*document.criteria[:place], typed, *document.criteria[place + 1 :])
    after = replace(document, criteria=criteria)
    check_part(document, after, "criteria", place)
    return after
