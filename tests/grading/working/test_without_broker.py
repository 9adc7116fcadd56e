"""What goes on while Redis and all workers are away: all that needs no judge."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import now
from redis.exceptions import RedisError

from rubric_studio.grading.models import Run
from tests.api.conftest import ApiClient
from tests.cast import author_of, make_collection, make_team
from tests.grading_cast import import_rubric, make_answers, make_judge, statuses
from tests.scripted_judge import JudgeProcess

pytestmark = pytest.mark.slow


@pytest.fixture
def question(transactional_db):
    team = make_team()
    question = import_rubric(make_collection(team), author_of(team), 3)
    make_answers(question, "Answer number 0.", "Answer number 1.")
    return question


@pytest.fixture
def without_broker(workers, settings):
    """The broker and the cache are one server, as in production, and it is killed."""
    settings.REDIS_URL = settings.CELERY_BROKER_URL = workers.broker.url
    cache_settings = settings.CACHES["default"] | {"LOCATION": workers.broker.url}
    settings.CACHES = {**settings.CACHES, "default": cache_settings}
    workers.broker.kill()
    with pytest.raises(RedisError):
        cache.get("anything")
    return workers


def edit_and_publish(client, question, number):
    """As the pages do it: reword the first criterion, publish, look at what changed."""
    criterion = question.criteria.order_by("position").first()
    api = api_of(question)
    shown = api.get(f"criteria/{criterion.pk}")
    words = {"text": f"Says thing {number} more clearly."}
    assert api.patch(f"criteria/{criterion.pk}", words, If_Match=shown["ETag"]).status_code == 200
    assert client.get(reverse("write", args=[question.pk])).status_code == 200
    response = client.post(reverse("publish", args=[question.pk]), {"note": "Clearer."})
    assert response.status_code == 302, response.content
    return client.get(response.url)


def api_of(question):
    from rubric_studio.accounts.models import ApiToken

    scopes = ["rubrics:read", "rubrics:write", "runs:write", "export:read"]
    return ApiClient(ApiToken.issue(author_of(question.collection.team), "test", scopes)[1])


def test_j15_editing_publishing_comparing_and_taking_away_need_no_broker(
    question, without_broker, client
):
    client.force_login(author_of(question.collection.team))
    criterion = question.criteria.first()
    opened = client.get(
        reverse("criterion-edit", args=[criterion.pk]), headers={"HX-Request": "true"}
    )
    assert opened.status_code == 200
    for number in (1, 2):
        assert edit_and_publish(client, question, number).status_code == 200
    first = question.versions.order_by("ordinal").first()
    compared = client.get(reverse("compare", args=[question.pk]), {"from": str(first.pk)})
    assert compared.status_code == 200
    assert "<ins" in compared.content.decode()
    slug = question.collection.slug
    for name in ("home", "judges"):
        assert client.get(reverse(name)).status_code == 200
    for name in ("answers", "grade", "run-start", "versions", "steering"):
        assert client.get(reverse(name, args=[question.pk])).status_code == 200, name
    file = client.get(reverse("collection-download", args=[slug]), {"format": "rubric-studio"})
    assert b"more clearly" in b"".join(file.streaming_content)
    api = api_of(question)
    taken = api.get(f"collections/{slug}/export?format=rubric-studio")
    assert b"more clearly" in b"".join(taken.streaming_content)
    assert len(api.get(f"questions/{question.pk}/versions").json()["results"]) == 2


def test_j15_a_run_says_that_it_waits_and_goes_on_when_they_are_back(
    question, without_broker, client
):
    workers = without_broker
    client.force_login(author_of(question.collection.team))
    with JudgeProcess() as scripted:
        judge = make_judge(question.collection.team, scripted)
        data = {
            "judge": str(judge.pk),
            "version": "draft",
            "answers": [str(it.pk) for it in question.answers.all()],
            "repeats": 1,
            "criteria_per_call": 1,
        }
        started = client.post(reverse("run-start", args=[question.pk]), data)
        run = Run.objects.get()
        assert started.url == run.get_absolute_url()
        assert api_of(question).get(f"runs/{run.pk}").json()["status"] == "queued"
        assert "no worker has taken it up" not in page(client, run)
        Run.objects.update(created_at=now() - timedelta(minutes=1))
        assert "no worker has taken it up" in page(client, run)
        workers.broker.start()
        with workers.start():
            workers.sweep_until(lambda: not Run.objects.get().is_live, 60)
    run.refresh_from_db()
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 6})
    assert run.calls == 6
    assert "no worker has taken it up" not in page(client, run)


def page(client, run):
    response = client.get(run.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()
