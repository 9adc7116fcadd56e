"""How long it takes to import 250 HealthBench rows, and to export them again.

python -m bench.imports [--file rows.jsonl]

Without a file it makes rows of the usual size: five turns, eleven criteria. What is exported must
be imported again, to the same questions.
"""

import argparse
import json
import time
from pathlib import Path

from bench.stage import stage
from bench.table import Table, table

ROWS = 250
# For ROWS rows; a file with another number of them is only measured.
MOST_SECONDS = 10


def make_rows(count: int) -> bytes:
    turn = "I have had a headache for three days and the tablets do not help. " * 6
    rows = [
        {
            "prompt_id": f"row-{number}",
            "prompt": [
                {"role": role, "content": f"{number}. {turn}"}
                for role in ("user", "assistant", "user", "assistant", "user")
            ],
            "example_tags": ["theme:context_seeking"],
            "rubrics": [
                {
                    "criterion": f"Asks how often tablet {point} was taken. " + "Any wording. " * 8,
                    "points": -5 if point % 4 == 3 else 5,
                    "tags": ["level:example", "axis:accuracy"],
                }
                for point in range(11)
            ],
        }
        for number in range(count)
    ]
    return "\n".join(json.dumps(row) for row in rows).encode()


def measure(data: bytes, figures: Table) -> None:
    from rubric_studio.accounts.models import Membership, Role, Team, User
    from rubric_studio.grading.transfer.exporting import export_collection
    from rubric_studio.grading.transfer.importing import import_file
    from rubric_studio.rubrics.collecting import create_collection

    user = User.objects.create_user("bench@example.com")
    team = Team.objects.create(name="Bench")
    Membership.objects.create(team=team, user=user, role=Role.AUTHOR)
    collection = create_collection(team, user, name="Bench")
    started = time.perf_counter()
    report = import_file(collection, user, "healthbench", data)
    imported = time.perf_counter() - started
    started = time.perf_counter()
    parts = export_collection(collection, "healthbench", drafts=True, answers=True)
    exported = b"".join(parts)
    taken = time.perf_counter() - started
    again = import_file(create_collection(team, user, name="Again"), user, "healthbench", exported)
    assert (again.questions, again.criteria) == (report.questions, report.criteria)
    figures.add("questions", report.questions)
    figures.add("criteria", report.criteria)
    figures.add("size of the file", len(data) / 1e6, "MB")
    most = {"most": MOST_SECONDS} if report.questions == ROWS else {}
    figures.add("import", imported, "s", **most)
    figures.add("export", taken, "s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--file", type=Path)
    file = parser.parse_args().file
    with stage(), table() as figures:
        measure(file.read_bytes() if file else make_rows(ROWS), figures)


if __name__ == "__main__":
    main()
