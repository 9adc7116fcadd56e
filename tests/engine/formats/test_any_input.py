"""Whatever a file holds, a format reads it or says what is wrong."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.formats import FORMATS, FormatError, read
from tests.engine.document.documents import JSON_VALUES
from tests.engine.formats.test_healthbench_format import ROW
from tests.engine.formats.test_paperbench_format import TREE
from tests.engine.formats.test_rubric_studio_format import ANSWERS, DOCUMENT, ImportedQuestion

OURS = json.loads(b"".join(FORMATS["rubric-studio"].write([ImportedQuestion(DOCUMENT, ANSWERS)])))
SAMPLES = {"rubric-studio": OURS, "healthbench": ROW, "paperbench": TREE}


def read_or_refuse(name, data):
    try:
        return read(name, data)
    except FormatError as error:
        assert error.problems
        assert all(it.message for it in error.problems)
        return None


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40)
@given(data=st.binary(max_size=40) | JSON_VALUES.map(lambda it: json.dumps(it).encode()))
def test_any_bytes_are_read_or_refused(name, data):
    read_or_refuse(name, data)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=80)
@given(data=st.data())
def test_any_field_replaced_is_read_or_refused(name, data):
    sample = copy.deepcopy(SAMPLES[name])
    place = sample
    while True:
        steps = sorted(place) if isinstance(place, dict) else range(len(place))
        step = data.draw(st.sampled_from(list(steps)))
        if not (isinstance(place[step], dict | list) and place[step]) or data.draw(st.booleans()):
            break
        place = place[step]
    place[step] = data.draw(JSON_VALUES)
    imported = read_or_refuse(name, json.dumps(sample).encode())
    if imported is not None:
        again = read(name, b"".join(FORMATS[name].write(imported.questions)))
        assert [it.document for it in again.questions] == [it.document for it in imported.questions]
