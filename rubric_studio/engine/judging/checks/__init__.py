"""Criteria decided by a program: a spec such as {"kind": "contains", "values": ["aspirin"]}.

No text of a user is ever executed, and what may burn runs in a child process with limits.
"""

from .catalogue import KINDS, decide, describe, problems_of
from .child import Child
from .kinds import CheckResult, Field, Kind

CHECKS_VERSION = "1"  # part of every fingerprint: raise it when a spec may decide otherwise

__all__ = [
    "CHECKS_VERSION",
    "KINDS",
    "CheckResult",
    "Child",
    "Field",
    "Kind",
    "decide",
    "describe",
    "problems_of",
]
