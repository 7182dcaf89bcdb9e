"""A button pressed twice ends where one press does: two taps on a telephone are no mistake that is punished."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connections, transaction
from django.test import Client, RequestFactory

from accounts import actions
from accounts.forms import PasswordForm
from accounts.models import User
from tests import make
from tests.accounts.person import code_now, shown_codes
from tests.accounts.test_passkeys import held
from tests.stories.test_races import waits_for_a_lock

pytestmark = pytest.mark.django_db
INDEX, ON, OFF, SPARE = (
    f"/accounts/2fa/{page}" for page in ("", "totp/activate/", "totp/deactivate/", "recovery-codes/")
)
NEW = "eleven copper kettles"


@pytest.fixture
def client(member: User) -> Client:
    """A browser in which that member has just typed the password once more."""
    client = make.client_of(member)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    return client


def test_switching_it_on_twice_ends_at_the_spare_codes(client: Client) -> None:
    client.get(ON)
    typed = {"code": code_now(client.session["mfa.totp.secret"])}

    answers = [client.post(ON, typed)["Location"] for _press in range(2)]

    assert answers == [SPARE, SPARE]
    assert len(shown_codes(client.get(SPARE))) == 10


def test_whoever_opens_its_page_while_it_is_on_sees_that_it_is(member: User, client: Client) -> None:
    TOTP.activate(member, generate_totp_secret())
    client = make.client_of(member)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})

    assert client.get(ON)["Location"] == client.post(ON)["Location"] == INDEX, "it has no spare codes to be led to"
    assert "It is on." in client.get(INDEX).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_same", [True, False], ids=["the same app", "another one"])
def test_switching_it_on_twice_at_once_ends_there_too(*, is_same: bool) -> None:
    member = make.member()
    client = make.client_of(member)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    client.get(ON)
    secret, answers = client.session["mfa.totp.secret"], []

    def second() -> None:
        try:
            answers.append(client.post(ON, {"code": code_now(secret)}))
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    with transaction.atomic():  # the first press, which has not come to its end
        TOTP.activate(member, secret if is_same else generate_totp_secret())
        RecoveryCodes.activate(member)
        thread.start()
        waits_for_a_lock()
    thread.join()

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, SPARE if is_same else INDEX)]
    assert "mfa.totp.secret" not in client.session
    proofs = [one["method"] for one in client.session["account_authentication_methods"]]
    assert ("mfa" in proofs) is is_same, "a code of an app that is not the account's proves nothing"
    assert len(shown_codes(client.get(SPARE))) == (10 if is_same else 0)


def test_who_works_here_with_a_passkey_only_is_not_told_that_the_second_step_is_off() -> None:
    user = make.moderator(second_factor=False)
    held(user)
    client = make.client_of(user)
    session = client.session
    session["account_authentication_methods"] += [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()

    assert client.get(OFF)["Location"] == INDEX
    page = client.get(INDEX).content.decode()
    assert "No app is set up." in page
    assert "The second step is off." not in page


def test_switching_it_off_twice_says_that_it_is_off(member: User) -> None:
    TOTP.activate(member, generate_totp_secret())
    client = make.client_of(member)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})

    answers = [client.post(OFF)["Location"] for _press in range(2)]

    assert answers == [INDEX, INDEX]
    assert "The second step is off." in client.get(INDEX).content.decode()
    assert not Authenticator.objects.filter(user=member).exists()


def test_removing_a_passkey_twice_says_that_it_is_gone(member: User, client: Client) -> None:
    remove = f"{INDEX}webauthn/keys/{held(member).pk}/remove/"

    answers = [client.post(remove)["Location"] for _press in range(2)]

    assert answers == [INDEX, INDEX]
    assert "Your account has no such passkey, or no longer." in client.get(INDEX).content.decode()


def typed(user: User, *, old: str = make.PASSWORD, new: str = NEW) -> PasswordForm:
    """Return the form for a new password as somebody pressed it whose visit was looked at before the first press."""
    return PasswordForm({"old": old, "password": new}, user=user)


@pytest.fixture
def asked(rf: RequestFactory) -> Iterator[None]:
    """A request, whose address the limits ask for."""
    with request_context(rf.post("/accounts/password/change/")):
        yield


@pytest.mark.usefixtures("asked")
def test_a_new_password_pressed_twice_is_not_called_wrong(member: User) -> None:
    first, second, other = (User.objects.get(pk=member.pk) for _press in range(3))
    assert typed(first).is_valid()
    actions.change_password(first, password=NEW)

    assert typed(second).is_valid()
    assert not typed(other, new="nine quiet orchards").is_valid(), "that is what another visit chose"


@pytest.mark.usefixtures("asked")
def test_the_new_password_stands_for_the_old_one_only_when_it_changed_meanwhile(member: User) -> None:
    assert not typed(member, old="not this one", new=make.PASSWORD).is_valid()
