"""Every public function says what it raises, and what it says is so."""

import ast
from pathlib import Path

import pytest

import rubric_studio.engine.measuring

HERE = Path(rubric_studio.engine.measuring.__file__).parent


def public_functions():
    for path in sorted(HERE.glob("*.py")):
        for it in ast.parse(path.read_text()).body:
            if isinstance(it, ast.FunctionDef) and not it.name.startswith("_"):
                yield pytest.param(it, id=f"{path.stem}.{it.name}")


@pytest.mark.parametrize("function", list(public_functions()))
def test_errors_are_named(function):
    said = " ".join((ast.get_docstring(function) or "").split())
    raised = {
        it.exc.func.id
        for it in ast.walk(function)
        if isinstance(it, ast.Raise) and isinstance(it.exc, ast.Call)
    }
    assert "No errors." in said or "Raises " in said
    for name in raised:
        assert f"Raises {name}" in said
    if raised:
        assert "No errors." not in said


def test_there_are_functions_to_look_at():
    assert len(list(public_functions())) > 50
