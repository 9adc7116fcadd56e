"""Real rubrics beside the project, where somebody put them; they are never part of it."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3].parent / "shared" / "data"


def reference_file(name):
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"needs the reference data ../shared/data/{name}")
    return path.read_bytes()


PAPERBENCH = [
    "adaptive-pruning",
    "bbox",
    "ftrl",
    "rice",
    "sample-specific-masks",
    "self-composing-policies",
    "semantic-self-consistency",
    "stay-on-topic-with-classifier-free-guidance",
    "test-time-model-adaptation",
]
