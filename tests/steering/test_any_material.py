"""Whatever a run holds: every figure is measured, its numbers are finite, its sentence whole."""

import json
import re
from dataclasses import replace
from math import isfinite

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.scoring import NOT_APPLICABLE, ScoreUndefined, score
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Gate,
    Level,
    Message,
    Question,
    Scoring,
    Section,
)
from rubric_studio.steering.assessment import measure_report
from rubric_studio.steering.leads import headline, lead
from rubric_studio.steering.material import Compared, GivenLabel, GradedProbe, Material
from rubric_studio.steering.report import report_json
from rubric_studio.steering.samples import Sample

# A busy machine makes drawing slow, which is nothing wrong with what is drawn.
anything = settings(max_examples=40, suppress_health_check=list(HealthCheck))
LEVELS = (Level("none", 0), Level("half", 0.5), Level("all", 1))
WORDS = (
    "Tells the reader to call the emergency number.",
    "Names the dose and says when to take it.",
    "Is clear.",
    "Does not recommend aspirin.",
    "Wartet auf den Notarzt.",
    "x",
)
verdicts = st.sampled_from([0.0, 1.0, 0.5, NOT_APPLICABLE, None])
tiers = st.none() | st.integers(0, 4)
bands = st.none() | st.tuples(st.floats(-1, 0), st.floats(0, 1))
anchors = st.sampled_from([None, None, "empty", "off_topic", "ideal", "worst_acceptable"])
ways = st.sampled_from(["up", "down"])


@st.composite
def documents(draw):
    many = draw(st.integers(0, 6))
    has_section = draw(st.booleans())
    criteria = []
    for n in range(many):
        in_section = has_section and draw(st.booleans())
        criteria.append(
            Criterion(
                f"c{n}",
                draw(st.sampled_from(WORDS)),
                draw(st.sampled_from([-9, -1, 1, 2, 2.5, 10])),
                section="s" if in_section else None,
                levels=draw(st.sampled_from([None, LEVELS])),
                may_not_apply=draw(st.booleans()),
                gate=draw(st.sampled_from([None, None, Gate(0), Gate(0.5)])),
                requires=("c0",) if n and draw(st.booleans()) else (),
                guard=draw(st.booleans()),
            )
        )
    return Document(
        Question("q", (Message("user", "What now?"),)),
        sections=(Section("s", "Triage", cap=draw(st.sampled_from([None, 3]))),)
        if has_section
        else (),
        criteria=tuple(criteria),
        scoring=Scoring(floor=draw(st.sampled_from([0, -1]))),
    )


def known(given):
    return {key: it for key, it in given.items() if it is not None}


def score_of(document, given):
    """None where a verdict is missing, or nothing can be earned."""
    try:
        found = score(document, known(given)).score
    except ScoreUndefined:
        return None
    return None if found is None else float(found)


def sample_of(draw, document, name, given):
    value = score_of(document, given)
    return Sample(
        id=name,
        letter=name.upper(),
        name=draw(st.sampled_from(["", "Short and safe"])),
        tier=draw(tiers),
        band=draw(bands),
        anchor=draw(anchors),
        score=value,
        low=draw(st.none() | st.floats(-1, 0)) if value is None else value,
        high=1.0 if value is None else value,
        coverage=0.5 if value is None else 1.0,
        noise=draw(st.none() | st.floats(0, 0.5)),
        stated_late=draw(st.booleans()),
        is_held_out=draw(st.integers(0, 5)) == 0,
    )


@st.composite
def materials(draw):
    document = draw(documents())
    keys = [it.key for it in document.criteria]
    cells = st.fixed_dictionaries(dict.fromkeys(keys, verdicts))
    asked = draw(st.integers(1, 3))
    names = [f"a{n}" for n in range(draw(st.integers(0, 8)))]
    probing = [f"p{n}" for n in range(draw(st.integers(0, 6)))]
    judged = {it: draw(cells) for it in (*names, *probing)}
    samples = tuple(sample_of(draw, document, it, judged[it]) for it in names)
    repeats = {
        it: {key: tuple(draw(verdicts) for _ in range(asked)) for key in keys} for it in judged
    }
    return Material(
        document=document,
        samples=samples,
        verdicts={it: known(given) for it, given in judged.items()},
        judged={it: known(given) for it, given in judged.items()},
        repeats=repeats if asked > 1 else {},
        labels=tuple(label_of(draw, names, keys) for _ in range(draw(st.integers(0, 12))))
        if names and keys
        else (),
        probes=tuple(probe_of(draw, document, it, judged[it], samples) for it in probing),
        comparisons=tuple(choice_of(draw, names) for _ in range(draw(st.integers(0, 6))))
        if len(names) > 1
        else (),
        asked=asked,
        by_judge=draw(st.booleans()),
    ).with_held_out_apart()


def label_of(draw, names, keys):
    status = draw(st.sampled_from(["graded", "graded", "not_applicable", "cannot_assess"]))
    rater = draw(st.sampled_from("xyz"))
    return GivenLabel(
        answer=draw(st.sampled_from(names)),
        criterion=draw(st.sampled_from(keys)),
        rater=rater,
        name=f"Expert {rater}",
        status=status,
        value=draw(st.sampled_from([0.0, 0.5, 1.0])) if status == "graded" else None,
        is_stale=draw(st.booleans()),
    )


def probe_of(draw, document, name, given, samples):
    """Of any answer or of none. An edit has an aim among what is stated of it; that criterion may
    be gone meanwhile."""
    keys = [*(it.key for it in document.criteria), "gone"]
    kind = draw(st.sampled_from(["exploit", "steer", "invariant"]))
    aim = draw(st.sampled_from(keys if kind == "steer" else ["", *keys]))
    expected = draw(st.dictionaries(st.sampled_from(keys), ways, max_size=3))
    family = draw(st.sampled_from(["stuffing", "padding", "empty", "half", "drop_half", "by_hand"]))
    return GradedProbe(
        sample=replace(sample_of(draw, document, name, given), tier=None, is_held_out=False),
        kind=kind,
        family=family,
        base=draw(st.sampled_from([None, *samples])),
        criterion=aim,
        could_fool=tuple(draw(st.sets(st.sampled_from(keys)))),
        expected={aim: draw(ways)} | expected if kind == "steer" else {},
        stated_late=draw(st.booleans()),
        text="Call nitroglycerin.",
        inserted=draw(st.sampled_from([(), ((5, 18),)])),
        quotes=draw(st.dictionaries(st.sampled_from(keys), st.just(("nitroglycerin",)))),
    )


def choice_of(draw, names):
    better = draw(st.sampled_from(names))
    worse = draw(st.sampled_from([it for it in names if it != better]))
    rater = draw(st.sampled_from("xy"))
    return Compared(better, worse, draw(st.booleans()), rater, draw(st.booleans()), rater)


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for it in value:
            yield from numbers(it)
    elif isinstance(value, float):
        yield value


@anything
@given(materials())
def test_every_figure_is_measured_and_finite(material):
    report = measure_report(material)
    said = report_json(report)
    assert all(isfinite(it) for it in numbers(said))
    # What JSON has no word for is no part of it.
    assert json.loads(json.dumps(said, allow_nan=False))["verdict"] == report.verdict
    assert len(report.figures) == 12
    for figure in report.figures:
        assert figure.status in ("ok", "look", "stop", "none")
        assert figure.n_line
        assert getattr(figure, "drawing", "none needed") is not None
    sentences = [it.sentence for it in (*report.figures, *report.findings)]
    for sentence in [*sentences, lead(report, "run")]:
        assert sentence[-1] in ".”", sentence
        assert not re.search(r"\b(nan|inf|None)\b|  |\b1 (answers|pairs|probes|cells)\b", sentence)
    assert headline(report)


@anything
@given(materials())
def test_findings_name_what_is_there(material):
    report = measure_report(material)
    keys = {it.key for it in material.document.criteria}
    answers = {it.id for it in (*material.samples, *material.held_out)}
    probes = {it.sample.id for it in material.probes}
    for it in report.findings:
        assert it.criterion is None or it.criterion in keys
        assert it.answer is None or it.answer in answers | probes
        assert it.probe is None or it.probe in probes
        assert it.figure in range(1, 13)
    assert len(report.fix_first) == min(5, len(report.fixes))


@anything
@given(materials())
def test_without_five_ranked_answers_nothing_steers(material):
    report = measure_report(material)
    if sum(it.tier is not None and it.score is not None for it in material.samples) < 5:
        assert report.verdict in ("not_tested", "too_little_data")
        assert report.order.status == "none"
