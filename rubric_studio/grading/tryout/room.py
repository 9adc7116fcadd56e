"""How many tries a web process carries at once: each one holds a thread while judges answer."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from rubric_studio.errors import DomainError

TRIES_A_MINUTE = 40  # of one person


class NoRoom(DomainError):
    code = "no_room"
    message = "Others are trying their criteria just now. Press again in a moment."


class TooManyTries(DomainError):
    code = "too_many_tries"
    message = f"That was more than {TRIES_A_MINUTE} tries in a minute. Wait a little, then go on."


@dataclass(eq=False)
class Place:
    """Somebody's place in the room. `is_taken`: their next try has begun, so this one ends."""

    is_taken: bool = False


@dataclass
class Room:
    """Who is trying what in this process. One try a person: a new one takes the former's place."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    places: dict[int, Place] = field(default_factory=dict)
    began: dict[int, deque[float]] = field(default_factory=dict)

    @contextmanager
    def entered(self, user_id: int) -> Iterator[Place]:
        """Raises NoRoom and TooManyTries."""
        place = self._enter(user_id)
        try:
            yield place
        finally:
            with self.lock:
                if self.places.get(user_id) is place:
                    del self.places[user_id]

    def _enter(self, user_id: int) -> Place:
        moment = time.monotonic()
        with self.lock:
            former = self.places.get(user_id)
            if former is None and len(self.places) >= settings.TRYOUTS_AT_ONCE:
                raise NoRoom
            self._count(user_id, moment)
            if former is not None:
                former.is_taken = True
            place = self.places[user_id] = Place()
        return place

    def _count(self, user_id: int, moment: float) -> None:
        began = self.began.setdefault(user_id, deque())
        while began and began[0] < moment - 60:
            began.popleft()
        if len(began) >= TRIES_A_MINUTE:
            raise TooManyTries
        began.append(moment)


room = Room()
