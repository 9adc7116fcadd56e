"""Whole numbers out of hidden fields and addresses."""


def whole_number(written: str | None) -> int | None:
    """None for anything that is not a plain number of up to nine digits."""
    if written is None or not written.isascii() or not written.isdecimal() or len(written) > 9:
        return None
    return int(written)
