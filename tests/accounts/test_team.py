import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from rubric_studio.accounts.members import LastOwner, change_role, remove_member
from rubric_studio.accounts.models import Membership, Role, SignInLink, User
from tests.cast import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client, olga):
    client.force_login(olga)
    return client


def of(team, user):
    return Membership.objects.get(team=team, user=user)


def add(client, team, email, role="author", name=""):
    form = {"email": email, "role": role, "name": name}
    return client.post(reverse("team", args=[team.pk]), form)


def act(client, name, membership, **form):
    return client.post(reverse(f"member-{name}", args=[membership.team_id, membership.pk]), form)


def test_new_person_gets_an_account_and_a_link(owner, team):
    page = add(owner, team, "New.Person@Example.com", name="New Person")
    user = User.objects.get(email="new.person@example.com")
    assert (user.name, of(team, user).role) == ("New Person", Role.AUTHOR)
    link = page.context["link"]
    assert link.encode() in page.content
    assert "no-store" in page["Cache-Control"]
    assert SignInLink.redeem(link.rpartition("/")[2]) == user


def test_known_person_joins_without_a_link(owner, team, charlie):
    answer = add(owner, team, charlie.email.upper(), "reader")
    assert answer.status_code == 302
    assert of(team, charlie).role == Role.READER
    assert not SignInLink.objects.exists()


def test_member_is_not_added_twice(owner, team, bob):
    page = add(owner, team, bob.email)
    assert page.status_code == 422
    assert "email" in page.context["form"].errors


@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"role": "king"}])
def test_bad_input_is_shown_at_its_field(owner, team, wrong):
    page = add(owner, team, **{"email": "new@example.com", **wrong})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == set(wrong)


def test_owner_changes_a_role(owner, team, bob):
    assert act(owner, "role", of(team, bob), role="reviewer").status_code == 302
    assert of(team, bob).role == Role.REVIEWER


def test_role_that_does_not_exist_changes_nothing(owner, team, bob):
    act(owner, "role", of(team, bob), role="king")
    assert of(team, bob).role == Role.READER


def test_owner_removes_a_member(owner, team, bob):
    act(owner, "remove", of(team, bob))
    assert not team.memberships.filter(user=bob).exists()
    assert User.objects.filter(pk=bob.pk).exists()


def test_last_owner_stays(owner, team, olga):
    address = reverse("team", args=[team.pk])
    for name, form in [("remove", {}), ("role", {"role": "author"})]:
        answer = owner.post(
            reverse(f"member-{name}", args=[team.pk, of(team, olga).pk]),
            form,
            headers={"Referer": f"http://testserver{address}"},
            follow=True,
        )
        assert "Make somebody else owner first" in answer.content.decode()
    assert of(team, olga).role == Role.OWNER


def test_one_of_two_owners_may_go(team, olga):
    second = make_user("Otto", team, Role.OWNER)
    change_role(of(team, olga), Role.AUTHOR)
    with pytest.raises(LastOwner):
        remove_member(of(team, second))


@pytest.mark.parametrize("who", ["alice", "bob", "rita"])
def test_other_roles_look_but_do_not_manage(request, client, team, who, olga):
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse("team", args=[team.pk]))
    assert page.status_code == 200
    assert b"Add somebody" not in page.content
    assert add(client, team, "new@example.com").status_code == 403
    for name in ("role", "remove", "link"):
        assert act(client, name, of(team, olga), role="reader").status_code == 403


def test_stranger_sees_no_team(client, team, charlie, olga):
    client.force_login(charlie)
    assert client.get(reverse("team", args=[team.pk])).status_code == 404
    for name in ("role", "remove", "link"):
        assert act(client, name, of(team, olga)).status_code == 404


def test_owner_of_another_team_has_no_way_in(owner, charlie):
    theirs = charlie.memberships.get()
    own = make_team("Second", owner=make_user("Zoe"))
    assert act(owner, "remove", theirs).status_code == 404
    crossed = reverse("member-remove", args=[own.pk, theirs.pk])
    assert owner.post(crossed).status_code == 404


def test_acting_needs_a_post(owner, team, bob):
    for name in ("role", "remove", "link"):
        address = reverse(f"member-{name}", args=[team.pk, of(team, bob).pk])
        assert owner.get(address).status_code == 405


def test_who_never_came_in_gets_another_link(owner, team, bob):
    page = act(owner, "link", of(team, bob))
    assert SignInLink.redeem(page.context["link"].rpartition("/")[2]) == bob


@pytest.mark.parametrize("reason", ["came in", "is in another team"])
def test_owner_makes_no_link_into_somebody_else_s_account(owner, team, bob, reason):
    if reason == "came in":
        bob.last_login = now()
        bob.save()
    else:
        make_team("Other", reader=bob)
    assert act(owner, "link", of(team, bob)).status_code == 409
    assert not SignInLink.objects.exists()


def test_visitor_is_asked_to_sign_in(team):
    assert Client().get(reverse("team", args=[team.pk])).status_code == 302


def test_page_takes_few_queries(owner, team, django_assert_max_num_queries):
    for number in range(30):
        make_user(f"Member{number}", team)
    with django_assert_max_num_queries(7):
        owner.get(reverse("team", args=[team.pk]))
