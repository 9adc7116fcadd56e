import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from rubric_studio.accounts.models import SignInLink

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"


@pytest.fixture(autouse=True)
def _no_attempts_yet(settings):
    cache.clear()
    # The real one takes its time on purpose, and some tests fail twenty times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def known(alice):
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def sign_in(client, email, password, **extra):
    return client.post(reverse("sign-in"), {"email": email, "password": password}, **extra)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_page_asks_for_address_and_password(client):
    page = client.get(reverse("sign-in"))
    assert page.status_code == 200
    assert b'autocomplete="current-password"' in page.content
    assert "no-store" in page["Cache-Control"]


def test_right_password_signs_in(client, known):
    answer = sign_in(client, known.email.upper(), PASSWORD)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("home")
    assert is_signed_in(client)


def test_next_page_is_kept(client, known):
    wanted = reverse("tokens")
    page = client.get(reverse("sign-in"), {"next": wanted})
    assert f'value="{wanted}"'.encode() in page.content
    form = {"email": known.email, "password": PASSWORD, "next": wanted}
    assert client.post(reverse("sign-in"), form)["Location"] == wanted


def test_next_page_is_never_another_site(client, known):
    form = {"email": known.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("sign-in"), form)["Location"] == reverse("home")


def test_wrong_password_and_unknown_person_read_alike(client, known):
    wrong = sign_in(client, known.email, "not this one")
    unknown = sign_in(client, "nobody@example.com", "not this one")
    assert wrong.status_code == unknown.status_code == 422
    assert list(wrong.context["form"].non_field_errors()) == list(
        unknown.context["form"].non_field_errors()
    )
    assert not is_signed_in(client)


def test_inactive_account_stays_out(client, known):
    known.is_active = False
    known.save()
    assert sign_in(client, known.email, PASSWORD).status_code == 422


def test_ten_failures_close_the_account_for_that_address_only(client, known):
    for _ in range(10):
        assert sign_in(client, known.email, "wrong").status_code == 422
    refused = sign_in(client, known.email, PASSWORD)
    assert refused.status_code == 429
    assert "Wait an hour" in refused.context["form"].non_field_errors()[0]
    assert sign_in(client, known.email, PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_twenty_failures_close_the_address_for_everybody(client, known):
    for number in range(20):
        sign_in(client, f"guess{number}@example.com", "wrong")
    assert sign_in(client, known.email, PASSWORD).status_code == 429


def test_success_forgets_the_account_s_failures(client, known):
    for _ in range(9):
        sign_in(client, known.email, "wrong")
    sign_in(client, known.email, PASSWORD)
    client.post(reverse("sign-out"))
    assert sign_in(client, known.email, "wrong").status_code == 422
    assert sign_in(client, known.email, PASSWORD).status_code == 302


def test_behind_the_proxy_the_client_s_own_address_counts(client, known, settings):
    settings.HTTPS = True
    settings.SECURE_SSL_REDIRECT = False
    for number in range(20):
        sign_in(client, f"guess{number}@example.com", "wrong", headers={"X-Forwarded-For": "a, b"})
    elsewhere = sign_in(client, known.email, PASSWORD, headers={"X-Forwarded-For": "a, c"})
    assert elsewhere.status_code == 302


def test_open_page_whose_session_ended_is_told_not_replaced(client):
    answer = client.get(reverse("tokens"), headers={"HX-Request": "true"}, follow=True)
    assert answer.status_code == 401
    assert b"<html" not in answer.content


def test_sign_out_needs_a_post(client, alice):
    client.force_login(alice)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert not is_signed_in(client)


def test_forms_refuse_a_post_from_elsewhere(known):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("sign-in"), {"email": known.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert b"too old" in answer.content


def test_looking_at_a_link_does_not_use_it_up(client, alice):
    address = reverse("enter", args=[SignInLink.make(alice)])
    for _ in range(3):
        page = client.get(address)
        assert page.status_code == 200
        assert alice.email.encode() in page.content
    assert not is_signed_in(client)
    assert client.post(address)["Location"] == reverse("home")
    assert is_signed_in(client)


def test_link_works_once(client, alice):
    address = reverse("enter", args=[SignInLink.make(alice)])
    client.post(address)
    second = Client()
    assert second.get(address).status_code == 410
    assert second.post(address).status_code == 410
    assert not is_signed_in(second)


def test_link_expires(client, alice, settings):
    settings.SIGN_IN_LINK_SECONDS = -1
    address = reverse("enter", args=[SignInLink.make(alice)])
    assert client.get(address).status_code == 410
    page = client.post(address)
    assert page.status_code == 410
    assert b"no longer good" in page.content


def test_invented_link_says_what_to_do(client):
    page = client.get(reverse("enter", args=["invented"]))
    assert page.status_code == 410
    assert b"sign_in_link" in page.content


def test_who_came_by_a_link_may_choose_a_password(client, alice):
    client.force_login(alice)
    page = client.get(reverse("password"))
    assert "old_password" not in page.context["form"].fields
    form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(reverse("password"), form).status_code == 302
    assert is_signed_in(client)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_changing_a_password_needs_the_old_one(client, known):
    client.force_login(known)
    form = {"old_password": "wrong", "new_password1": "another one 7", "new_password2": "x"}
    answer = client.post(reverse("password"), form)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {"old_password"}


def test_short_password_is_refused(client, alice):
    client.force_login(alice)
    form = {"new_password1": "short", "new_password2": "short"}
    assert client.post(reverse("password"), form).status_code == 422


@pytest.mark.parametrize("name", ["password", "tokens"])
def test_stranger_is_asked_to_sign_in(client, name):
    assert client.get(reverse(name))["Location"].startswith(reverse("sign-in"))
