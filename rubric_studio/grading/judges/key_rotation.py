"""Judges' keys under a new SECRET_KEY, so that the former one can be forgotten."""

from dataclasses import dataclass

from django.db import transaction

from rubric_studio.grading.judges.endpoints import aad_of
from rubric_studio.grading.judges.secrets import (
    SecretUnreadable,
    decrypt,
    encrypt,
    is_under_current_key,
)
from rubric_studio.grading.models import Judge


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many keys are encrypted anew, how many were current, and whose can't be read."""

    renewed: int
    current: int
    unreadable: tuple[Judge, ...]


@transaction.atomic
def rotate_keys() -> Rotation:
    """Encrypt every judge's key under the newest SECRET_KEY. What can't be read stays as it is."""
    renewed = current = 0
    unreadable = []
    keyed = Judge.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    for judge in keyed.filter(key_encrypted__isnull=False):
        data = bytes(judge.key_encrypted or b"")
        try:
            key = decrypt(data, aad_of(judge))
        except SecretUnreadable:
            unreadable.append(judge)
            continue
        if is_under_current_key(data):
            current += 1
            continue
        judge.key_encrypted = encrypt(key, aad_of(judge))
        judge.save(update_fields=["key_encrypted"])
        renewed += 1
    return Rotation(renewed, current, tuple(unreadable))
