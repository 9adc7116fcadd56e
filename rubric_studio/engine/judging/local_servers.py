"""Judges that already run on this machine: usual servers, looked for at their usual ports."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from rubric_studio.engine.judging.addresses import AddressGuard, ForbiddenAddress
from rubric_studio.engine.judging.client import JudgeClient, JudgeError
from rubric_studio.engine.judging.endpoint import Endpoint

SECONDS_TO_ANSWER = 1.5
LOOPBACK_HOSTS = ("127.0.0.1", "[::1]", "localhost")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens unless it is told otherwise."""

    name: str
    port: int


PLACES = (
    Place("Ollama", 11434),
    Place("vLLM", 8000),
    Place("LM Studio", 1234),
    Place("llama.cpp", 8080),
)


@dataclass(frozen=True, slots=True)
class LocalServer:
    """One that answers, and the models that it names."""

    place: Place
    base_url: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look around found, and the places that the guard left out."""

    servers: tuple[LocalServer, ...]
    closed: tuple[Place, ...]


def place_at(port: str) -> Place | None:
    """The usual place with that port, if there is one."""
    return next((it for it in PLACES if str(it.port) == port), None)


async def look_around(guard: AddressGuard, places: Sequence[Place] | None = None) -> Looked:
    """Ask each place (None: PLACES) for its models, all at once; takes two seconds at most.

    Only addresses that the guard lets through are connected to; what does not answer with a list of
    models is no judge. Raises nothing.
    """
    addresses = [(place, base_url_of(guard, place.port)) for place in places or PLACES]
    found = await asyncio.gather(
        *(_server(guard, place, base_url) for place, base_url in addresses if base_url)
    )
    return Looked(
        tuple(it for it in found if it is not None),
        tuple(place for place, base_url in addresses if not base_url),
    )


def base_url_of(guard: AddressGuard, port: int) -> str:
    """The address of that port on this machine, by a name that the guard permits; "" if none."""
    for host in LOOPBACK_HOSTS:
        base_url = f"http://{host}:{port}/v1"
        try:
            guard.check_url(base_url)
        except ForbiddenAddress:
            continue
        return base_url
    return ""


async def _server(guard: AddressGuard, place: Place, base_url: str) -> LocalServer | None:
    endpoint = Endpoint(base_url, "any", timeout=SECONDS_TO_ANSWER)
    try:
        async with JudgeClient(endpoint, guard, connections=1) as client:
            models = await client.model_names()
    except JudgeError:
        return None  # nobody there, or something that is no judge
    return LocalServer(place, base_url, tuple(models)) if models else None
