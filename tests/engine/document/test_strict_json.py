import pytest

from rubric_studio.engine.document.strict_json import JsonError, loads


def test_plain_json_is_read_from_bytes_and_text():
    assert loads(b'{"a": [1, -2.5, true, null, "\xc3\xa9"]}') == {"a": [1, -2.5, True, None, "é"]}
    assert loads('{"a": "é"}') == {"a": "é"}


def test_byte_order_mark_is_dropped():
    assert loads(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "not JSON"),
        (b"[1, 2", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"NaN", "not JSON"),
        (b'{"a": Infinity}', "not JSON"),
        (b"[-Infinity]", "not JSON"),
        (b"\xff\xfe[\x001\x00]\x00", "not UTF-8"),
        (b'"\\ud800"', "not JSON"),
        ("\ud800", "surrogate"),
        (b'{"a": 1, "a": 2}', "'a' appears twice"),
        (b'{"a": {"b": 1, "c": 2, "b": 1}}', "'b' appears twice"),
        (b"9007199254740992", "too large"),
        (b"-9007199254740992", "too large"),
        (b"1" + b"0" * 30, "too large"),
        (b"9" * 5000, "not JSON"),
        (b"1e17", "too large"),
        (b"1e400", "not JSON"),
        (b'["a\\u0000b"]', "U+0000"),
        (b'{"\\u0000": 1}', "U+0000"),
    ],
)
def test_json_that_cannot_be_kept_exactly_is_refused(data, message):
    with pytest.raises(JsonError) as caught:
        loads(data)
    assert message in caught.value.message


def test_largest_exact_integer_is_read():
    assert loads(b"[9007199254740991, -9007199254740991]") == [2**53 - 1, -(2**53) + 1]


def test_escaped_backslash_before_u0000_is_no_nul():
    assert loads(b'"\\\\u0000"') == "\\u0000"


@pytest.mark.parametrize("depth", [201, 1000, 100_000])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_nesting_is_refused(depth, closed):
    with pytest.raises(JsonError, match=r"deeper than 200|not JSON"):
        loads(b"[" * depth + (b"]" * depth if closed else b""))


def test_deep_nesting_of_objects_is_refused():
    with pytest.raises(JsonError, match="deeper than 200"):
        loads(b'{"a":' * 100_000 + b"1" + b"}" * 100_000)


def test_two_hundred_levels_are_read():
    assert loads(b"[" * 200 + b"]" * 200)


def test_line_of_the_mistake_is_told():
    with pytest.raises(JsonError) as caught:
        loads(b'{"a": 1,\n "b": tru}')
    assert caught.value.line == 2


def test_data_beyond_the_limit_is_refused():
    with pytest.raises(JsonError, match="larger than 10 bytes"):
        loads(b"[1, 2, 3, 4]", max_bytes=10)
