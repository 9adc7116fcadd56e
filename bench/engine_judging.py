"""How close the engine alone comes to the speed that a judge's latency allows.

python -m bench.engine_judging [--cells 1000] [--in-flight 64] [--delay-ms 50] [--rounds 3]

The ideal is in-flight / delay: 64 calls of 50 ms at a time are 1,280 cells a second. The judge is a
process of its own on the same machine, and takes about as much of a core as the engine.
"""

import argparse
import asyncio
import time

from bench.fixed_judge import FixedJudge
from bench.table import table
from rubric_studio.engine.document.types import Criterion, Message, Question
from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import JudgeClient
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.session import Cell, judge_cells

CRITERIA_PER_ANSWER = 50
LEAST_SHARE = 0.7


def make_cells(count):
    question = Question("chest-pain", (Message("user", "My chest hurts and my arm is numb."),))
    cells = []
    for number in range(count):
        answer, criterion = divmod(number, CRITERIA_PER_ANSWER)
        text = f"Answer {answer}. " + "Pain that spreads to the arm is an emergency. " * 20
        sentence = f"States point {criterion} about the risk of waiting."
        asked = (Criterion(f"c-{criterion}", sentence, 5),)
        cells.append(Cell(number, question, asked, AnswerContent(text)))
    return cells


async def measure(judge, options):
    outcomes = []
    endpoint = Endpoint(judge.base_url, "scripted")
    guard = AddressGuard(["127.0.0.1"])
    async with JudgeClient(endpoint, guard, connections=options.in_flight) as client:
        started, busy = time.perf_counter(), time.process_time()
        await judge_cells(
            client,
            make_cells(options.cells),
            limit=options.in_flight,
            on_result=lambda cell, outcome: outcomes.append(outcome.status),
        )
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
    assert outcomes == ["judged"] * options.cells
    return seconds, busy


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--delay-ms", type=float, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ideal = options.in_flight / (options.delay_ms / 1000)
    fixed_judge = FixedJudge(options.delay_ms / 1000)
    with fixed_judge as judge, table() as figures:
        for number in range(1, options.rounds + 1):
            seconds, busy = asyncio.run(measure(judge, options))
            assert judge.counted()["most_in_flight"] <= options.in_flight
            achieved = options.cells / seconds
            figures.add(f"round {number}: share of the ideal", achieved / ideal, least=LEAST_SHARE)
            figures.add(f"round {number}: cells a second", achieved)
            figures.add(f"round {number}: busy per cell", busy / options.cells * 1000, "ms")


if __name__ == "__main__":
    main()
