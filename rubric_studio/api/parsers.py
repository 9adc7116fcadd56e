from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from rubric_studio.engine.document.strict_json import JsonError, loads


class StrictJSONParser(BaseParser):
    """JSON as the engine reads it: no NaN, no duplicate keys, no bottomless nesting."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return loads(stream.read())
        except JsonError as error:
            raise ParseError(f"The body is not usable JSON: {error.message}") from None


class RawBody(BaseParser):
    """A file as the body, whatever its type: the import reads the bytes itself."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return stream.read()
