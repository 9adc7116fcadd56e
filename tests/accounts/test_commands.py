import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from rubric_studio.accounts.models import ApiToken, Membership, Role, Team, User

pytestmark = pytest.mark.django_db


def run(capsys, *words):
    call_command(*words)
    return capsys.readouterr().out


def test_token_is_printed_alone(capsys, alice):
    out = run(capsys, "create_token", alice.email, "--scope", "rubrics:read", "export:read")
    token = ApiToken.find(out.strip())
    assert token.user == alice
    assert token.scopes == ["rubrics:read", "export:read"]
    assert token.expires_at is not None


def test_scopes_may_be_given_one_by_one(capsys, alice):
    words = ["--scope", "rubrics:read", "--scope", "runs:write", "--days", "0", "--name", "CI"]
    out = run(capsys, "create_token", alice.email.upper(), *words)
    token = ApiToken.find(out.strip())
    assert (token.scopes, token.expires_at, token.name) == (
        ["rubrics:read", "runs:write"],
        None,
        "CI",
    )


@pytest.mark.parametrize(
    "words, said",
    [
        (["nobody@example.com", "--scope", "rubrics:read"], "create_user nobody@example.com"),
        (["nobody@example.com", "--scope", "all"], "There is no scope all. Use: rubrics:read"),
        (["nobody@example.com", "--scope", "rubrics:read", "--days", "-1"], "--days"),
        (["nobody@example.com"], "--scope"),
    ],
)
def test_token_is_refused_with_what_to_do(words, said):
    with pytest.raises(CommandError, match=said.replace("(", r"\(")):
        call_command("create_token", *words)
    assert not ApiToken.objects.exists()


def test_link_signs_in(capsys, alice):
    out = run(capsys, "sign_in_link", alice.email, "--base-url", "https://studio.example/")
    assert out.startswith("https://studio.example/enter/")
    client = Client()
    client.post(out.strip().removeprefix("https://studio.example"))
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_link_of_nobody_is_refused():
    with pytest.raises(CommandError, match="create_user nobody"):
        call_command("sign_in_link", "nobody@example.com")


def test_first_in_a_new_team_is_its_owner(capsys):
    out = run(capsys, "create_user", "First@example.com", "--name", "First", "--team", "Ward")
    user = User.objects.get(email="first@example.com")
    assert not user.has_usable_password()
    assert Membership.objects.get(user=user).role == Role.OWNER
    assert "sign_in_link first@example.com" in out


def test_next_one_is_reader_unless_said_otherwise(capsys, team):
    run(capsys, "create_user", "one@example.com", "--team", team.name)
    run(capsys, "create_user", "two@example.com", "--team", team.name, "--role", "author")
    roles = team.memberships.order_by("pk").values_list("role", flat=True)
    assert list(roles) == [Role.READER, Role.AUTHOR]


@pytest.mark.parametrize(
    "words, said",
    [
        (["no address"], "not an e-mail address"),
        (["new@example.com", "--role", "author"], "--team"),
        (["new@example.com", "--team", "Nowhere", "--role", "reader"], "no team Nowhere"),
    ],
)
def test_account_is_refused_with_what_to_do(words, said):
    with pytest.raises(CommandError, match=said):
        call_command("create_user", *words)
    assert not User.objects.exists()
    assert not Team.objects.exists()


def test_account_is_not_made_twice(alice):
    with pytest.raises(CommandError, match="already an account"):
        call_command("create_user", alice.email.upper())
