"""The fault menu of the scripted judge: what may go wrong, when, and what it then says."""

import json
import random
from dataclasses import dataclass, field

# Before or instead of a reply. `delay` only makes the reply late.
TRANSPORT_FAULTS = {
    "delay": "replies after `seconds`",
    "rate_limit": "429 with Retry-After of `seconds`, `form` seconds, date or none",
    "no_credit": "429 that says the account has no credit left",
    "server_error": "500",
    "overloaded": "503 with Retry-After of `seconds`",
    "reset": "the connection is reset",
    "hang": "accepts and says nothing for `seconds` (an hour unless told)",
    "half_body": "half of the body, then the connection closes",
    "broken_json": "half of the body, with the length of that half",
    "html": "200 with a web page",
    "bad_gateway_page": "502 with a web page",
    "unauthorized": "401 that echoes the key",
    "model_not_found": "404",
    "bad_request": "400",
    "no_response_format": "400 that names response_format, when the request has one",
    "redirect": "307 to `text`",
    "huge": "2 MiB of JSON",
    "error_in_success": "200 with an error inside",
    "not_chat": "200 with JSON that is no chat completion",
}
# In the text of the reply.
CONTENT_FAULTS = {
    "empty": "no text at all",
    "prose": "a verdict in words",
    "wrong_key": '"judgement" in place of "verdict"',
    "out_of_range": "the number 7 as verdict",
    "nan": "NaN as verdict",
    "string_true": 'the text "true" as verdict',
    "boolean": "true as verdict",
    "missing_criterion": "the last criterion is left out",
    "extra_criterion": "one criterion too many",
    "invalid_verdict": 'the verdict "mostly"',
    "two_objects": "two JSON objects",
    "truncated": "stops in the middle, finish_reason length",
    "abstain": "cannot_assess",
    "invented_quote": "a quote that is not in the answer",
    "fenced": "good JSON in a code fence, with prose around it",
    "echo": "the answer itself, word for word",
    "text": "the fault's own `text`",
    "words": "a good verdict with the fault's own `text` for reason and quote",
}


@dataclass
class Fault:
    """One entry of a script. Every condition given must hold; none given: each call.

    `calls` are numbers of calls to the judge from 1; `first` counts the calls of one cell;
    `times` is the most that it happens in all; `criterion` and `answer` are parts of their texts.
    """

    kind: str
    calls: list[int] | None = None
    criterion: str | None = None
    answer: str | None = None
    first: int | None = None
    times: int | None = None
    probability: float = 1.0
    seconds: float | None = None
    form: str = "seconds"
    text: str = ""
    happened: int = field(default=0, init=False)

    def __post_init__(self):
        if self.kind not in TRANSPORT_FAULTS | CONTENT_FAULTS:
            raise ValueError(f"No fault is called {self.kind!r}.")

    def strikes(self, number, asked, cell_calls, chance: random.Random):
        strikes = (
            (self.calls is None or number in self.calls)
            and (self.criterion is None or any(self.criterion in it.text for it in asked.criteria))
            and (self.answer is None or self.answer in asked.answer)
            and (self.first is None or cell_calls <= self.first)
            and (self.times is None or self.happened < self.times)
            and (self.probability >= 1 or chance.random() < self.probability)
        )
        self.happened += strikes
        return strikes


def reply_text(fault, decisions, asked):
    """The reply as text: `decisions` by label, spoilt the way the fault says."""
    match fault.kind if fault else None:
        case "empty":
            return ""
        case "prose":
            return "The answer clearly meets the criterion, so the verdict is met."
        case "echo":
            return asked.answer
        case "text":
            return fault.text
        case "fenced":
            return f"Here is my verdict:\n```json\n{json.dumps(decisions, indent=1)}\n```\nDone."
        case "two_objects":
            return json.dumps(decisions) + "\n" + json.dumps(decisions)
        case "truncated":
            return json.dumps(decisions)[:-20]
        case "words":
            said = {"reason": fault.text, "quotes": [fault.text]}
            return json.dumps({label: it | said for label, it in decisions.items()})
    return json.dumps(_spoilt(fault.kind if fault else None, decisions), ensure_ascii=False)


def _spoilt(kind, decisions):
    verdicts = {
        "out_of_range": 7,
        "nan": float("nan"),
        "string_true": "true",
        "boolean": True,
        "invalid_verdict": "mostly",
        "abstain": "cannot_assess",
    }
    if kind in verdicts:
        return {label: it | {"verdict": verdicts[kind]} for label, it in decisions.items()}
    if kind == "wrong_key":
        return {
            label: {"judgement" if name == "verdict" else name: value for name, value in it.items()}
            for label, it in decisions.items()
        }
    if kind == "missing_criterion":
        return dict(list(decisions.items())[:-1])
    if kind == "extra_criterion":
        return decisions | {"c99-000000": next(iter(decisions.values()))}
    if kind == "invented_quote":
        quote = "words that nobody ever wrote in this answer"
        return {label: it | {"quotes": [quote]} for label, it in decisions.items()}
    return decisions
