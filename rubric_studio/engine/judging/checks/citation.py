"""Whether the answer cites sources: web addresses, DOIs, [3], (Smith, 2020)."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import re2

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .reading import Reading, read
from .wording import counted, listed

_NAME = r"\p{Lu}[\pL'’-]+"
_YEAR = r"(?:1[5-9]|20)[0-9]{2}[a-z]?"
_NAMES = rf"{_NAME}(?:\s+et\s+al\.?|(?:,?\s+(?:and|&|und|et|y)\s+{_NAME}))?"
STYLES = {
    "url": re2.compile(r"(?i)https?://[^\s<>\"'`\\^{}|“”«»]+"),
    "doi": re2.compile(r"(?i)\b10\.[0-9]{4,9}/[^\s<>\"“”]+"),
    "bracket": re2.compile(r"\[[0-9]{1,3}(?:\s*[,–-]\s*[0-9]{1,3}){0,20}\]"),
    "author_year": re2.compile(
        rf"\((?:[^()]{{0,80}}[\s;,])?{_NAMES},?\s+{_YEAR}(?:[,;:][^()]{{0,80}})?\)"
        rf"|{_NAMES}\s+\({_YEAR}(?:[,:][^()]{{0,40}})?\)"
    ),
}
_LABELS = {
    "any": "source",
    "url": "web address",
    "doi": "DOI",
    "bracket": "numbered reference",
    "author_year": "author and year",
}
_PLURALS = {"url": "web addresses", "author_year": "authors with a year"}
_DOMAIN = re2.compile(r"(?i)[\pL\pN-]+(?:\.[\pL\pN-]+)+")
_TRAILING = ".,;:!?)]}*_…'\""


def problems(spec: Spec) -> Sequence[Problem]:
    domains = spec["domains"] or []
    if domains and spec["style"] not in ("any", "url"):
        return [Problem("/domains", "Only web addresses have domains; choose them, or remove.")]
    return [
        Problem(f"/domains/{index}", "Write a domain alone, such as who.int.")
        for index, domain in enumerate(domains)
        if not _DOMAIN.fullmatch(domain.strip())
    ]


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    reading = read(answer)
    # A source cited twice is one source.
    found: dict[str, tuple[int, int]] = {}
    for start, end in _citations(spec, reading):
        found.setdefault(reading.text[start:end].casefold(), (start, end))
    quotes = [reading.quote(*place) for place in sorted(found.values())[:20]]
    kind = counted(len(found), _LABELS[spec["style"]], _PLURALS.get(spec["style"], ""))
    return verdict(len(found) >= spec["at_least"], f"The answer cites {kind}.", quotes)


def _citations(spec: Spec, reading: Reading) -> Iterator[tuple[int, int]]:
    domains = [domain.strip().casefold() for domain in spec["domains"] or []]
    styles = ("url",) if domains else STYLES if spec["style"] == "any" else (spec["style"],)
    taken = 0
    for style in styles:
        for match in STYLES[style].finditer(reading.text):
            start, end = match.start(), match.end()
            if style in ("url", "doi"):
                end = _ends(reading.text, start, end)
            if style == "url" and not _is_in(reading.text[start:end], domains):
                continue
            # The DOI within https://doi.org/10.… was counted with its address.
            if style == "doi" and spec["style"] == "any" and reading.text[start - 1] == "/":
                continue
            taken += 1
            if taken > 10_000:
                return
            yield start, end


def _ends(text: str, start: int, end: int) -> int:
    """Without the punctuation of the sentence; a bracket stays when it was opened within."""
    while end > start and text[end - 1] in _TRAILING:
        if text[end - 1] == ")" and text.count("(", start, end) >= text.count(")", start, end):
            break
        end -= 1
    return end


def _is_in(address: str, domains: Sequence[str]) -> bool:
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:  # "http://[" is no address
        return False
    if "." not in host:
        return False
    return not domains or any(host == it or host.endswith("." + it) for it in domains)


def describe(spec: Spec) -> str:
    style = spec["style"]
    kind = counted(spec["at_least"], _LABELS[style], _PLURALS.get(style, ""))
    of = f" of {listed(spec['domains'], 'or')}" if spec["domains"] else ""
    return f"Cites at least {kind}{of}"


KIND = Kind(
    name="citation",
    title="Cites sources",
    hint="Looks for references. Whether they exist is not looked up.",
    fields=(
        Field(
            "style",
            "References",
            "choice",
            choices=(
                ("any", "Of any style"),
                ("url", "Web addresses"),
                ("doi", "DOIs"),
                ("bracket", "Numbers in brackets, [3]"),
                ("author_year", "Author and year"),
            ),
            default="any",
        ),
        Field("at_least", "At least", "integer", default=1, least=1, most=1000),
        Field("domains", "Only from these domains", "lines", "One a line: who.int.", longest=253),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
