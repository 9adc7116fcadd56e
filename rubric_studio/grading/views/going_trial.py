"""A try while it goes on, as parts of the writing page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.template.loader import render_to_string

from rubric_studio.engine.judging.outcome import Outcome
from rubric_studio.grading.judges.endpoints import endpoint_of
from rubric_studio.grading.tryout.calls import judged
from rubric_studio.grading.tryout.cards import Bill, Card, Cards, cost_of
from rubric_studio.grading.tryout.room import room
from rubric_studio.grading.tryout.trial import Trial, judges_to_try
from rubric_studio.http import Request
from rubric_studio.rubrics.models import Criterion


@dataclass
class GoingTrial:
    request: Request
    row: Criterion
    trial: Trial
    shown: dict[UUID, Card] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    def parts(self, *, is_asked_anew: bool = False) -> Iterator[str]:
        """HTML as it comes: all cards, those of known verdicts filled already; each card once its
        verdict is there; what it came to. "" while nothing comes. The first part raises what
        stands against it: JudgeGone, SecretUnreadable, NoRoom, TooManyTries."""
        trial, endpoint = self.trial, endpoint_of(self.trial.judge)
        with room.entered(self.request.user.pk) as place:
            cards = Cards(trial, self.request.user)
            known = {} if is_asked_anew else trial.known()
            for answer in trial.answers:
                grade = known.get(answer.pk)
                card = cards.of_grade(answer, grade) if grade else cards.waiting(answer)
                self.shown[answer.pk] = card
            yield self._render("rubrics/_tried.html", cards=self.shown.values())
            cells = [trial.cell(it) for it in trial.answers if it.pk not in known]
            for item in judged(trial.judge, endpoint, cells, place) if cells else ():
                if item is None:
                    yield ""
                    continue
                cell, outcome = item
                self.outcomes.append(outcome)
                card = cards.of_outcome(cell, outcome)
                self.shown[card.answer.pk] = card
                yield self._render("rubrics/_tried_card.html", card=card)
            if not place.is_taken:
                yield self._render("rubrics/_tried_line.html", **self._end())

    def whole(self) -> str:
        """Everything at once, when it is over."""
        return self._render("rubrics/_tried.html", cards=self.shown.values(), **self._end())

    def _end(self) -> dict[str, object]:
        bill = Bill(self.trial, list(self.shown.values()), cost_of(self.outcomes))
        return {"bill": bill, "judges": judges_to_try(self.trial.question)}

    def _render(self, template: str, **context: object) -> str:
        shared = {"row": self.row, "it": self.trial.criterion, "trial": self.trial}
        return render_to_string(template, {**shared, **context}, self.request)
