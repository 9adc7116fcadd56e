"""Adding a judge as its page does."""

from django.urls import reverse

KEY = "sk-canary-0123456789"

FORM = {
    "name": "Big judge",
    "base_url": "https://api.example.com/v1",
    "model": "qwen3-32b",
    "price_in": "0.10",
    "price_out": "0,4",
    "temperature": "0",
    "max_tokens": "512",
    "concurrency": "16",
    "timeout": "120",
    "structured_output": "on",
}


def add(client, team, **changes):
    return client.post(reverse("judge-add", args=[team.pk]), {**FORM, **changes})
