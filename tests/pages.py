"""What tests of pages share."""

import re


def words_of(response):
    """The page's text without its markup, in single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
