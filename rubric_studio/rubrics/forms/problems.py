"""What the engine refused, at the fields of a form."""

from collections.abc import Iterable, Mapping

from django import forms

from rubric_studio.engine.document.problems import Problem


def add_problems(
    form: forms.BaseForm, problems: Iterable[Problem], names: Mapping[str, str] | None = None
) -> None:
    """Put each problem at the field its pointer begins with (`names`: field by pointer step)."""
    for problem in problems:
        steps = problem.pointer.split("/")[1:]
        field = (names or {}).get(steps[0], steps[0]) if steps else None
        form.add_error(field if field in form.fields else None, problem.message)
