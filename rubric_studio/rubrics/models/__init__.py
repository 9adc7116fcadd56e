from rubric_studio.rubrics.models.collection import Collection
from rubric_studio.rubrics.models.criterion import Criterion, Section
from rubric_studio.rubrics.models.dismissal import LintDismissal
from rubric_studio.rubrics.models.question import Question
from rubric_studio.rubrics.models.revision import Revision
from rubric_studio.rubrics.models.version import Version

__all__ = ["Collection", "Criterion", "LintDismissal", "Question", "Revision", "Section", "Version"]
