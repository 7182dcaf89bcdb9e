from __future__ import annotations

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from accounts import actions
from accounts.adapters import NO_MOMENT
from accounts.keys import SealError
from accounts.models import Role, User
from tests import make
from tests.accounts.person import code_now, contents, posted, shown_codes, sign_in

pytestmark = pytest.mark.django_db
WEBAUTHN = Authenticator.Type.WEBAUTHN


@pytest.fixture
def secret(member: User) -> str:
    """The secret of that member's authenticator app."""
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    return secret


def again(client: Client, url: str) -> None:
    """Type the password once more, as a page that matters asks."""
    asked = client.get(url)
    assert asked.status_code == 302
    assert client.post(asked["Location"], {"password": make.PASSWORD})["Location"] == url


def test_switching_it_on_needs_the_password_and_a_code_that_fits(member: User, member_client: Client) -> None:
    url = "/accounts/2fa/totp/activate/"
    again(member_client, url)
    member_client.get(url)
    shown = member_client.session["mfa.totp.secret"]

    wrong = member_client.post(url, {"code": "000000"})
    right = member_client.post(url, {"code": code_now(shown)})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert right["Location"] == "/accounts/2fa/recovery-codes/"
    assert len(shown_codes(member_client.get(right["Location"]))) == 10
    assert Authenticator.objects.filter(user=member, type="totp").exists()


def test_signing_in_takes_two_steps(client: Client, member: User, secret: str) -> None:
    first = sign_in(client, member.handle, make.PASSWORD)

    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/stories/mine/").status_code == 302
    assert client.post(first["Location"], {"code": "123"}).status_code == 422
    second = client.post(first["Location"], {"code": code_now(secret)})
    assert second["Location"] == "/stories/mine/"
    assert client.get("/accounts/").status_code == 200


def test_one_code_is_taken_once(member: User, secret: str) -> None:
    answers, code = [], code_now(secret)
    for client in (Client(), Client()):
        sign_in(client, member.handle, make.PASSWORD)
        answers.append(client.post("/accounts/2fa/authenticate/", {"code": code}).status_code)

    assert answers == [302, 422]


def test_a_spare_code_stands_in_for_the_app_once(member: User, secret: str) -> None:
    spare = RecoveryCodes.activate(member).get_unused_codes()[4]
    answers = []
    for client in (Client(), Client()):
        sign_in(client, member.handle, make.PASSWORD)
        answers.append(client.post("/accounts/2fa/authenticate/", {"code": spare}).status_code)

    assert answers == [302, 422]


def test_guessing_codes_is_slowed_down(client: Client, member: User, secret: str) -> None:
    sign_in(client, member.handle, make.PASSWORD)
    for number in range(6):
        last = client.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"}, REMOTE_ADDR="198.51.100.1")

    assert b"use a spare code" in last.content
    right = {"code": code_now(secret)}
    assert client.post("/accounts/2fa/authenticate/", right, REMOTE_ADDR="198.51.100.1").status_code == 422


def test_one_may_start_again(client: Client, member: User, secret: str) -> None:
    sign_in(client, member.handle, make.PASSWORD)

    client.post("/accounts/logout/", {"next": "/accounts/login/"})

    assert client.get("/accounts/login/").status_code == 200


def test_a_member_may_switch_it_off(member: User, secret: str) -> None:
    RecoveryCodes.activate(member)
    client = make.client_of(member)
    again(client, "/accounts/2fa/totp/deactivate/")

    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=member).exists()


def test_who_works_here_keeps_it(moderator: User, moderator_client: Client) -> None:
    again(moderator_client, "/accounts/2fa/totp/deactivate/")

    page = moderator_client.get("/accounts/2fa/totp/deactivate/").content.decode()
    moderator_client.post("/accounts/2fa/totp/deactivate/")

    assert "cannot be switched off" in page
    assert Authenticator.objects.filter(user=moderator, type="totp").exists()


@pytest.mark.parametrize("kind", ["totp", WEBAUTHN])
def test_the_last_factor_of_who_works_here_stays_whatever_it_is(kind: str) -> None:
    user = make.moderator(second_factor=False)
    last = Authenticator.objects.create(user=user, type=kind, data={})

    with pytest.raises(PermissionDenied), transaction.atomic():
        last.delete()

    other = Authenticator.objects.create(user=user, type=WEBAUTHN, data={})
    last.delete()
    with pytest.raises(PermissionDenied), transaction.atomic():
        other.delete()
    assert list(Authenticator.objects.filter(user=user)) == [other]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MEMBER])
def test_staff_without_a_second_factor_sees_nothing_else(client: Client, role: Role) -> None:
    user = make.moderator(role=role, second_factor=False)

    response = sign_in(client, user.handle, make.PASSWORD)

    assert response["Location"] == "/accounts/2fa/totp/activate/"
    if role in {Role.MODERATOR, Role.LEAD}:
        for path in ("/moderation/", "/moderation/history/"):
            assert client.get(path)["Location"] == "/accounts/2fa/totp/activate/"
    else:
        assert client.get("/moderation/").status_code == 404


def test_spare_codes_alone_are_no_second_factor(client: Client) -> None:
    user = make.moderator(second_factor=False)
    RecoveryCodes.activate(user)
    client.force_login(user)

    assert client.get("/moderation/")["Location"] == "/accounts/2fa/totp/activate/"


def test_a_session_older_than_the_factor_is_asked_for_it(moderator: User) -> None:
    older = make.client_of(moderator, second_step=False)
    secret = get_adapter().decrypt(Authenticator.objects.get(user=moderator).data["secret"])

    asked = older.get("/moderation/history/")

    assert asked["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fmoderation%2Fhistory%2F"
    assert older.post("/moderation/next/")["Location"] == "/accounts/2fa/reauthenticate/"
    page = older.get(asked["Location"])
    assert (page.status_code, b"Use your password" in page.content) == (200, False)
    assert older.post(asked["Location"], {"code": "000000"}).status_code == 422
    assert older.get("/moderation/history/").status_code == 302
    back = older.post(asked["Location"], {"code": code_now(secret)})
    assert back["Location"] == "/moderation/history/"
    assert older.get("/moderation/history/").status_code == 200


def test_the_step_of_somebody_else_counts_for_nobody(moderator: User) -> None:
    browser = make.client_of(make.moderator())
    session = browser.session
    session["_auth_user_id"], session["_auth_user_hash"] = str(moderator.pk), moderator.get_session_auth_hash()
    session.save()

    assert browser.get("/moderation/")["Location"].startswith("/accounts/2fa/reauthenticate/")


@pytest.mark.parametrize("path", ["recovery-codes/", "recovery-codes/generate/", "totp/deactivate/"])
def test_the_password_alone_opens_no_way_around_the_factor(member: User, secret: str, path: str) -> None:
    RecoveryCodes.activate(member)
    older = make.client_of(member, second_step=False)
    older.post("/accounts/reauthenticate/", {"password": make.PASSWORD})

    for answer in (older.get(f"/accounts/2fa/{path}"), older.post(f"/accounts/2fa/{path}")):
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.filter(user=member).count() == 2


def test_switching_it_on_counts_as_the_second_step(client: Client) -> None:
    user, url = make.moderator(second_factor=False), "/accounts/2fa/totp/activate/"
    sign_in(client, user.handle, make.PASSWORD)
    again(client, url)
    client.get(url)

    client.post(url, {"code": code_now(client.session["mfa.totp.secret"])})

    assert client.get("/moderation/").status_code == 200


def test_a_factor_that_no_key_opens_has_no_code_that_fits(
    client: Client, member: User, secret: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    spare = RecoveryCodes.activate(member).get_unused_codes()[0]
    settings.SESSION_KEYS = [b"n" * 32]
    sign_in(client, member.handle, make.PASSWORD)

    for code in (code_now(secret), spare):
        caplog.clear()
        answer = client.post("/accounts/2fa/authenticate/", {"code": code})
        assert answer.status_code == 422
        assert "This code does not fit." in answer.content.decode()
        assert [record.levelname for record in caplog.records if record.name == "accounts.factors"] == ["ERROR"]


def test_half_a_character_is_no_code(client: Client, member: User, secret: str) -> None:
    sign_in(client, member.handle, make.PASSWORD)

    assert posted(client, "/accounts/2fa/authenticate/", {"code": "12345\ud800"}).status_code == 422


def test_secrets_are_sealed(member: User, secret: str) -> None:
    RecoveryCodes.activate(member)

    rows = str(contents()["mfa_authenticator"])

    assert secret not in rows
    seeds = [Authenticator.objects.get(user=member, type=kind).data for kind in ("totp", "recovery_codes")]
    assert get_adapter().decrypt(seeds[0]["secret"]) == secret
    assert len(get_adapter().decrypt(seeds[1]["seed"])) == 80


def test_a_secret_opens_under_an_older_key_and_not_under_another(settings: Settings) -> None:
    sealed = get_adapter().encrypt("ABCDEFGH")

    settings.SESSION_KEYS = [b"n" * 32, *settings.SESSION_KEYS]
    assert get_adapter().decrypt(sealed) == "ABCDEFGH"
    settings.SESSION_KEYS = [b"n" * 32]
    with pytest.raises(SealError):
        get_adapter().decrypt(sealed)


def test_a_factor_keeps_no_moment_and_no_order(member: User, secret: str) -> None:
    spare = RecoveryCodes.activate(member)
    client = make.client_of(member)
    again(client, "/accounts/2fa/recovery-codes/")
    client.get("/accounts/2fa/recovery-codes/")
    spare.validate_code(spare.get_unused_codes()[0])

    rows = Authenticator.objects.filter(user=member)

    assert {(row.created_at, row.last_used_at) for row in rows} == {(NO_MOMENT, None)}
    assert [row.data.get("viewed_at") for row in rows.order_by("type")] == [1, None]
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM mfa_authenticator_id_seq")
        assert cursor.fetchone() == (1, False)


def test_the_app_shows_a_neutral_name(member: User, member_client: Client, settings: Settings) -> None:
    url = get_adapter().build_totp_url(member, "ABCDEFGH")

    assert url == f"otpauth://totp/{member.handle}?secret=ABCDEFGH&issuer={settings.SITE_NAME}"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MEMBER])
def test_staff_is_made_with_password_and_second_factor(client: Client, role: Role) -> None:
    user, password, secret = actions.create_staff(role)

    first = sign_in(client, user.handle, password)
    second = client.post(first["Location"], {"code": code_now(secret)})

    assert (user.role, user.codes_confirmed) == (role, False)
    home = "/moderation/" if role in {Role.MODERATOR, Role.LEAD} else "/accounts/"
    assert second["Location"] == home
    assert client.get(home).status_code == 200


def test_a_member_is_no_staff() -> None:
    with pytest.raises(ValueError, match="sign-up"):
        actions.create_staff(Role.MEMBER)
