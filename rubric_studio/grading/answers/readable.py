"""An answer as people read it: who says what, tools called with their results, quotes in place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import orjson

from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.document.types import Json, Message
from rubric_studio.engine.judging.answer import AnswerContent, Part, PartKind, parts
from rubric_studio.grading.answers.passages import Piece, Quoted, Span, pieces_between

LONGEST_SHOWN = 200_000  # letters of an answer on a page; quotes further down are still listed
LONGEST_OPEN = 2_400  # letters of one part that stand open; the rest is folded
HEAD = 1_200  # of a longer one, so many stand open
NOT_SHOWN = ("tool_call_id",)  # where a result stands says it


@dataclass(frozen=True)
class Block:
    """One part of a message. `folded` is what stands behind a fold, after `shown`.

    Of a call, `pretty` is its arguments laid out, unless a quote points into them as written.
    """

    kind: PartKind
    name: str = ""
    shown: Sequence[Piece] = ()
    folded: Sequence[Piece] = ()
    pretty: str = ""
    note: str = ""
    results: Sequence["Turn"] = ()

    @property
    def is_quoted(self) -> bool:
        """Whether a quote is to be seen here or in a result beneath."""
        pieces = [*self.shown, *self.folded]
        return any(it.is_quoted for it in pieces) or any(it.is_quoted for it in self.results)

    @property
    def is_fold_quoted(self) -> bool:
        return any(it.is_quoted for it in self.folded)

    @property
    def folded_letters(self) -> int:
        return sum(len(it.text) for it in self.folded)


@dataclass(frozen=True)
class Turn:
    """A message. `number` counts from 1; a plain text is one turn without a role."""

    number: int
    role: str
    name: str = ""
    blocks: Sequence[Block] = ()

    @property
    def is_quoted(self) -> bool:
        return any(it.is_quoted for it in self.blocks)

    @property
    def is_empty(self) -> bool:
        return not self.blocks


@dataclass(frozen=True)
class Readable:
    """An answer with its quotes in place; `spans` are where they stand in `content.as_text()`, and
    `first` is the number of the first of them."""

    content: AnswerContent
    spans: Sequence[Span] = ()
    first: int = 1

    @cached_property
    def text(self) -> str:
        return self.content.as_text()

    @property
    def is_transcript(self) -> bool:
        return self.content.messages is not None

    @property
    def is_cut(self) -> bool:
        return len(self.text) > LONGEST_SHOWN

    @cached_property
    def turns(self) -> list[Turn]:
        """The messages in order, each tool's result beneath the call that it answers."""
        if self.content.messages is None:
            end = min(len(self.text), LONGEST_SHOWN)
            block = Block("text", shown=self._pieces(0, end))
            return [Turn(1, "", blocks=(block,) if self.text else ())]
        return self._nested([self._turn(*it) for it in enumerate(self.content.messages)])

    def place(self, span: Span) -> str:
        """Where in a transcript a quote begins: "message 4, tool result"."""
        part = next((it for it in self._parts if it.end > span[0]), None)
        if part is None:
            return ""
        said = f"message {part.message + 1}"
        message = (self.content.messages or ())[part.message]
        if part.kind == "call":
            return f"{said}, call of {part.name}" if part.name else f"{said}, a call"
        if message.role in ("tool", "function"):
            return f"{said}, tool result"
        return f"{said}, {message.role}"

    @cached_property
    def _parts(self) -> list[Part]:
        """What is shown of a transcript."""
        return [it for it in parts(self.content.messages or ()) if not self._is_noise(it)]

    @cached_property
    def _parts_by_message(self) -> Mapping[int, Sequence[Part]]:
        return {number: [*own] for number, own in groupby(self._parts, lambda it: it.message)}

    def _is_noise(self, part: Part) -> bool:
        """Members that say nothing, such as "refusal": null, or what their place says already."""
        is_empty = self.text[part.start : part.end] in ("null", "[]", "")
        return part.kind == "field" and (is_empty or part.name in NOT_SHOWN)

    @cached_property
    def _quoted(self) -> list[Quoted]:
        shown = [(it.start, it.end) for it in self._parts] or [(0, len(self.text))]
        found = []
        for number, (start, end) in enumerate(self.spans, start=self.first):
            firsts = (max(start, low) for low, high in shown if max(start, low) < min(end, high))
            found.append(Quoted(number, start, end, next(firsts, start)))
        return found

    def _pieces(self, start: int, end: int) -> list[Piece]:
        return pieces_between(self.text, start, end, self._quoted)

    def _turn(self, number: int, message: Message) -> Turn:
        name = message.extra.get("name")
        own = self._parts_by_message.get(number, ())
        blocks = tuple(self._block(it) for it in own if it.start < LONGEST_SHOWN)
        return Turn(number + 1, message.role, name if isinstance(name, str) else "", blocks)

    def _block(self, part: Part) -> Block:
        end = min(part.end, LONGEST_SHOWN)
        if part.kind == "call":
            return self._call(part, end)
        if end - part.start <= LONGEST_OPEN and part.kind != "image":
            return Block(part.kind, part.name, self._pieces(part.start, end))
        head = 0 if part.kind == "image" else HEAD
        shown, folded = (
            self._pieces(part.start, part.start + head),
            self._pieces(part.start + head, end),
        )
        return Block(part.kind, part.name, shown, folded)

    def _call(self, part: Part, end: int) -> Block:
        pieces = self._pieces(part.start, end)
        written = self.text[part.start : part.end]
        pretty, note = "", ""
        if part.name and written.strip():
            try:
                value = loads(written)
            except JsonError:
                note = "These arguments are no JSON that can be laid out; they stand as written."
            else:
                pretty = laid_out(value)
        if any(it.is_quoted for it in pieces):
            pretty = ""
        return Block("call", part.name, pieces, pretty=pretty, note=note)

    def _nested(self, turns: list[Turn]) -> list[Turn]:
        """Results go beneath their calls; what answers no call stays where it is."""
        messages = self.content.messages or ()
        owners = dict(_answered(messages))
        results: dict[tuple[int, int], list[Turn]] = {}
        for place, owner in owners.items():
            results.setdefault(owner, []).append(turns[place])
        nested = []
        for place, turn in enumerate(turns):
            if place in owners:
                continue
            calls = [at for at, it in enumerate(turn.blocks) if it.kind == "call"]
            blocks = list(turn.blocks)
            for number, at in enumerate(calls):
                beneath = tuple(results.pop((place, number), ()))
                blocks[at] = replace(blocks[at], results=beneath)
            nested.append(replace(turn, blocks=tuple(blocks)))
        return nested


def laid_out(value: Json) -> str:
    """JSON as people read it, every character as it is."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _answered(messages: Sequence[Message]) -> Iterator[tuple[int, tuple[int, int]]]:
    """For each tool result the message, and the call within it, that it answers: the newest of its
    id, or without one the oldest that waits."""
    waiting: dict[tuple[int, int], Json] = {}
    for place, message in enumerate(messages):
        calls = message.extra.get("tool_calls")
        if message.role in ("tool", "function"):
            wanted = message.extra.get("tool_call_id")
            order = list(waiting) if wanted is None else list(reversed(waiting))
            owner = next((at for at in order if wanted in (None, waiting[at])), None)
            if owner is not None:
                if wanted is None:
                    del waiting[owner]
                yield place, owner
        elif isinstance(calls, list):
            for number, call in enumerate(calls):
                waiting[place, number] = call.get("id") if isinstance(call, dict) else None
