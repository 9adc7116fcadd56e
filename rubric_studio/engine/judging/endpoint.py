"""Where a judge is reached and with which settings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rubric_studio.engine.document.types import Json

MILLION = 1_000_000
LARGEST_SEED = 2**53 - 1  # the largest integer that canonical JSON can carry

# extra_body may not change what is asked of whom: the client leaves these out of it.
KEPT_FIELDS = ("messages", "model", "stream")


class UnsendableSetting(ValueError):
    """A setting that could not be sent. `field` of Endpoint, `message` says what to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible chat endpoint and how to ask it.

    `base_url` ends in /v1; `api_key` "" means none and is never shown by repr; `timeout` in seconds
    for one whole call; prices per million tokens, None when unknown. `extra_body` is merged into
    the request; a value of None leaves that field out (for models that refuse `temperature`).
    Raises UnsendableSetting.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    temperature: float = 0.0
    max_tokens: int = 512
    timeout: float = 120.0
    extra_body: Mapping[str, Json] = field(default_factory=dict)
    structured_output: bool = True
    seed: int | None = None
    price_in: Decimal | None = None
    price_out: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.model.strip():
            raise UnsendableSetting("model", "Name the model that the judge should use.")
        if not all("!" <= letter <= "~" for letter in self.api_key):
            # Line breaks in a header would let a key add headers of its own.
            raise UnsendableSetting(
                "api_key", "The API key has spaces or unusual characters. Paste it again."
            )
        if not (math.isfinite(self.temperature) and 0 <= self.temperature <= 2):
            raise UnsendableSetting("temperature", "The temperature must be between 0 and 2.")
        if self.max_tokens < 1:
            raise UnsendableSetting("max_tokens", "The reply needs room for at least one token.")
        if not (math.isfinite(self.timeout) and self.timeout > 0):
            raise UnsendableSetting("timeout", "The time limit must be longer than 0 seconds.")
        if self.seed is not None and abs(self.seed) > LARGEST_SEED:
            raise UnsendableSetting("seed", "The seed must be between -(2^53 - 1) and 2^53 - 1.")

    def identity(self) -> dict[str, Json]:
        """What can change a verdict, as JSON: neither the key, nor prices, nor patience."""
        return {
            "base_url": self.base_url.rstrip("/"),
            "model": self.model,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
            "extra_body": dict(self.extra_body),
            "structured_output": self.structured_output,
        }

    def cost(self, prompt_tokens: int, completion_tokens: int) -> Decimal | None:
        """What that many tokens cost, in the currency of the prices. None without prices."""
        if self.price_in is None or self.price_out is None:
            return None
        return (self.price_in * prompt_tokens + self.price_out * completion_tokens) / MILLION
