from rubric_studio.rubrics.models.collection import Collection
from rubric_studio.rubrics.models.criterion import Criterion, Section
from rubric_studio.rubrics.models.question import Question
from rubric_studio.rubrics.models.revision import Revision
from rubric_studio.rubrics.models.version import Version

__all__ = ["Collection", "Criterion", "Question", "Revision", "Section", "Version"]
