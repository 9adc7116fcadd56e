"""One JSON object under reading, field by field, noting every problem instead of the first."""

from collections.abc import Callable
from typing import Final

from .problems import DocumentError, Problem, pointer
from .types import Json, Number


class Required:
    """The type of REQUIRED, which stands for "no default"."""


REQUIRED: Final = Required()


class Fields:
    """The fields of one object. Every getter returns a value of its type even after a problem, so
    that reading goes on and finds the rest; `close` then notes the fields that nobody asked for."""

    def __init__(
        self, value: Json, where: tuple[str | int, ...], problems: list[Problem], what: str
    ) -> None:
        self.where = where
        self.problems = problems
        self.title = what[0].upper() + what[1:]
        self.values: dict[str, Json] = value if isinstance(value, dict) else {}
        self.is_object = isinstance(value, dict)
        self.asked: set[str] = set()
        if not self.is_object:
            self.note(f"{self.title} must be an object, not {kind_of(value)}.")

    def note(self, message: str, *steps: str | int) -> None:
        """Remember a problem at this object, or at `steps` below it."""
        self.problems.append(Problem(pointer(*self.where, *steps), message))

    def take(self, name: str, default: Json, fits: Callable[[Json], bool], kind: str) -> Json:
        """The field's value where it fits; else a problem is noted and the default comes back."""
        self.asked.add(name)
        if name not in self.values:
            if isinstance(default, Required) and self.is_object:
                self.note(f"{self.title} needs {name!r}.")
            return default
        value = self.values[name]
        if fits(value):
            return value
        self.note(f"{name!r} must be {kind}, not {kind_of(value)}.", name)
        return default

    def text(self, name: str, default: str | Required = REQUIRED) -> str:
        value = self.take(name, default, is_text, "text")
        return "" if isinstance(value, Required) else str(value)

    def text_or_null(self, name: str) -> str | None:
        value: str | None = self.take(name, None, lambda v: v is None or is_text(v), "text or null")
        return value

    def number(self, name: str, default: Number | Required = REQUIRED) -> Number:
        value: Number | Required = self.take(name, default, is_number, "a number")
        return 1 if isinstance(value, Required) else value

    def number_or_null(self, name: str) -> Number | None:
        value: Number | None = self.take(
            name, None, lambda v: v is None or is_number(v), "a number or null"
        )
        return value

    def flag(self, name: str) -> bool:
        return bool(self.take(name, False, lambda v: isinstance(v, bool), "true or false"))

    def choice[T: str](self, name: str, choices: tuple[T, ...], default: T) -> T:
        value: T = self.take(name, default, choices.__contains__, _one_of(choices))
        return value

    def anything(self, name: str) -> Json:
        return self.take(name, None, lambda v: True, "a value")

    def object_or_null(self, name: str) -> dict[str, Json] | None:
        value: dict[str, Json] | None = self.take(
            name, None, lambda v: v is None or isinstance(v, dict), "an object or null"
        )
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.take(name, [], is_list, "a list of texts")
        for index, value in enumerate(values):
            if not is_text(value):
                self.note(f"Each of {name!r} must be text, not {kind_of(value)}.", name, index)
        return tuple(value for value in values if is_text(value))

    def items[T](
        self,
        name: str,
        read: "Callable[[Fields], T]",
        what: str,
        default: list[Json] | Required = REQUIRED,
    ) -> tuple[T, ...]:
        """A list of objects, each read by `read`; `what` names one of them in messages."""
        values = self.take(name, default, is_list, "a list")
        return tuple(
            read(Fields(value, (*self.where, name, index), self.problems, what))
            for index, value in enumerate([] if isinstance(values, Required) else values)
        )

    def part[T](self, name: str, read: "Callable[[Fields], T]", what: str) -> T | None:
        """An object read by `read`, or None where it is absent or null."""
        self.asked.add(name)
        value = self.values.get(name)
        if value is None:
            return None
        return read(Fields(value, (*self.where, name), self.problems, what))

    def rest(self) -> dict[str, Json]:
        """The fields not asked for so far, for objects that may carry more than we know."""
        return {name: value for name, value in self.values.items() if name not in self.asked}

    def close(self) -> None:
        """Note every field that was not asked for: nothing written is dropped silently."""
        for name in self.rest():
            self.note(f"{self.title} has no field {name!r}; remove it.", name)


def read_alone[T](value: Json, read: Callable[[Fields], T], what: str) -> T:
    """Read one object on its own. Raises DocumentError with every problem found."""
    problems: list[Problem] = []
    result = read(Fields(value, (), problems, what))
    if problems:
        raise DocumentError(problems)
    return result


def is_text(value: Json) -> bool:
    return isinstance(value, str)


def is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_list(value: Json) -> bool:
    return isinstance(value, list)


def kind_of(value: Json) -> str:
    """How a message calls a JSON value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:37] + "...")
    if isinstance(value, int | float):
        return str(value)
    return "a list" if isinstance(value, list) else "an object"


def _one_of(choices: tuple[str, ...]) -> str:
    return "one of " + ", ".join(repr(choice) for choice in choices)
