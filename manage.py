#!/usr/bin/env python
"""Rubric Studio's command line."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 12):  # noqa: UP036, says why to whoever starts it with an old one
        sys.exit(
            "Rubric Studio needs Python 3.12 or newer; this is "
            f"{sys.version_info[0]}.{sys.version_info[1]}. Use `make run`, which looks for one."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rubric_studio.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
