"""Who presses something in the moment in which the account goes is led to the sign-in, and nothing is left of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client

from accounts.models import Consent, RecoveryCode, Session, User
from stories.actions.closing import close
from tests import make
from tests.accounts import person
from tests.prove.device import Device
from tests.stories.test_leaving import proven

Press = Callable[[], Any]
APP, PASSKEY = "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"


def an_app(browser: Client) -> Press:
    browser.get(APP)
    code = person.code_now(browser.session["mfa.totp.secret"])
    return lambda: browser.post(APP, {"code": code})


def a_passkey(browser: Client) -> Press:
    device, page = Device(), browser.get(PASSKEY)
    return lambda: device.add(browser, PASSKEY, page)


def a_password(browser: Client) -> Press:
    typed = {"old": make.PASSWORD, "password": person.PASSWORD}
    return lambda: browser.post("/accounts/password/change/", typed)


def new_codes(browser: Client) -> Press:
    return lambda: browser.post("/accounts/codes/new/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("prepared", [an_app, a_passkey, a_password, new_codes])
def test_nothing_is_added_to_an_account_that_goes(member: User, prepared: Callable[[Client], Press]) -> None:
    press, answers = prepared(proven(member)), list[Any]()

    def pressed() -> None:
        try:
            answers.append(press())
        finally:
            connection.close()

    late = Thread(target=pressed)
    with transaction.atomic():
        close(member)
        late.start()
        late.join(2)
        assert late.is_alive(), "it waits for what becomes of the account"
    late.join()
    assert (answers[0].status_code, answers[0]["Location"]) == (302, "/accounts/login/")
    assert not any(model.objects.exists() for model in (User, Authenticator, RecoveryCode, Consent, Session))
