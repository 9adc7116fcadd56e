"""What the operator set for judges, looked at when Django checks itself."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.grading.judges.endpoints import settings_problems

JUDGES = "judges"


@register(JUDGES)
def check_judge_settings(**options: Any) -> list[CheckMessage]:
    try:
        AddressGuard(settings.JUDGE_ENDPOINT_ALLOWLIST)
    except ValueError as error:
        return [Error(f"JUDGE_ENDPOINT_ALLOWLIST: {error}", id="judges.E001")]
    return [Warning(problem, id="judges.W001") for problem in settings_problems()]
