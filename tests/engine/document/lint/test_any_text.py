"""Any text at all: no exception, spans within it, time that grows with its length, and silence in
other languages."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.lint import Sentence, lint_document, lint_sentence
from rubric_studio.engine.document.lint.coverage import measure_coverage
from rubric_studio.engine.document.lint.linting import MOST_READ
from rubric_studio.engine.document.types import Criterion, Document, Message, Question

WORDS = """
    Names states that and as well as but also the correct dose does not fail to without (Reason:
    e.g. such as including , ; : . “ ” ' ( ) 1.42 12,450 several better may ideally appropriate
    detailed attempts to shows empathy use bullet points criterion above this it"""
PIECES = st.sampled_from(WORDS.split())
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join))
REPEATED = [
    *(f"{it} " for it in sorted(set(WORDS.split()))),
    *" \n!-\"“‘'(/1.a",
    "A. ",
    "a, ",
    "?\n",
    "Lists a, ",
    "word, word, and ",
    "does not x ",
    "to do and to do ",
    "identifies the x ",
    "shows a b c ",
    "(Reason ",
    "more or less ",
]


@given(TEXTS, st.floats(-100, 100), TEXTS, TEXTS)
@settings(max_examples=400)
def test_any_text_is_read_and_spans_lie_in_it(text, points, guidance, asked):
    for it in lint_sentence(Sentence(text, points, guidance, asked=asked)):
        assert all(0 <= start < end <= len(text) for start, end in it.spans)
        assert it.fix is None or all(new.strip() for new in it.fix.texts)


@given(st.lists(TEXTS, max_size=8), TEXTS)
@settings(max_examples=150)
def test_any_rubric_is_read(texts, asked):
    criteria = tuple(Criterion(f"c{at}", it, 1) for at, it in enumerate(texts))
    document = Document(Question("q", (Message("user", asked),)), criteria=criteria)
    lint = lint_document(document)
    assert {it.criterion for it in lint.findings} <= {*(it.key for it in criteria), None}
    uncovered = measure_coverage(document)
    assert set(uncovered.uncovered) <= set(uncovered.parts or ())


@pytest.mark.parametrize("piece", REPEATED)
def test_no_repeated_text_keeps_a_rule_busy(piece):
    """A pattern that backtracks would need minutes here; `bench.lint_speed` prints the times."""
    text = ("States " + piece * MOST_READ)[:MOST_READ]
    for it in lint_sentence(Sentence(text, asked=text)):
        assert all(0 <= start < end <= len(text) for start, end in it.spans)


def test_a_page_of_text_is_called_long_and_nothing_else():
    text = "Names the good dose and states that it may be better. " * 4000
    assert {it.rule.id for it in lint_sentence(Sentence(text))} == {"L17"}


@pytest.mark.parametrize(
    "text",
    [
        "Nennt die richtige Dosis und erklärt, warum sie nicht verdoppelt werden darf.",
        "Die Antwort ist klar und angemessen und nennt mehrere Gründe.",
        "Erklärt den Mechanismus ausführlich.",
        "Donne la bonne dose et explique pourquoi il ne faut pas la doubler.",
        "La réponse est claire et mentionne plusieurs causes.",
        "Explique le mécanisme en détail.",
        "说明正确的剂量，并解释为什么不能加倍。",
        "回答应当清楚、全面，并提到多个原因。",
        "Нзывает правильную дозу и объясняет, почему её нельзя удвоить.",
        "Indica la dosis correcta y explica por qué no se debe duplicar.",
        "Noemt de juiste dosis en legt uit waarom die niet verdubbeld mag worden.",
        "適切な用量を示し、理由を説明する。",
        "يذكر الجرعة الصحيحة ويشرح السبب.",
        "Menciona várias causas e explica por que não se deve dobrar a dose.",
        "",
        " ",
        "42",
        "…",
    ],
)
def test_other_languages_get_no_word(text):
    assert lint_sentence(Sentence(text)) == ()


@pytest.mark.parametrize(
    "text", ["Aspirin.", "Lisbon", "Names aspirin.", "NaCl", "Good structure."]
)
def test_a_few_words_that_could_be_english_are_read(text):
    assert lint_sentence(Sentence(text))


def test_a_rubric_in_another_language_is_left_alone():
    texts = ("Nennt die Dosis und den Namen des Mittels.", "Rät von der Fahrt mit dem Auto ab.")
    criteria = tuple(Criterion(f"c{at}", it, 1) for at, it in enumerate(texts))
    asked = Message("user", "Was soll ich tun? Welches Mittel hilft gegen den Husten?")
    lint = lint_document(Document(Question("q", (asked,)), criteria=criteria))
    assert (lint.findings, lint.silent) == ((), ("c0", "c1"))


@given(st.text(string.ascii_letters + " .,;:()'“”", max_size=400))
@settings(max_examples=200)
def test_the_same_text_gets_the_same_findings(text):
    assert lint_sentence(Sentence(text)) == lint_sentence(Sentence(text))
