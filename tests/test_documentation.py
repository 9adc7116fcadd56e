import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def names_read_from_the_environment():
    sources = [ROOT / "rubric_studio" / "settings.py", *(ROOT / "rubric_studio/local").glob("*.py")]
    pattern = re.compile(
        r"""(?:env_\w+|os\.environ\.get|environ\.get|getenv)\(\s*"([A-Z_]+)"|environ\["([A-Z_]+)"\]"""
    )
    return {
        first or second
        for source in sources
        for first, second in pattern.findall(source.read_text("utf-8"))
    } - {"DJANGO_SETTINGS_MODULE", "PATH", "HOME"}


def test_every_setting_is_documented():
    documented = (ROOT / "docs" / "settings.md").read_text("utf-8")
    names = names_read_from_the_environment()
    assert {"DATABASE_URL", "JUDGE_ENDPOINT_ALLOWLIST", "SECRET_KEY"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in documented] == []


def test_every_documented_setting_is_read():
    documented = re.findall(
        r"^\| ((?:`[A-Z_]+`(?:, )?)+)", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.M
    )
    names = {name for cell in documented for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert names - names_read_from_the_environment() - {"PORT"} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    local = [it for it in targets if "://" not in it and not it.startswith(("/api/", "mailto:"))]
    assert [it for it in local if not (page.parent / it).exists()] == []


def test_the_version_is_the_changelogs():
    from rubric_studio.settings import VERSION

    assert re.search(rf"^## {re.escape(VERSION)}\b", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()
