import pytest

from rubric_studio.grading.judges.secrets import (
    SecretUnreadable,
    decrypt,
    encrypt,
    is_under_current_key,
)


def test_a_key_comes_back_and_is_nowhere_in_the_bytes():
    data = encrypt("sk-canary-1234", b"judge 1")
    assert b"canary" not in data
    assert decrypt(data, b"judge 1") == "sk-canary-1234"
    assert encrypt("sk-canary-1234", b"judge 1") != data


def test_another_rows_copy_cannot_be_read():
    data = encrypt("sk-canary", b"judge 1")
    with pytest.raises(SecretUnreadable):
        decrypt(data, b"judge 2")


def test_a_flipped_bit_is_noticed():
    data = bytearray(encrypt("sk-canary", b"judge 1"))
    data[-1] ^= 1
    with pytest.raises(SecretUnreadable):
        decrypt(bytes(data), b"judge 1")


def test_a_former_secret_key_still_reads_and_a_lost_one_says_what_to_do(settings):
    former = settings.SECRET_KEY
    data = encrypt("sk-canary", b"judge 1")
    settings.SECRET_KEY = "another one " * 5
    with pytest.raises(SecretUnreadable, match="SECRET_KEY_FALLBACKS"):
        decrypt(data, b"judge 1")
    settings.SECRET_KEY_FALLBACKS = [former]
    assert decrypt(data, b"judge 1") == "sk-canary"
    assert not is_under_current_key(data)
    assert is_under_current_key(encrypt("sk-canary", b"judge 1"))


def test_bytes_that_are_no_secret_are_refused():
    for data in (b"", b"\x01", b"x" * 40):
        with pytest.raises(SecretUnreadable):
            decrypt(data, b"")
