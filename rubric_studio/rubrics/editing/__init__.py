"""Every write to a draft: locked, checked by the engine, recorded as a revision, all or nothing."""

from rubric_studio.rubrics.editing.criteria import (
    add_criterion,
    delete_criterion,
    edit_criterion,
    merge_criterion,
    move_criterion,
    restore_criterion,
)
from rubric_studio.rubrics.editing.questions import (
    create_question,
    delete_question,
    edit_question,
    merge_question,
    restore_question,
)
from rubric_studio.rubrics.editing.refusals import (
    AlreadyLive,
    InTrash,
    InvalidEdit,
    NotRestorable,
    StaleWrite,
    StillRequired,
)
from rubric_studio.rubrics.editing.sections import (
    add_section,
    delete_section,
    edit_section,
    merge_section,
    move_section,
    restore_section,
)

__all__ = [
    "AlreadyLive",
    "InTrash",
    "InvalidEdit",
    "NotRestorable",
    "StaleWrite",
    "StillRequired",
    "add_criterion",
    "add_section",
    "create_question",
    "delete_criterion",
    "delete_question",
    "delete_section",
    "edit_criterion",
    "edit_question",
    "edit_section",
    "merge_criterion",
    "merge_question",
    "merge_section",
    "move_criterion",
    "move_section",
    "restore_criterion",
    "restore_question",
    "restore_section",
]
