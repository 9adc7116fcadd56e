"""Documents for property tests: any draft that passes the checks, small enough to think about."""

from hypothesis import strategies as st

from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Example,
    Gate,
    Level,
    Message,
    Question,
    Scoring,
    Section,
)

QUESTION = Question(key="q", messages=(Message("user", "Why is the sky blue?"),))
POINTS = st.sampled_from([0.1, 0.7, 1, 2, 3, 5, 10])
VALUES = st.sampled_from([0, 1, 0.25, 0.5, 0.75])


@st.composite
def documents(draw, method=None, plain=False, gates=True, size=5):
    method = method or draw(st.sampled_from(["points", "tree"]))
    sections = () if plain else draw(_sections())
    count = draw(st.integers(1, size))
    criteria = []
    for index in range(count):
        sign = draw(st.sampled_from([1, 1, -1])) if method == "points" and index else 1
        earlier = [it.key for it in criteria]
        criteria.append(
            Criterion(
                key=f"c{index}",
                text=f"Says {index}.",
                points=sign * draw(POINTS),
                section=draw(st.sampled_from([None, *(it.key for it in sections)])),
                may_not_apply=False if plain else draw(st.booleans()),
                gate=Gate(draw(st.sampled_from([0, 0.3]))) if gates and draw(_seldom()) else None,
                requires=tuple(_some(draw, earlier)) if earlier and not plain else (),
            )
        )
    return Document(QUESTION, sections, tuple(draw(st.permutations(criteria))), Scoring(method))


def _seldom():
    return st.integers(0, 3).map(lambda number: number == 0)


def _some(draw, keys):
    return draw(st.lists(st.sampled_from(keys), unique=True, max_size=2)) if draw(_seldom()) else []


@st.composite
def _sections(draw):
    sections = []
    for index in range(draw(st.integers(0, 3))):
        sections.append(
            Section(
                key=f"s{index}",
                title=f"Section {index}",
                parent=draw(st.sampled_from([None, *(it.key for it in sections)])),
                weight=draw(st.sampled_from([0, 1, 1, 2.5])),
                cap=draw(st.sampled_from([None, None, 1, 4])),
            )
        )
    return tuple(sections)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NON_EMPTY = TEXTS.filter(str.strip)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def rich_documents(draw):
    """Documents that use every field."""
    plain = draw(documents(size=3))
    criteria = tuple(_enriched(draw, it) for it in plain.criteria)
    extra = st.dictionaries(
        TEXTS.filter(lambda it: it not in ("role", "content")), JSON_VALUES, max_size=2
    )
    messages = st.builds(Message, NON_EMPTY, TEXTS | JSON_VALUES, extra)
    question = Question(
        key=draw(st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._~:-]{0,9}\Z")),
        messages=tuple(draw(st.lists(messages, max_size=2))),
        reference=draw(st.none() | TEXTS),
        tags=tuple(draw(st.lists(NON_EMPTY, max_size=2))),
        origin=draw(st.sampled_from(["real", "synthetic"])),
        title=draw(TEXTS),
    )
    return Document(question, plain.sections, criteria, plain.scoring)


def _enriched(draw, criterion):
    levels = st.sampled_from(
        [None, (Level("no", 0), Level("so-so", 0.5, "Half."), Level("yes", 1))]
    )
    return Criterion(
        key=criterion.key,
        text=draw(NON_EMPTY),
        points=criterion.points,
        section=criterion.section,
        guidance=draw(TEXTS),
        levels=draw(levels),
        may_not_apply=criterion.may_not_apply,
        gate=criterion.gate,
        requires=criterion.requires,
        guard=draw(st.booleans()),
        tags=tuple(draw(st.lists(NON_EMPTY, max_size=2))),
        check=draw(st.none() | st.dictionaries(TEXTS, JSON_VALUES, max_size=2)),
        examples=tuple(Example(it, "met") for it in draw(st.lists(NON_EMPTY, max_size=2))),
        source=draw(TEXTS),
    )
