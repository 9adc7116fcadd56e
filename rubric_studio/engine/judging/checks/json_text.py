"""Whether the answer is JSON, or holds it, and whether that fits a JSON Schema."""

from collections.abc import Sequence
from functools import lru_cache

import orjson

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child, task
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .reading import read
from .schema import place, schema_problems
from .undecided import Undecided

_PLACES = {
    "auto": "Holds JSON",
    "whole": "Is JSON and nothing else",
    "fence": "Holds JSON in a code block",
    "first": "Holds a JSON object or list",
}


def problems(spec: Spec) -> Sequence[Problem]:
    schema = spec["schema"]
    if schema is None:
        return []
    found = [Problem(place(steps), said) for steps, said in schema_problems(schema)]
    if found:
        return found[:20]
    try:
        said = _compile_error(orjson.dumps(schema))
    except Undecided as error:
        return [Problem("/schema", error.message)]
    return [Problem("/schema", f"The schema cannot be used: {said}")] if said else []


@lru_cache(maxsize=64)
def _compile_error(schema: bytes) -> str:
    return str(task(None, "schema_error", [orjson.loads(schema)]))


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    reading = read(answer)
    found = task(child, "find_json", [reading.text, spec["where"], spec["schema"]])
    if found["place"] is None:
        return verdict(False, f"{found['problem']}")
    start, end = found["place"]
    fits = "It is JSON." if spec["schema"] is None else "It is JSON and fits the schema."
    quotes = [reading.quote(start, end)]
    return verdict(not found["problem"], found["problem"] or fits, quotes)


def describe(spec: Spec) -> str:
    fits = "" if spec["schema"] is None else " that fits the schema"
    return f"{_PLACES[spec['where']]}{fits}"


KIND = Kind(
    name="json",
    title="Is JSON",
    hint="Reads JSON out of the answer and can hold it against a JSON Schema.",
    fields=(
        Field(
            "where",
            "Where the JSON stands",
            "choice",
            choices=(
                ("auto", "In a code block, else the whole answer, else the first object or list"),
                ("whole", "The whole answer"),
                ("fence", "In the first code block"),
                ("first", "The first object or list"),
            ),
            default="auto",
        ),
        Field(
            "schema",
            "JSON Schema",
            "json",
            "Draft 2020-12. References within the schema alone; patterns without look-around.",
        ),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
