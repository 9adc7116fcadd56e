"""A team's own words for the rules in its judges' prompt; every change is kept, and none is undone.

What grading rests on (the task, the fence, the form of the reply) is not among these words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from rubric_studio.accounts.models import Team, User
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.prompt import MOST_RULES, STANDARD_RULES, prompt_version
from rubric_studio.grading.models import PromptRules, Run
from rubric_studio.rubrics.editing.refusals import InvalidEdit

LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Wording:
    """The rules that are asked by. `row` is None, and `text` "", for those of the installation."""

    row: PromptRules | None = None

    @property
    def text(self) -> str:
        return "" if self.row is None else self.row.text

    @property
    def version(self) -> str:
        """As it stands in fingerprints and in `Run.prompt_version`."""
        return prompt_version(self.text)

    @property
    def words(self) -> str:
        return self.text or STANDARD_RULES


def wording_of(team: Team) -> Wording:
    """What the team's next run is asked by. One query."""
    newest = PromptRules.objects.filter(team=team).first()
    return Wording(newest if newest is not None and newest.text else None)


def wording_of_run(run: Run) -> Wording:
    """What the run was asked by, whatever the team has written since."""
    return Wording(run.prompt_rules)


def history_of(team: Team) -> Sequence[PromptRules]:
    """Every change, newest first, with who made it."""
    return list(PromptRules.objects.filter(team=team).select_related("created_by"))


@transaction.atomic
def change_rules(team: Team, user: User, text: str, note: str, based_on: int) -> PromptRules:
    """The team's rules from now on; "" or the standard ones go back to these.

    `based_on` is the number of the row that the words were written over (0: none yet). Raises
    InvalidEdit: somebody else changed them meanwhile, nothing changes, too long.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    text, note = "\n".join(text.split("\r\n")).strip(), note.strip()
    now = wording_of(team)
    newest = PromptRules.objects.filter(team=team).aggregate(newest=Max("number"))["newest"] or 0
    problems = [*_problems(text, note)]
    if based_on != newest:
        message = "Somebody changed the rules meanwhile. Compare yours with theirs, and save again."
        problems = [Problem("", message)]
    elif not problems and prompt_version(text) == now.version:
        problems = [Problem("/text", "These are the rules already; change a word of them.")]
    if problems:
        raise InvalidEdit(problems)
    own = "" if text == STANDARD_RULES else text
    return PromptRules.objects.create(
        team=team, number=newest + 1, text=own, note=note, created_by=user
    )


def _problems(text: str, note: str) -> Sequence[Problem]:
    found = []
    if len(text) > MOST_RULES:
        message = f"Keep the rules under {MOST_RULES:,} characters: every call pays for them."
        found.append(Problem("/text", message))
    if _has_controls(text):
        found.append(Problem("/text", "The rules hold unusual characters. Type them again."))
    if len(note) > LONGEST_NOTE or not note.isprintable():
        message = f"Keep the note to one line of at most {LONGEST_NOTE} characters."
        found.append(Problem("/note", message))
    return found


def _has_controls(text: str) -> bool:
    return any(ord(letter) < 32 and letter not in "\n\t" for letter in text)
