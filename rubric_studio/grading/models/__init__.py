from rubric_studio.grading.models.adjudication import Adjudication
from rubric_studio.grading.models.answer import Comparison, SampleAnswer
from rubric_studio.grading.models.assignment import Assignment
from rubric_studio.grading.models.call import Call
from rubric_studio.grading.models.grade import Grade, Status
from rubric_studio.grading.models.judge import Judge
from rubric_studio.grading.models.label import Label
from rubric_studio.grading.models.probe import Probe
from rubric_studio.grading.models.prompt_rules import PromptRules
from rubric_studio.grading.models.run import Run, RunAnswer
from rubric_studio.grading.models.seen import RunSeen

__all__ = [
    "Adjudication",
    "Assignment",
    "Call",
    "Comparison",
    "Grade",
    "Judge",
    "Label",
    "Probe",
    "PromptRules",
    "Run",
    "RunAnswer",
    "RunSeen",
    "SampleAnswer",
    "Status",
]
