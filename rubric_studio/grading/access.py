"""The only ways to an object of this app: 404 to strangers, 403 to those who may only read."""

from django.shortcuts import get_object_or_404

from rubric_studio.accounts.access import require_role
from rubric_studio.accounts.models import Role, User
from rubric_studio.grading.models import Judge, Probe, Run, SampleAnswer
from rubric_studio.rubrics.access import as_id

Roles = frozenset[Role]


def get_answer(user: User, pk: object, roles: Roles | None = None) -> SampleAnswer:
    answer = get_object_or_404(
        SampleAnswer.objects.visible_to(user)
        .live()
        .filter(question__deleted_at=None)
        .select_related("question__collection__team"),
        pk=as_id(pk),
    )
    if roles is not None:
        require_role(answer.question.collection.team, user, roles)
    return answer


def get_probe(user: User, pk: object, roles: Roles | None = None) -> Probe:
    """By the id of its answer."""
    answer = get_answer(user, pk, roles)
    probe = get_object_or_404(Probe.objects.select_related("base"), answer=answer)
    probe.answer = answer
    return probe


def get_judge(user: User, pk: object, roles: Roles | None = None) -> Judge:
    judge = get_object_or_404(
        Judge.objects.visible_to(user).live().select_related("team"), pk=as_id(pk)
    )
    if roles is not None:
        require_role(judge.team, user, roles)
    return judge


def get_run(user: User, pk: object, roles: Roles | None = None) -> Run:
    run = get_object_or_404(
        Run.objects.visible_to(user).select_related(
            "question__collection__team", "judge", "version"
        ),
        pk=as_id(pk),
        question__deleted_at=None,
    )
    if roles is not None:
        require_role(run.question.collection.team, user, roles)
    return run
