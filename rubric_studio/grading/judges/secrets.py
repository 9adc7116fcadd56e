"""Judges' API keys at rest: AES-256-GCM under a key derived from SECRET_KEY."""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from rubric_studio.errors import DomainError

FORMAT = b"\x01"
KEY_ID_LENGTH = 4
NONCE_LENGTH = 12
HEAD = len(FORMAT) + KEY_ID_LENGTH + NONCE_LENGTH


class SecretUnreadable(DomainError):
    """What was encrypted under a SECRET_KEY that is no longer known, or for another row."""

    code = "secret_unreadable"
    message = (
        "The judge's API key can't be read: SECRET_KEY has changed. Give the key again under "
        "Change, or put the former SECRET_KEY into SECRET_KEY_FALLBACKS."
    )


def encrypt(plain: str, aad: bytes) -> bytes:
    """Encrypted under the current SECRET_KEY. `aad` binds it to its row: another's copy of the
    bytes can't be read."""
    key_id, key = _derive(settings.SECRET_KEY)
    nonce = os.urandom(NONCE_LENGTH)
    return FORMAT + key_id + nonce + AESGCM(key).encrypt(nonce, plain.encode(), aad)


def decrypt(data: bytes, aad: bytes) -> str:
    """What `encrypt` was given. Also under SECRET_KEY_FALLBACKS. Raises SecretUnreadable."""
    key_id = data[len(FORMAT) : len(FORMAT) + KEY_ID_LENGTH]
    nonce = data[HEAD - NONCE_LENGTH : HEAD]
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        known_id, key = _derive(secret)
        if data[: len(FORMAT)] == FORMAT and known_id == key_id:
            try:
                return AESGCM(key).decrypt(nonce, data[HEAD:], aad).decode()
            except InvalidTag:
                break
    raise SecretUnreadable


def is_under_current_key(data: bytes) -> bool:
    """Whether SECRET_KEY itself reads it, so that the fallbacks could go."""
    key_id, _ = _derive(settings.SECRET_KEY)
    return data.startswith(FORMAT + key_id)


@lru_cache(maxsize=8)
def _derive(secret: str) -> tuple[bytes, bytes]:
    """The key's id (not secret) and the key."""
    derived = HKDF(
        algorithm=hashes.SHA256(),
        length=KEY_ID_LENGTH + 32,
        salt=None,
        info=b"rubric-studio judge keys 1",
    ).derive(secret.encode())
    return derived[:KEY_ID_LENGTH], derived[KEY_ID_LENGTH:]
