"""{% load checks %}: what a program decides, in words."""

from django import template

from rubric_studio.rubrics.checks import check_sentence

register = template.Library()

register.filter("check_sentence", check_sentence)
