"""A question whose answers are graded, labelled and settled, and two experts who have still to
label one of them: for the tests of what is hidden from whom."""

from types import SimpleNamespace

import pytest

JUDGED = "The judge found a siren"
NOTED = "Olga heard a siren"
SETTLED = "Both heard a siren"
SECRETS = (JUDGED, NOTED, SETTLED)


@pytest.fixture
def blinded(team, judge, olga, alice, rita):
    """Each verdict says in words what it is and of which answer. Rita, who reviews, and Alice, who
    writes, are both to label A, and nobody B."""
    from rubric_studio.grading.labelling.adjudicating import settle
    from rubric_studio.grading.labelling.assigning import assign
    from rubric_studio.grading.labels import set_label
    from rubric_studio.rubrics.draft import draft_document
    from tests.cast import make_rubric, make_version
    from tests.grading_cast import make_answers, make_run, work

    question = make_rubric(team, "Explains the risks", "Names the dose")
    answers = make_answers(question, "Call now.", "Wait and see.", tier=3)
    keys = [it.key for it in draft_document(question).criteria]
    make_version(question)
    run = work(make_run(question, judge))
    for answer in answers:
        quote = {"text": answer.text, "start": 0, "end": len(answer.text), "found": True}
        graded = run.grades.filter(run_answer__answer=answer)
        graded.update(reason=f"{JUDGED} in {answer.letter}.", quotes=[quote])
        for key in keys:
            set_label(answer, key, olga, verdict="met", note=f"{NOTED} in {answer.letter}.")
        settle(answer, keys[0], alice, verdict="met", note=f"{SETTLED} in {answer.letter}.")
    assign(question, alice, [rita, alice], answers[:1], 2)
    return SimpleNamespace(question=question, answers=answers, keys=keys, run=run)
