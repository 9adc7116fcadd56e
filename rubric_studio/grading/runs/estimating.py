"""What calls will use, said before they are made: tokens, money and time.

Tokens are guessed from the prompts' bytes and put right by what this judge's last calls really
used; so are the length of its replies and its seconds a call.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.prompt import build_prompt
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.judges.prompt_rules import wording_of, wording_of_run
from rubric_studio.grading.models import Call, Grade, Judge, Run, RunAnswer, Status
from rubric_studio.grading.runs.cells import calls_of
from rubric_studio.grading.runs.pinning import document_of
from rubric_studio.grading.working.money import BYTES_PER_TOKEN, TOKENS_AROUND, rounded

PAST_RUNS, PAST_ANSWERS, PAST_CALLS = 3, 12, 40
MILLION = 1_000_000

# The number of a call in the document, to the bytes of the answers that it is made for.
Waiting = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Past:
    """A judge's last calls: real prompt tokens per guessed one, and medians of the rest."""

    calls: int
    ratio: float
    reply_tokens: float  # a criterion
    seconds: float  # a call


@dataclass(frozen=True, slots=True)
class Estimate:
    """`cost` is None without prices; `seconds` without a past. `past_calls` are what it rests on:
    0 says that tokens rest on the prompts' length, and replies on the longest that is allowed.
    `unpriced` judges of a panel have calls to make that are not in the `cost` of the others."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal | None = None
    seconds: float | None = None
    past_calls: int = 0
    unpriced: int = 0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def as_json(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost": None if self.cost is None else str(self.cost),
            "seconds": self.seconds,
            "past_calls": self.past_calls,
            "unpriced": self.unpriced,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Estimate":
        cost = kept["cost"]
        return cls(
            calls=kept["calls"],
            prompt_tokens=kept["prompt_tokens"],
            completion_tokens=kept["completion_tokens"],
            cost=None if cost is None else Decimal(cost),
            seconds=kept["seconds"],
            past_calls=kept["past_calls"],
            unpriced=kept.get("unpriced", 0),
        )


def estimate(
    judge: Judge, document: Document, criteria_per_call: int, waiting: Waiting
) -> Estimate:
    """One judge's calls. Up to eight queries, all of them small."""
    calls = sum(map(len, waiting.values()))
    if not calls:
        return Estimate()
    batches, past = calls_of(document, criteria_per_call), past_of(judge)
    rules = wording_of(judge.team).text
    guessed = asked = 0
    for number, sizes in waiting.items():
        criteria = batches[number]
        around = prompt_bytes(document, criteria, rules)
        guessed += sum(guessed_tokens(around + size) for size in sizes)
        asked += len(criteria) * len(sizes)
    if past is None:
        prompt, completion, seconds = guessed, calls * judge.max_tokens, None
    else:
        prompt, completion = round(guessed * past.ratio), round(asked * past.reply_tokens)
        seconds = past.seconds * max(1.0, calls / judge.concurrency)
    cost = _cost(judge, prompt, completion)
    return Estimate(calls, prompt, completion, cost, seconds, past.calls if past else 0)


def together(estimates: Sequence[Estimate]) -> Estimate:
    """Several judges at once: what they use adds up, the slowest says how long."""
    costs = [it.cost for it in estimates if it.cost is not None]
    seconds = [it.seconds for it in estimates if it.calls]
    known = [it for it in seconds if it is not None]
    return Estimate(
        calls=sum(it.calls for it in estimates),
        prompt_tokens=sum(it.prompt_tokens for it in estimates),
        completion_tokens=sum(it.completion_tokens for it in estimates),
        cost=sum(costs, Decimal(0)) if costs else None,
        seconds=max(known) if known and len(known) == len(seconds) else None,
        past_calls=min((it.past_calls for it in estimates if it.calls), default=0),
        unpriced=sum(it.calls > 0 and it.cost is None for it in estimates) if costs else 0,
    )


def past_of(judge: Judge) -> Past | None:
    """What the judge's last calls were like; None before its first one."""
    runs = Run.objects.filter(judge=judge, calls__gt=0).select_related("judge", "prompt_rules")[
        :PAST_RUNS
    ]
    ratios: list[float] = []
    replies: list[float] = []
    seconds: list[float] = []
    for run in runs:
        document, rules = document_of(run), wording_of_run(run).text
        run_answers = {it.pk: it for it in run.run_answers.all()[:PAST_ANSWERS]}
        calls = Call.objects.filter(run_answer__in=run_answers, prompt_tokens__gt=0)
        for call in calls.defer("reply")[: PAST_CALLS - len(ratios)]:
            if len(call.attempts) != 1:
                continue  # the tokens of several
            criteria = [document.criterion(key) for key in call.criterion_keys]
            size = answer_bytes(content_of(run_answers[call.run_answer_id]))
            guessed = guessed_tokens(prompt_bytes(document, criteria, rules) + size)
            ratios.append(call.prompt_tokens / guessed)
            replies.append(call.completion_tokens / len(criteria))
            seconds.append(call.seconds)
    if not ratios:
        return None
    return Past(len(ratios), median(ratios), median(replies), median(seconds))


def waiting_of(run: Run, document: Document, run_answers: Sequence[RunAnswer]) -> Waiting:
    """The calls that the run's waiting cells need; a call is made whole for one of them."""
    number_of = {
        criterion.key: number
        for number, batch in enumerate(calls_of(document, run.criteria_per_call))
        for criterion in batch
    }
    rows = Grade.objects.filter(run=run, status=Status.PENDING, is_check=False).order_by()
    calls = {
        (run_answer_id, number_of[key], repeat)
        for run_answer_id, key, repeat in rows.values_list(
            "run_answer_id", "criterion_key", "repeat"
        )
    }
    sizes = {it.pk: answer_bytes(content_of(it)) for it in run_answers} if calls else {}
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    for run_answer_id, number, _ in calls:
        waiting[number].append(sizes[run_answer_id])
    return waiting


def answer_bytes(content: AnswerContent) -> int:
    return len(content.as_text().encode(errors="replace"))


def prompt_bytes(document: Document, criteria: Sequence[Criterion], rules: str) -> int:
    """Of a call's prompt without the answer."""
    prompt = build_prompt(document.question, criteria, AnswerContent(text=""), rules=rules)
    return sum(len(message["content"].encode()) for message in prompt.messages)


def guessed_tokens(size: int) -> int:
    return size // BYTES_PER_TOKEN + TOKENS_AROUND


def _cost(judge: Judge, prompt_tokens: int, completion_tokens: int) -> Decimal | None:
    if not (judge.price_in or judge.price_out):
        return None
    cost = judge.price_in * prompt_tokens + judge.price_out * completion_tokens
    return rounded(cost / MILLION)
