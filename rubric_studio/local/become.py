"""python become.py SIGNAL PARENT [--not-root] PROGRAM ARGUMENT…

Becomes PROGRAM, which gets SIGNAL when the process PARENT ends, however it ends. With --not-root,
PROGRAM sees itself as an ordinary user while its files stay those of root: PostgreSQL refuses to
run as root. A program of its own, so that nothing runs between fork and exec in a supervisor that
has threads. It imports nothing of the project.
"""

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def leave_root_behind() -> None:
    """Enter a user namespace in which root is called nobody."""
    uid = pwd.getpwnam("nobody").pw_uid  # initdb asks for the name of its user
    try:
        os.unshare(os.CLONE_NEWUSER)
        for file, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} 0 1"),
            ("gid_map", f"{uid} 0 1"),
        ):
            Path("/proc/self", file).write_text(text)
    except (AttributeError, OSError) as error:
        sys.exit(
            "PostgreSQL does not run as root, and this machine allows root no other way "
            f"({error}). Start as an ordinary user, or set DATABASE_URL to a database server."
        )


def end_with_parent(ending: signal.Signals, parent: int) -> None:
    """Have the kernel send the signal when the parent ends."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(ending)) != 0:
        sys.exit(f"prctl failed: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:  # it ended before the kernel was asked
        sys.exit("The process that started this one has ended.")


def main() -> None:
    ending, parent, *command = sys.argv[1:]
    if command[0] == "--not-root":
        command.pop(0)
        if os.geteuid() == 0:
            leave_root_behind()
    if sys.platform == "linux":
        # After the change of user, which clears what the kernel was asked.
        end_with_parent(signal.Signals[ending], int(parent))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
