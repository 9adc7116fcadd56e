"""What a process and its children take of the machine's memory."""

from pathlib import Path


def memory_of(group: int) -> float:
    """Megabytes of a process group, pages that are shared counted once (PSS)."""
    own = [path for path in Path("/proc").glob("[0-9]*") if _is_in_group(path, group)]
    return sum(map(_proportional, own)) / 1024


def _is_in_group(path: Path, group: int) -> bool:
    try:
        fields = (path / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False  # ended meanwhile
    return int(fields[2]) == group


def _proportional(path: Path) -> int:
    try:
        lines = (path / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # ended meanwhile
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
