"""After a way in changed, the next page offers to end every other visit (ASVS 7.4.3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import User
from tests import make
from tests.accounts.person import code_now
from tests.accounts.test_passkeys import held

pytestmark = pytest.mark.django_db
ON, OFF = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/"


def app_on(user: User, client: Client) -> str:
    client.get(ON)
    return client.post(ON, {"code": code_now(client.session["mfa.totp.secret"])})["Location"]


def app_off(user: User, client: Client) -> str:
    return client.post(OFF)["Location"]


def passkey_off(user: User, client: Client) -> str:
    return client.post(f"/accounts/2fa/webauthn/keys/{held(user).pk}/remove/")["Location"]


@pytest.mark.parametrize("change", [app_on, app_off, passkey_off])
def test_after_a_way_in_changed_ending_all_other_visits_is_offered(
    change: Callable[[User, Client], str], member: User
) -> None:
    if change is app_off:
        TOTP.activate(member, generate_totp_secret())
    here, elsewhere = make.client_of(member), make.client_of(member)
    here.post("/accounts/reauthenticate/", {"password": make.PASSWORD})

    page = here.get(change(member, here))

    assert '<a href="/accounts/devices/">Sign out everywhere else</a>' in page.content.decode()
    assert elsewhere.get("/accounts/").status_code == 200, "it is offered, not done unasked"
    here.post("/accounts/devices/", {"others": "1"})
    assert elsewhere.get("/accounts/").status_code == 302
    assert here.get("/accounts/").status_code == 200


def test_a_new_password_ends_them_by_itself(member: User) -> None:
    here, elsewhere = make.client_of(member), make.client_of(member)

    here.post("/accounts/password/change/", {"old": make.PASSWORD, "password": "eleven copper kettles"})

    assert (here.get("/accounts/").status_code, elsewhere.get("/accounts/").status_code) == (200, 302)
