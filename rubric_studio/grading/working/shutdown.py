"""Whether this worker is about to stop: set in the parent, seen by its children at once."""

from ctypes import c_bool
from multiprocessing.sharedctypes import RawValue
from typing import Any

from celery.signals import worker_shutting_down

# Shared memory, made before the children are forked: they get no signal of a warm shutdown.
_is_stopping = RawValue(c_bool, False)


def is_stopping() -> bool:
    return bool(_is_stopping.value)


@worker_shutting_down.connect
def _note(**_: Any) -> None:
    _is_stopping.value = True
