"""Why a check came to no verdict."""


class Undecided(Exception):
    """The check cannot be decided for this answer; never a verdict."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
