"""How close the engine alone comes to the speed that a judge's latency allows.

python -m bench.engine_judging [--cells 1000] [--in-flight 64] [--delay-ms 50]
"""

import argparse
import asyncio
import time

from rubric_studio.engine.document.types import Criterion, Message, Question
from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import JudgeClient
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.session import Cell, judge_cells
from tests.scripted_judge import JudgeProcess

CRITERIA_PER_ANSWER = 50


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--delay-ms", type=float, default=50)
    options = parser.parse_args()
    ideal = options.in_flight / (options.delay_ms / 1000)
    with JudgeProcess(delay=options.delay_ms / 1000) as judge:
        seconds, busy = asyncio.run(measure(judge, options))
        stats = judge.stats()
    achieved = options.cells / seconds
    print(f"achieved {achieved:.0f} cells/s, ideal {ideal:.0f}, ratio {achieved / ideal:.2f}")
    print(f"{seconds:.2f} s, of them {busy:.2f} s busy; at most {stats['max_in_flight']} in flight")


if __name__ == "__main__":
    main()
