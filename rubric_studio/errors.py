"""The one base of every refusal."""


class DomainError(Exception):
    """A refusal that a person can act on. Subclasses stand beside the function that raises them.

    `code` is a stable word for programs, `message` one or two sentences that say what to do.
    HTML views show it (DomainErrorMiddleware), the REST interface answers 409 (api/errors.py).
    """

    code = "refused"
    # Seconds after which the same may be done, where waiting is all it takes.
    retry_after: int | None = None
    message = "This can't be done."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.message
        super().__init__(self.message)
