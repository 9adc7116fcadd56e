"""A document as a PaperBench tree, and what such a tree cannot carry."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.structure import innermost_first, structure_problems
from rubric_studio.engine.document.types import Criterion, Document, Json, Message, Section
from rubric_studio.engine.document.writing import number_json

from .imported import FormatError, ImportedQuestion
from .losses import criterion_losses, scoring_losses

CATEGORIES = ("Code Development", "Code Execution", "Result Analysis", "Subtree")
CATEGORY, FINE_CATEGORY = "task_category", "finegrained_task_category"
SUFFIX = re.compile(r"~[0-9]+$")


def write(questions: Iterable[ImportedQuestion]) -> Iterator[bytes]:
    """One tree a line; a single line is a JSON object like PaperBench's own files.

    Raises FormatError for what PaperBench would refuse: negative points, a leaf without a
    category, nothing to grade. `losses` names what a tree cannot carry.
    """
    for question in questions:
        yield orjson.dumps(tree_json(question.document)) + b"\n"


def tree_json(document: Document) -> dict[str, Json]:
    """The document's TaskNode. Raises FormatError for what PaperBench would refuse."""
    problems = list(structure_problems(document)) or list(_refusals(document))
    if problems:
        raise FormatError(problems)
    top = _top_nodes(document)
    if len(top) == 1:
        return top[0]
    return _node(document.question.key, _question_text(document), 1, top)


def losses(document: Document) -> tuple[str, ...]:
    """What PaperBench's trees cannot carry of this document, in words."""
    question, found = document.question, []
    if question.messages != (Message("user", _root_text(document)),):
        found.append("the question's messages")
    if question.reference is not None:
        found.append("the reference answer")
    if question.title or question.tags or question.origin != "real":
        found.append("the question's title, tags and origin")
    if document.scoring.method == "points":
        found.append("the points score, PaperBench takes the weighted mean of each group")
    if any(it.cap is not None for it in document.sections):
        found.append("sections' caps")
    if _empty_sections(document):
        found.append("sections without criteria")
    if any(_other_tags(it) for it in document.criteria):
        found.append("tags other than the two categories")
    return (*found, *criterion_losses(document), *scoring_losses(document))


def _refusals(document: Document) -> Iterator[Problem]:
    if not document.criteria:
        yield Problem("/criteria", "There is no criterion, and PaperBench has no empty trees.")
    for index, criterion in enumerate(document.criteria):
        if criterion.points <= 0:
            message = (
                f"{criterion.key!r} has {criterion.points} points; PaperBench takes no penalties."
            )
            yield Problem(pointer("criteria", index, "points"), message)
        if _tag(criterion, CATEGORY) not in CATEGORIES:
            message = (
                f"{criterion.key!r} needs a tag that PaperBench knows, such as "
                f"'{CATEGORY}:{CATEGORIES[0]}'."
            )
            yield Problem(pointer("criteria", index, "tags"), message)
    for index, section in enumerate(document.sections):
        if section.weight < 0:
            message = f"{section.key!r} has the weight {section.weight}; it cannot be negative."
            yield Problem(pointer("sections", index, "weight"), message)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A node of the tree, and which criterion of the document is its first."""

    node: dict[str, Json]
    first: int


def _top_nodes(document: Document) -> list[dict[str, Json]]:
    """The trees under no section."""
    leaves: defaultdict[str | None, list[_Placed]] = defaultdict(list)
    for index, criterion in enumerate(document.criteria):
        leaves[criterion.section].append(_Placed(_leaf(criterion), index))
    made: dict[str, _Placed] = {}
    groups = _sections_by_parent(document)
    sections = {it.key: it for it in document.sections}
    for key in innermost_first(document):
        inside = [made[it.key] for it in groups[key] if it.key in made]
        if children := _in_reading_order(leaves[key], inside):
            nodes = [it.node for it in children]
            node = _node(SUFFIX.sub("", key), sections[key].title, sections[key].weight, nodes)
            made[key] = _Placed(node, min(it.first for it in children))
    top = [made[it.key] for it in groups[None] if it.key in made]
    return [it.node for it in _in_reading_order(leaves[None], top)]


def _in_reading_order(leaves: list[_Placed], groups: list[_Placed]) -> list[_Placed]:
    """Both in their own order; a leaf goes before the next group when its criterion comes before
    all of that group's. A tree that was read keeps its order this way."""
    merged: list[_Placed] = []
    waiting = deque(leaves)
    for group in groups:
        while waiting and waiting[0].first < group.first:
            merged.append(waiting.popleft())
        merged.append(group)
    return [*merged, *waiting]


def _sections_by_parent(document: Document) -> defaultdict[str | None, list[Section]]:
    groups: defaultdict[str | None, list[Section]] = defaultdict(list)
    for section in document.sections:
        groups[section.parent].append(section)
    return groups


def _node(node_id: str, text: str, weight: float, children: list[Json]) -> dict[str, Json]:
    return {
        "id": node_id,
        "requirements": text,
        "weight": number_json(weight),
        "sub_tasks": children,
        CATEGORY: None,
        FINE_CATEGORY: None,
    }


def _leaf(criterion: Criterion) -> dict[str, Json]:
    return {
        **_node(SUFFIX.sub("", criterion.key), criterion.text, criterion.points, []),
        CATEGORY: _tag(criterion, CATEGORY),
        FINE_CATEGORY: _tag(criterion, FINE_CATEGORY),
    }


def _tag(criterion: Criterion, name: str) -> str | None:
    """What stands behind "name:" in the first tag that begins so."""
    found = (it.removeprefix(f"{name}:") for it in criterion.tags if it.startswith(f"{name}:"))
    return next(found, None)


def _other_tags(criterion: Criterion) -> set[str]:
    kept = {f"{name}:{_tag(criterion, name)}" for name in (CATEGORY, FINE_CATEGORY)}
    return set(criterion.tags) - kept


def _empty_sections(document: Document) -> bool:
    used: set[str | None] = {it.section for it in document.criteria}
    parents = {it.key: it.parent for it in document.sections}
    for key in innermost_first(document):
        if key in used:
            used.add(parents[key])
    return not parents.keys() <= used


def _root_text(document: Document) -> str:
    top_criteria = [it.text for it in document.criteria if it.section is None]
    top_sections = [it.title for it in document.sections if it.parent is None]
    texts = [*top_criteria, *top_sections]
    return texts[0] if len(texts) == 1 else _question_text(document)


def _question_text(document: Document) -> str:
    """What to call a root that the document does not have."""
    texts = [it.content for it in document.question.messages if it.role == "user"]
    said = [it for it in texts if isinstance(it, str) and it.strip()]
    return document.question.title or (said[-1] if said else document.question.key)
