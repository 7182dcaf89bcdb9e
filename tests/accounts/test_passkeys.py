"""Passkeys as the server meets them: sealed, numbered, and no answer that could break a page. See tests/journeys."""

from __future__ import annotations

import base64
import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.entrance import BEGIN_WITH_A_PASSKEY
from accounts.limits import limit_of
from accounts.models import Session, User
from accounts.passkeys import MOST, passkeys_of
from tests import make
from tests.accounts.person import contents
from tests.accounts.test_visits import again

pytestmark = pytest.mark.django_db
ADD = "/accounts/2fa/webauthn/add/"


def saying(authenticator: bytes) -> str:
    """Return an answer with such data of the authenticator."""
    data = base64.urlsafe_b64encode(authenticator).decode().rstrip("=")
    said = {"clientDataJSON": "e30", "authenticatorData": data, "signature": "AAAA", "userHandle": "AAAA"}
    key = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {}}
    return json.dumps(key | {"response": said})


ANSWERS = [
    "", "nothing", "[]", "5", "null", "{}", '{"response": 5}', '{"response": {"userHandle": null}}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {"userHandle": "AAAA"}}',
    json.dumps({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},
        "response": {"clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA"},
    }),
    "[" * 20_000,
    # Beginnings of CBOR that end too soon, or never.
    *(saying(b"\0" * 32 + b"\x81" + b"\0" * 4 + data) for data in (b"\x18", b"\x19\x01", b"\x81" * 3_000)),
    saying(b"\0" * 32 + b"\x41" + b"\0" * 18),
]  # fmt: skip


def held(user: User, name: str = "1") -> Authenticator:
    """Give an account a passkey; what is in it is nobody's."""
    factor: Authenticator = WebAuthn.add(user, name, {"id": "canary-of-a-key", "rawId": "x"}).instance
    return factor


def test_the_database_keeps_a_passkey_sealed_and_no_moment(member: User, settings: Settings) -> None:
    factor = Authenticator.objects.get(pk=held(member).pk)

    assert not any("canary-of-a-key" in row for row in contents()["mfa_authenticator"])
    assert (factor.created_at.year, factor.last_used_at) == (2000, None)
    settings.SESSION_KEYS = [b"n" * 32]
    assert WebAuthn(factor).authenticator_data.credential_data is None


def test_a_device_lists_the_site_and_a_number_and_not_the_sign_in_name(
    member: User, member_client: Client, settings: Settings
) -> None:
    held(member, "3")
    page = again(member_client, ADD)
    options = json.loads(page.context["options"])["publicKey"]

    assert options["rp"] == {"id": "testserver", "name": settings.SITE_NAME}
    assert (options["user"]["name"], options["user"]["displayName"]) == ("Key 4", "Key 4")
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert member.handle not in page.content.decode()
    assert "Your device lists it" in page.content.decode()


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_is_no_answer_of_a_key_opens_and_breaks_nothing(answer: str, member: User, member_client: Client) -> None:
    held(member)
    visitor = Client()
    assert visitor.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"}).status_code == 200
    assert visitor.post("/accounts/2fa/webauthn/login/", {"credential": answer})["Location"] == "/accounts/login/"
    assert visitor.get("/accounts/").status_code == 302

    again(member_client, ADD)
    assert member_client.post(ADD, {"credential": answer}).status_code == 422
    member_client.get("/accounts/2fa/webauthn/reauthenticate/")
    assert member_client.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": answer}).status_code == 422
    assert len(passkeys_of(member)) == 1


@pytest.mark.parametrize("answer", ANSWERS[-3:])
def test_a_second_step_takes_no_broken_answer(answer: str) -> None:
    user = make.moderator(second_factor=False)
    held(user)
    client = Client()
    client.post("/accounts/login/", {"login": user.handle, "password": make.PASSWORD})
    assert client.get("/accounts/2fa/authenticate/").status_code == 200

    assert client.post("/accounts/2fa/authenticate/", {"credential": answer}).status_code == 422
    assert client.get("/accounts/").status_code == 302


def test_passkeys_are_asked_for_in_no_more_visits_of_a_network_than_a_limit_of_their_own(settings: Settings) -> None:
    settings.VISITOR_POSTS_AN_HOUR, address = 0, "/accounts/2fa/webauthn/login/"  # visitors may begin none
    limit_of.cache_clear()
    asked, before = {"HTTP_ACCEPT": "application/json"}, Session.objects.count()
    first = Client()
    assert [first.get(address, **asked).status_code for _ in range(BEGIN_WITH_A_PASSKEY + 1)] == [200] * (
        BEGIN_WITH_A_PASSKEY + 1
    )
    for _ in range(BEGIN_WITH_A_PASSKEY - 1):
        assert Client().get(address)["Location"] == "/accounts/login/", "opened as a page, it begins and counts nothing"
        assert Client().get(address, **asked).status_code == 200

    nobody = Client()
    nobody.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert [browser.get(address, **asked).status_code for browser in (Client(), nobody)] == [429, 429]

    assert Session.objects.count() == before + BEGIN_WITH_A_PASSKEY
    assert first.get(address, **asked).status_code == 200


def test_a_members_passkey_is_a_way_in_and_the_password_stays_another(member: User) -> None:
    held(member)
    client = Client()

    answer = client.post("/accounts/login/", {"login": member.handle, "password": make.PASSWORD})

    assert answer["Location"] == "/stories/mine/"


def test_a_passkey_is_removed_and_the_last_factor_of_staff_is_not(member: User, member_client: Client) -> None:
    mine, theirs = held(member), held(make.member())
    url = f"/accounts/2fa/webauthn/keys/{mine.pk}/remove/"
    assert again(member_client, url).status_code == 200
    assert member_client.post(f"/accounts/2fa/webauthn/keys/{theirs.pk}/remove/")["Location"] == "/accounts/2fa/"
    assert passkeys_of(theirs.user) == [theirs]
    assert member_client.post(url).status_code == 302
    assert passkeys_of(member) == []

    staff = make.moderator(second_factor=False)
    last = held(staff)
    client = make.client_of(staff)
    url = f"/accounts/2fa/webauthn/keys/{last.pk}/remove/"
    assert again(client, "/accounts/codes/new/").status_code == 200
    assert client.post(url).status_code == 302
    assert passkeys_of(staff) == [last]


def test_an_account_holds_so_many(member: User, member_client: Client) -> None:
    for number in range(MOST):
        held(member, str(number + 1))

    assert again(member_client, ADD).status_code == 302


def test_only_pages_that_ask_for_a_passkey_may(member_client: Client, rf: RequestFactory) -> None:
    again(member_client, ADD)
    allowing = {
        path
        for path in ("/", "/accounts/", "/accounts/2fa/", "/accounts/devices/", ADD)
        if "publickey-credentials-get=(self)" in member_client.get(path)["Permissions-Policy"]
    }
    login = Client().get("/accounts/login/")["Permissions-Policy"]

    assert allowing == {ADD}
    assert "publickey-credentials-create=(self)" in member_client.get(ADD)["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in login
    assert "camera=()" in login
    assert "publickey-credentials-create=()" in Client().get("/")["Permissions-Policy"]
