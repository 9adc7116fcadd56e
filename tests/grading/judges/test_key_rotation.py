import pytest
from django.core.management import CommandError, call_command

from rubric_studio.grading.judges.editing import add_judge, endpoint_of
from rubric_studio.grading.judges.secrets import SecretUnreadable, is_under_current_key
from rubric_studio.grading.models import Judge

pytestmark = pytest.mark.django_db
KEY = "sk-canary-0123456789"
NEW = "the newer secret key " * 3


def added(team, user, name, key=KEY):
    return add_judge(team, user, name=name, base_url="https://a.example/v1", model="m", api_key=key)


def rotate(capsys):
    call_command("rotate_judge_keys")
    return capsys.readouterr().out


def test_s5_rotation_encrypts_every_key_anew_and_the_former_secret_can_go(
    team, alice, settings, capsys
):
    judges = [added(team, alice, f"Judge {n}", f"{KEY}-{n}") for n in range(3)]
    added(team, alice, "No key", "")
    former, settings.SECRET_KEY = settings.SECRET_KEY, NEW
    settings.SECRET_KEY_FALLBACKS = [former]
    judges.append(added(team, alice, "Newer", f"{KEY}-3"))
    said = rotate(capsys)
    assert "3 encrypted anew, 1 were current already." in said
    assert "no longer needed" in said
    assert KEY not in said
    settings.SECRET_KEY_FALLBACKS = []
    for number, judge in enumerate(judges):
        judge.refresh_from_db()
        assert is_under_current_key(bytes(judge.key_encrypted))
        assert endpoint_of(judge).api_key == f"{KEY}-{number}"
    assert "0 encrypted anew, 4 were current already." in rotate(capsys)


def test_s5_a_lost_secret_is_said_with_the_judges_and_nothing_is_overwritten(
    team, alice, settings, capsys
):
    judge = added(team, alice, "Old one")
    before = bytes(judge.key_encrypted)
    former, settings.SECRET_KEY = settings.SECRET_KEY, NEW
    added(team, alice, "New one")
    with pytest.raises(CommandError, match=r"Old one \(.*SECRET_KEY_FALLBACKS"):
        call_command("rotate_judge_keys")
    judge.refresh_from_db()
    assert bytes(judge.key_encrypted) == before
    with pytest.raises(SecretUnreadable):
        endpoint_of(judge)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert "1 encrypted anew, 1 were current" in rotate(capsys)


def test_s5_another_judges_bytes_are_not_taken_over_by_rotating(team, alice, settings):
    first, second = added(team, alice, "First"), added(team, alice, "Second", "sk-other-0000001")
    Judge.objects.filter(pk=second.pk).update(key_encrypted=bytes(first.key_encrypted))
    with pytest.raises(CommandError, match="Second"):
        call_command("rotate_judge_keys")
