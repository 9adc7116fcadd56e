"""{% load bringing %}: what a change of the rubric asks of judges and experts."""

from django import template

from rubric_studio.engine.document.types import Document
from rubric_studio.grading.transfer.bringing import Outdated
from rubric_studio.grading.transfer.bringing import outdated as find_outdated
from rubric_studio.rubrics.models import Question, Version

register = template.Library()


@register.simple_tag
def outdated(question: Question, document: Document, version: Version | None) -> Outdated:
    """{% outdated question new.document new.version as found %}"""
    return find_outdated(question, document, version)
