"""PaperBench's trees of weighted requirements (openai/frontier-evals, TaskNode)."""

from collections import Counter
from dataclasses import dataclass, field

from rubric_studio.engine.document.fields import Fields, kind_of
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Json,
    Message,
    Number,
    Question,
    Scoring,
    Section,
)
from rubric_studio.engine.document.validation import check_document

from .imported import Format, FormatError, Imported, ImportedQuestion, Warnings
from .paperbench_writing import CATEGORIES, CATEGORY, FINE_CATEGORY, SUFFIX, losses, write
from .rows import name_rows, read_rows, row_steps

NO_QUESTION = "the tree has no question, the root's requirement stands for it"


@dataclass
class Reading:
    """One tree on its way into a document."""

    warnings: Warnings
    problems: list[Problem]
    sections: list[Section] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    # Where each section and criterion stands in the tree, both as pointers.
    places: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def key(self, node_id: str) -> str:
        """The id, suffixed where it was met before or ends like that; `write` strips it."""
        number = 2 if not SUFFIX.search(node_id) else 1
        key = node_id if number == 2 else f"{node_id}~1"
        while key in self.taken:
            key = f"{node_id}~{number}"
            number += 1
        self.taken.add(key)
        return key


def read(data: bytes) -> Imported:
    """The trees of a JSON object, a JSON array or JSON lines, one question each: inner nodes
    become sections, leaves become criteria. Raises FormatError with every problem found."""
    rows = read_rows(data)
    warnings = Warnings()
    problems: list[Problem] = []
    questions: list[ImportedQuestion] = []
    keys: Counter[str] = Counter()
    for index, row in enumerate(rows):
        document, found = _read_tree(row, warnings, keys)
        problems.extend(name_rows(found, row_steps(rows, index), index))
        questions.append(ImportedQuestion(document))
    if problems:
        raise FormatError(problems)
    return Imported(tuple(questions), warnings.lines())


def _read_tree(row: Json, warnings: Warnings, keys: Counter[str]) -> tuple[Document, list[Problem]]:
    reading = Reading(warnings, [])
    root = Fields(row, (), reading.problems, "a PaperBench node")
    _read_node(root, None, reading)
    if root.values.get("weight") == 0:
        root.note("The root's weight is 0, so nothing would count; set it to 1.", "weight")
    if reading.sections:
        key, text = reading.sections[0].key, reading.sections[0].title
    else:
        key, text = reading.criteria[0].key, reading.criteria[0].text
    keys[key] += 1
    question = Question(
        key=key if keys[key] == 1 else f"{key}~{keys[key]}",
        messages=(Message("user", text),),
    )
    warnings.note(NO_QUESTION, "tree")
    document = Document(
        question, tuple(reading.sections), tuple(reading.criteria), Scoring(method="tree")
    )
    if not reading.problems:
        reading.problems.extend(_in_tree(it, reading) for it in check_document(document))
    return document, reading.problems


def _read_node(fields: Fields, parent: str | None, reading: Reading) -> None:
    node_id, text = fields.text("id"), fields.text("requirements")
    weight = fields.number("weight")
    if weight < 0:
        fields.note(f"The weight is {weight}; PaperBench has no negative weights.", "weight")
    if fields.is_object and not text.strip() and isinstance(fields.values.get("requirements"), str):
        fields.note("The node has no requirements; write what must be done.", "requirements")
    category, fine = fields.text_or_null(CATEGORY), fields.text_or_null(FINE_CATEGORY)
    is_leaf = fields.values.get("sub_tasks") in (None, [])
    key = reading.key(node_id)
    if is_leaf:
        fields.asked.add("sub_tasks")
        _check_leaf(fields, weight, category)
        tags = [f"{name}:{it}" for name, it in ((CATEGORY, category), (FINE_CATEGORY, fine)) if it]
        reading.places[pointer("criteria", len(reading.criteria))] = pointer(*fields.where)
        reading.criteria.append(Criterion(key, text, weight, section=parent, tags=tuple(tags)))
    else:
        if category is not None:
            fields.note(f"Only leaves have a {CATEGORY}; this node has sub_tasks.", CATEGORY)
        reading.places[pointer("sections", len(reading.sections))] = pointer(*fields.where)
        reading.sections.append(Section(key, text, parent, weight))
        fields.items("sub_tasks", lambda it: _read_node(it, key, reading), "a PaperBench node")
        _check_siblings(fields)
    for name in fields.rest():
        reading.warnings.note(f"{name} is not kept", "node")


def _check_leaf(fields: Fields, weight: Number, category: str | None) -> None:
    if weight == 0:
        fields.note("A leaf of weight 0 never counts; give it a weight or remove it.", "weight")
    if not fields.is_object:
        return
    if category not in CATEGORIES:
        known = ", ".join(CATEGORIES)
        fields.note(f"A leaf's {CATEGORY} is one of {known}, not {kind_of(category)}.", CATEGORY)


def _check_siblings(fields: Fields) -> None:
    children = fields.values["sub_tasks"]
    nodes = [it for it in children if isinstance(it, dict)] if isinstance(children, list) else []
    if nodes and all(it.get("weight") == 0 for it in nodes):
        fields.note("All sub_tasks have weight 0, so none counts; weigh at least one.", "sub_tasks")


def _in_tree(problem: Problem, reading: Reading) -> Problem:
    """The problem at its node instead of in the document."""
    for place, node in reading.places.items():
        if problem.pointer == place or problem.pointer.startswith(place + "/"):
            inside = problem.pointer[len(place) :].replace("/key", "/id").replace("/title", "")
            return Problem(node + inside, problem.message)
    return Problem("/id" if problem.pointer == "/question/key" else "", problem.message)


FORMAT = Format(
    name="paperbench",
    title="PaperBench trees (JSON lines)",
    extension="jsonl",
    media_type="application/jsonl",
    read=read,
    write=write,
    losses=losses,
)
