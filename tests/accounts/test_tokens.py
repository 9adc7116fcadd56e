import pytest
from django.urls import reverse

from rubric_studio.accounts.models import ApiToken

pytestmark = pytest.mark.django_db
FORM = {"name": "training cluster", "scopes": ["rubrics:read", "export:read"], "days": "30"}


@pytest.fixture
def at_home(client, alice):
    client.force_login(alice)
    return client


def test_secret_is_shown_once(at_home, alice):
    page = at_home.post(reverse("tokens"), FORM)
    secret = page.context["secret"]
    assert secret.encode() in page.content
    assert "no-store" in page["Cache-Control"]
    assert secret.encode() not in at_home.get(reverse("tokens")).content
    token = ApiToken.find(secret)
    assert (token.user, token.name, token.scopes) == (alice, "training cluster", FORM["scopes"])


def test_token_may_live_for_ever(at_home):
    at_home.post(reverse("tokens"), {**FORM, "days": ""})
    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "9999"}]
)
def test_bad_input_is_shown_at_its_field(at_home, wrong):
    page = at_home.post(reverse("tokens"), {**FORM, **wrong})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == set(wrong)
    assert not ApiToken.objects.exists()


def test_revoked_token_is_refused_at_once(at_home, alice):
    token, secret = ApiToken.issue(alice, "old", ["rubrics:read"])
    page = at_home.post(reverse("token-revoke", args=[token.pk]), follow=True)
    assert ApiToken.find(secret) is None
    assert b"is revoked" in page.content


def test_somebody_else_s_token_is_not_there(at_home, bob):
    token, secret = ApiToken.issue(bob, "bob's", ["rubrics:read"])
    assert at_home.post(reverse("token-revoke", args=[token.pk])).status_code == 404
    assert ApiToken.find(secret)
    assert b"bob&#x27;s" not in at_home.get(reverse("tokens")).content


def test_revoking_needs_a_post(at_home, alice):
    token, _ = ApiToken.issue(alice, "old", ["rubrics:read"])
    assert at_home.get(reverse("token-revoke", args=[token.pk])).status_code == 405


def test_page_takes_few_queries(at_home, alice, django_assert_max_num_queries):
    for number in range(30):
        ApiToken.issue(alice, f"token {number}", ["rubrics:read"])
    with django_assert_max_num_queries(5):
        at_home.get(reverse("tokens"))
