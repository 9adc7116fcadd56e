"""`make run`: Rubric Studio with everything that it needs, on this machine, in one command."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 12):  # noqa: UP036, so that an older Python says it clearly
        sys.exit(
            "Rubric Studio needs Python 3.12 or newer; this is {}.{}. "
            "Use `make run`, which looks for one.".format(*sys.version_info[:2])
        )
    # Only now: what follows is written for newer Pythons.
    from rubric_studio.local.console import say
    from rubric_studio.local.processes import ROOT
    from rubric_studio.local.supervisor import Supervisor
    from rubric_studio.local.var_folder import AlreadyRunning, VarFolder, default_path

    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is {port!r}; write a number from 1 to 65535.")
    var = VarFolder(default_path())
    os.chdir(str(ROOT))
    try:
        sys.exit(Supervisor(var, int(port)).run())
    except AlreadyRunning as error:
        say(str(error))
        sys.exit(1)


main()
