"""Who it is, asked once more: the password or a passkey answers that, and nothing else on the telephone."""

from __future__ import annotations

import json
import time

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests import make
from tests.accounts.person import code_now
from tests.accounts.test_passkeys import held

pytestmark = pytest.mark.django_db
PASSWORD, CODE, PASSKEY = (
    f"/accounts/{page}/" for page in ("reauthenticate", "2fa/reauthenticate", "2fa/webauthn/reauthenticate")
)
ALONE = (
    "/accounts/codes/new/",
    "/accounts/devices/",
    "/accounts/export/",
    "/accounts/close/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/add/",
)


@pytest.fixture
def secret(member: User) -> str:
    """The secret of that member's authenticator app, which lies on the telephone."""
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    return secret


@pytest.fixture
def visit(member: User, secret: str) -> Client:
    """An open visit on that telephone, in which the second step was taken."""
    return make.client_of(member)


def asked(client: Client) -> dict[str, str]:
    """Return to which question each page leads that is for its owner alone; nothing where it opens."""
    answers = {page: client.get(page) for page in ALONE}
    return {page: answer["Location"].partition("?")[0] for page, answer in answers.items() if answer.status_code == 302}


@pytest.mark.parametrize("spare", [False, True], ids=["app", "spare code"])
def test_a_code_alone_opens_nothing_that_asks_who_it_is(visit: Client, member: User, secret: str, spare: bool) -> None:
    code = RecoveryCodes.activate(member).get_unused_codes()[0] if spare else code_now(secret)

    assert visit.post(CODE, {"code": code}).status_code == 302

    assert asked(visit) == dict.fromkeys(ALONE, PASSWORD)
    assert visit.post("/accounts/codes/new/")["Location"].startswith(PASSWORD)
    assert visit.post("/accounts/close/", {"staying": "none"})["Location"].startswith(PASSWORD)
    assert not member.recovery_codes.exists()


def test_the_password_opens_them(visit: Client, member: User) -> None:
    RecoveryCodes.activate(member)

    assert visit.post(PASSWORD, {"password": make.PASSWORD}).status_code == 302

    assert asked(visit) == {}


@pytest.mark.parametrize(("minutes", "opens"), [(4, True), (6, False), (-5, False)])
def test_a_passkey_opens_them_for_some_minutes(visit: Client, member: User, minutes: float, opens: bool) -> None:
    RecoveryCodes.activate(member)
    session = visit.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] += [
        {"method": "mfa", "type": "webauthn", "reauthenticated": True, "at": time.time()}
    ]
    session.save()

    with time_machine.travel(time.time() + minutes * 60, tick=True):
        assert asked(visit) == ({} if opens else dict.fromkeys(ALONE, PASSWORD))


def test_an_apps_code_makes_an_old_visit_no_younger(member: User, secret: str, settings: Settings) -> None:
    settings.OWN_TEXTS_HOURS, settings.IDLE_MINUTES = 3, 600
    visit = make.client_of(member)

    with time_machine.travel(time.time() + 4 * 3_600, tick=True):
        assert visit.post(CODE, {"code": code_now(secret)}).status_code == 302
        assert visit.get("/stories/mine/")["Location"].startswith(PASSWORD)


def offered(client: Client, page: str) -> set[str]:
    """Return what a page offers in place of what it asks."""
    response = client.get(page)
    assert response.status_code == 200, page
    content = response.content.decode()
    return {one for one in (PASSWORD, CODE, PASSKEY) if f'<a href="{one}' in content}


def test_a_page_offers_only_what_answers_its_question(visit: Client, member: User) -> None:
    held(member)
    early = make.client_of(member, second_step=False)

    assert (offered(visit, PASSWORD), offered(visit, PASSKEY)) == ({PASSKEY}, {PASSWORD})
    assert (offered(early, CODE), offered(early, PASSKEY)) == ({PASSKEY}, {CODE})


def test_a_passkey_is_asked_for_behind_the_lock_of_its_device(visit: Client, member: User) -> None:
    held(member)

    options = json.loads(visit.get(PASSKEY).context["options"])

    assert options["publicKey"]["userVerification"] == "required"


def test_who_works_here_is_offered_the_second_step_where_that_is_asked() -> None:
    staff = make.moderator()
    held(staff)
    client = make.client_of(staff)

    assert (offered(client, PASSWORD), offered(client, PASSKEY)) == ({PASSKEY}, {PASSWORD})
    with time_machine.travel(time.time() + 20 * 60, tick=True):
        assert (offered(client, CODE), offered(client, PASSKEY)) == ({PASSKEY}, {CODE})
