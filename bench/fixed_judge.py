"""A judge that says "met" after a fixed delay, made to cost as little processor time as it can.

It shares the cores with what is measured. Speaks just enough HTTP for keep-alive POSTs; counts its
calls and the most that were open at once. Started by `FixedJudge`, as a process of its own.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
LABEL = re.compile(rb'\{\\"(c1-[0-9a-z]+)\\"')
ORPHAN_CHECK = 1.0  # seconds


def reply_to(body: bytes) -> bytes:
    found = LABEL.search(body)
    if found is None:
        raise ValueError("The prompt does not ask for one criterion.")
    verdict = {"reason": "It says so.", "quotes": [], "verdict": "met"}
    content = json.dumps({found[1].decode(): verdict})
    message = {"role": "assistant", "content": content}
    reply = {
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 400, "completion_tokens": 40},
    }
    return json.dumps(reply).encode()


class Counted:
    calls = in_flight = most_in_flight = 0


class Connection(asyncio.Protocol):
    def __init__(self, delay: float, counted: Counted) -> None:
        self.delay, self.counted, self.data = delay, counted, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        head, end, rest = self.data.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        size = int(length[1]) if length else 0
        if not end or len(rest) < size:
            return
        self.data = rest[size:]
        if head.startswith(b"POST"):
            self._ask(rest[:size])
        else:
            self._send(json.dumps(vars(self.counted)).encode())

    def _ask(self, body: bytes) -> None:
        counted = self.counted
        counted.calls += 1
        counted.in_flight += 1
        counted.most_in_flight = max(counted.most_in_flight, counted.in_flight)
        asyncio.get_running_loop().call_later(self.delay, self._reply, body)

    def _reply(self, body: bytes) -> None:
        self.counted.in_flight -= 1
        self._send(reply_to(body))

    def _send(self, body: bytes) -> None:
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        self.transport.write(f"{head}{len(body)}\r\n\r\n".encode() + body)


class FixedJudge:
    """with FixedJudge(delay=0.05) as judge: judge.base_url, judge.counted()"""

    def __init__(self, delay: float) -> None:
        self.delay = delay

    def __enter__(self) -> "FixedJudge":
        command = [sys.executable, "-m", "bench.fixed_judge", str(self.delay)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.base_url = f"http://127.0.0.1:{int(self._process.stdout.readline())}/v1"
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()

    def counted(self) -> dict[str, int]:
        with urllib.request.urlopen(self.base_url) as response:
            found: dict[str, int] = json.load(response)
            return found


async def serve(delay: float) -> None:
    counted = Counted()
    counted.calls = counted.in_flight = counted.most_in_flight = 0
    loop, parent = asyncio.get_running_loop(), os.getppid()
    server = await loop.create_server(
        lambda: Connection(delay, counted), "127.0.0.1", 0, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    while os.getppid() == parent:
        await asyncio.sleep(ORPHAN_CHECK)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("delay", type=float)
    asyncio.run(serve(parser.parse_args().delay))
