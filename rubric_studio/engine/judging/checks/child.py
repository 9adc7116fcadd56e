"""A process of its own for what may burn: it is bounded in time and memory, and can be killed."""

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

import orjson

from rubric_studio.engine.document.types import Json

from .undecided import Undecided

WALL_SECONDS = 3.0  # for one task, once the child has what it needs loaded
LOADING_SECONDS = 60.0  # for starting Python and loading SymPy, on a busy machine
MAX_REPLY = 1 << 20  # bytes
OUT_OF_MEMORY = 75  # the exit status of a child that says so

_ROOT = Path(__file__).parents[4]
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")
_TOO_SLOW = "This took longer than a check may take. Make the check or the answer simpler."
_TOO_LARGE = "This took more memory than a check may take. Make the check or the answer simpler."


class Child:
    """One child process, started when first needed and again after it was ended.

    Threads may share it: tasks take turns. It is no daemon of `multiprocessing`, so that a worker
    which is one itself can have it, and it sees none of the environment's secrets.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while there is none."""
        return None if self._process is None else self._process.pid

    def ask(self, task: str, args: list[Json]) -> Json:
        """What the task (see `child_main`) makes of `args`, both JSON.

        Raises Undecided: too_slow after `wall_seconds` or too much CPU time, too_large beyond the
        child's memory, or what the task itself raised.
        """
        with self._turn:
            process = self._process or self._start()
            try:
                self._write(process, orjson.dumps([task, args]) + b"\n")
                self._read(process, LOADING_SECONDS)  # it has loaded what the task needs
                reply = orjson.loads(self._read(process, self._wall_seconds))
            except BaseException:
                self._end()  # whatever it was doing, its answer would come to the next task
                raise
            if reply.get("last"):
                self._end()
        if "error" in reply:
            raise Undecided(*reply["error"])
        return reply["value"]

    def close(self) -> None:
        """End the process. Asking again starts another."""
        with self._turn:
            self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment |= {"PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"}
        # Each thread and each arena of these would take address space from the limit.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        self._unread = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.child_main"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)
        return self._process

    def _write(self, process: subprocess.Popen[bytes], line: bytes) -> None:
        assert process.stdin is not None
        pipe = process.stdin.fileno()
        left = memoryview(line)
        deadline = time.monotonic() + LOADING_SECONDS
        while left:
            _wait_for(pipe, select.POLLOUT, deadline)
            try:
                left = left[os.write(pipe, left) :]
            except BrokenPipeError:
                self._say_why_it_ended(process)

    def _read(self, process: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            _wait_for(pipe, select.POLLIN, deadline)
            piece = os.read(pipe, 65536)
            self._unread += piece
            if not piece:
                self._say_why_it_ended(process)
            if len(self._unread) > MAX_REPLY:
                raise Undecided("too_large", _TOO_LARGE)
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _say_why_it_ended(self, process: subprocess.Popen[bytes]) -> NoReturn:
        process.wait()
        # SIGKILL is either the kernel short of memory or its hard limit on CPU time.
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise Undecided("too_slow", _TOO_SLOW)
        if process.returncode > 0 and process.returncode != OUT_OF_MEMORY:
            raise Undecided("broken", "The program that decides this check stopped by itself.")
        raise Undecided("too_large", _TOO_LARGE)  # a library that got no memory aborts

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def forget(self) -> None:
        """In a fork: the process is the parent's to talk to and to end."""
        process, self._process = self._process, None
        self._turn = threading.Lock()
        if process is not None:
            process.returncode = 0  # not this process's child: nothing here may wait for it
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _wait_for(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise Undecided("too_slow", _TOO_SLOW)


_shared = Child()
atexit.register(_shared.close)
with contextlib.suppress(AttributeError):  # where processes cannot fork
    os.register_at_fork(after_in_child=_shared.forget)


def task(child: Child | None, name: str, args: list[Json]) -> Json:
    """`Child.ask` of that child, or of the one that this whole process shares."""
    return (child or _shared).ask(name, args)
