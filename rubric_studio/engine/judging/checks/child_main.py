"""What runs in the child process: one JSON line in, one line when loaded, one line of result."""

import json
import os
import resource
import sys
from collections.abc import Callable
from importlib import import_module

import orjson

from rubric_studio.engine.document.types import Json

from .child import OUT_OF_MEMORY
from .undecided import Undecided

MAX_ADDRESS_SPACE = 512 << 20  # bytes
ENOUGH_MEMORY = 256 << 20  # bytes held after a task beyond which a fresh process takes over
CPU_SECONDS = 2
MAX_FILE = 256 << 20  # bytes: a model may be unpacked while it is loaded

TASKS = {
    "regex": "regex:search",
    "schema_error": "json_task:schema_error",
    "find_json": "json_task:find_json",
    "language": "language_task:shares",
    "formula_problem": "maths_task:formula_problem",
    "equivalent": "maths_task:equivalent",
}
_PACKAGE = __spec__.parent


def main() -> None:
    if sys.platform != "darwin":  # whose kernel knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE))
    _, hard_cpu = resource.getrlimit(resource.RLIMIT_CPU)
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no reply
    for line in sys.stdin.buffer:
        name, args = json.loads(line)  # orjson calls want of memory bad JSON
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE))
        run = _task(name)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, MAX_FILE))  # a task writes no file
        used = resource.getrusage(resource.RUSAGE_SELF)
        ends = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (ends, hard_cpu))
        out.write(b"{}\n")
        reply = _reply(run, args)
        resource.setrlimit(resource.RLIMIT_CPU, (hard_cpu, hard_cpu))
        if _memory() > ENOUGH_MEMORY:
            reply["last"] = True
        out.write(orjson.dumps(reply) + b"\n")
        if "last" in reply:
            return


def _task(name: str) -> Callable[..., Json]:
    module, _, function = TASKS[name].partition(":")
    found: Callable[..., Json] = getattr(import_module(f".{module}", _PACKAGE), function)
    return found


def _reply(run: Callable[..., Json], args: list[Json]) -> dict[str, Json]:
    try:
        return {"value": run(*args)}
    except Undecided as error:
        return {"error": [error.code, error.message]}
    except (MemoryError, RecursionError, OverflowError):
        message = "This is too large for a check. Make the check or the answer simpler."
        return {"error": ["too_large", message], "last": True}


def _memory() -> int:
    """Bytes of memory that this process holds now; the most it ever held where that is unknown."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    try:
        main()
    except MemoryError:  # while a task was taken in or its result was written out
        sys.exit(OUT_OF_MEMORY)
