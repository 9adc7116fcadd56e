"""The pages of sample answers as they are asked and read."""

from django.urls import reverse

FORM = {"text": "Call 911 now.", "origin": "model", "tier": "3"}


def page_of(client, name, row):
    return client.get(reverse(name, args=[row.pk]))


def groups_of(page):
    return {
        group.title: [row.answer.letter for row in group.answers]
        for group in page.context["groups"]
    }
