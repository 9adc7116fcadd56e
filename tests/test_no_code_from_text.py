"""Nothing in the product turns a text into code, and markup is trusted in few places."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "rubric_studio").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*"))

CALLS = {"eval", "exec", "compile", "__import__", "parse_expr", "sympify", "lambdify", "execfile"}
METHODS = {
    ("os", "system"), ("os", "popen"), ("yaml", "load"), ("yaml", "unsafe_load"),
    ("yaml", "full_load"), ("subprocess", "getoutput"), ("subprocess", "getstatusoutput"),
    ("runpy", "run_path"), ("code", "interact"), ("builtins", "eval"), ("builtins", "exec"),
    ("ast", "literal_eval"), ("numexpr", "evaluate"), ("numpy", "load"), ("np", "load"),
}  # fmt: skip
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "sympy", "jsonpickle"}

# Here markup that the module itself wrote is trusted; what people wrote is escaped around it.
TRUSTING = {
    "rubric_studio/grading/page/faces.py",
    "rubric_studio/grading/templatetags/tried.py",
    "rubric_studio/rubrics/drawing/marks.py",
    "rubric_studio/rubrics/templatetags/studio.py",
}
UNESCAPED = re.compile(r"\|\s*(?:safe|safeseq)\b|\{%\s*autoescape\s+off|\{%\s*debug\b")


def forbidden(source):
    """What in this Python source could run a text, each with its line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += [(node.lineno, name) for name in _forbidden_call(node)]
        elif isinstance(node, ast.Import):
            found += [(node.lineno, it.name) for it in node.names if _root(it.name) in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module and _root(node.module) in MODULES:
            found.append((node.lineno, node.module))
    return found


def _forbidden_call(node):
    called = node.func
    if isinstance(called, ast.Name) and called.id in CALLS:
        yield called.id
    if isinstance(called, ast.Attribute):
        if isinstance(called.value, ast.Name) and (called.value.id, called.attr) in METHODS:
            yield f"{called.value.id}.{called.attr}"
        if called.attr in {"parse_expr", "sympify", "lambdify"}:
            yield called.attr
    for keyword in node.keywords:
        if keyword.arg == "shell" and getattr(keyword.value, "value", True) is not False:
            yield "shell=True"
        if keyword.arg == "allow_pickle" and getattr(keyword.value, "value", True) is not False:
            yield "allow_pickle=True"


def _root(name):
    return name.partition(".")[0]


def trusts_markup(source):
    return any(
        (isinstance(node, ast.Name) and node.id == "mark_safe")
        or (isinstance(node, ast.Attribute) and node.attr in ("mark_safe", "__html__"))
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SafeString")
        for node in ast.walk(ast.parse(source))
    )


def test_s7_no_source_turns_text_into_code():
    found = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := forbidden(path.read_text()))
    }
    assert found == {}


def test_s7_markup_is_trusted_in_the_named_modules_alone():
    trusting = {str(it.relative_to(ROOT)) for it in SOURCES if trusts_markup(it.read_text())}
    assert trusting <= TRUSTING


def test_s7_no_template_leaves_text_unescaped():
    found = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if path.is_file() and UNESCAPED.search(path.read_text())
    ]
    assert found == []


def test_s7_the_broker_carries_json_alone(settings):
    from rubric_studio.celery import app

    assert set(app.conf.accept_content) == {"json"}
    assert app.conf.task_serializer == "json"


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "exec(text)",
        "import pickle",
        "from pickle import loads",
        "import sympy.parsing.sympy_parser",
        "from sympy import sympify",
        "sp.parse_expr(text)",
        "yaml.load(text)",
        "os.system(text)",
        "subprocess.run(text, shell=True)",
        "np.load(file, allow_pickle=True)",
        "__import__(text)",
    ],
)
def test_what_is_forbidden_is_found(source):
    assert forbidden(source)


def test_what_trusts_or_leaves_unescaped_is_found():
    assert trusts_markup("mark_safe(text)")
    assert trusts_markup("SafeString(text)")
    assert UNESCAPED.search("{{ text|safe }}")
    assert UNESCAPED.search("{% autoescape off %}")
    assert not UNESCAPED.search("{{ text|safely }}")
