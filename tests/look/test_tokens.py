"""The tokens of both grounds, and that nothing else names a colour."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TEMPLATES = Path(__file__).parents[2] / "templates"


def _block(selector):
    text = (CSS / "tokens.css").read_text()
    return dict(
        re.findall(r"(--[\w-]+):([^;]+);", text.split(f"{selector} {{", 1)[1].split("}")[0])
    )


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_dark_by_choice_and_dark_by_the_system_are_the_same():
    assert _block("[data-theme=dark]") == _block(":root:not([data-theme])")


def test_dark_changes_every_colour():
    light = {name for name, value in _block(":root").items() if value.startswith("#")}
    dark = {name for name, value in _block("[data-theme=dark]").items() if value.startswith("#")}
    assert light == dark


@pytest.mark.parametrize("selector", [":root", "[data-theme=dark]"])
def test_words_can_be_read_on_every_ground(selector):
    tokens = _block(selector)
    for text in ("text", "text-2", "text-3", "accent", "credit", "penalty", "warn"):
        for ground in ("ground", "surface", "sunken"):
            assert _contrast(tokens[f"--{text}"], tokens[f"--{ground}"]) >= 4.5, (text, ground)
    for kind in ("accent", "credit", "penalty", "warn"):
        assert _contrast(tokens[f"--{kind}"], tokens[f"--{kind}-soft"]) >= 4.5, kind
    assert _contrast(tokens["--text"], tokens["--mark"]) >= 4.5
    assert _contrast(tokens["--on-fill"], tokens["--accent"]) >= 4.5
    assert _contrast(tokens["--line-2"], tokens["--surface"]) >= 3


def test_only_the_tokens_name_colours():
    for file in CSS.rglob("*.css"):
        if file.name == "tokens.css":
            continue
        rules = re.sub(r"/\*.*?\*/|@media print \{.*", "", file.read_text(), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*\{)", rules), file.name


def test_templates_hold_no_inline_style_or_script():
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text()
        assert not re.search(
            r"\sstyle=|<style|\son(?!ly=)\w+=|hx-on|hx-vals=.js:|<script>", text
        ), file
