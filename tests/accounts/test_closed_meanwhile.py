"""Who presses something in the moment in which the account goes is led to the sign-in, and nothing is left of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection, transaction
from django.test import Client

from accounts import views
from accounts.forms import PasswordForm
from accounts.models import Consent, RecoveryCode, Session, User
from stories.actions.closing import close
from tests import make
from tests.accounts import person
from tests.prove.device import Device
from tests.stories.test_leaving import proven

Press = Callable[[], Any]
APP, PASSKEY = "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"
SIGN_IN, STEP, CHANGE = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/password/change/"


def an_app(browser: Client) -> Press:
    browser.get(APP)
    code = person.code_now(browser.session["mfa.totp.secret"])
    return lambda: browser.post(APP, {"code": code})


def a_passkey(browser: Client) -> Press:
    device, page = Device(), browser.get(PASSKEY)
    return lambda: device.add(browser, PASSKEY, page)


def a_password(browser: Client) -> Press:
    typed = {"old": make.PASSWORD, "password": person.PASSWORD}
    return lambda: browser.post(CHANGE, typed)


def new_codes(browser: Client) -> Press:
    return lambda: browser.post("/accounts/codes/new/")


def no_app(browser: Client) -> Press:
    an_app(browser)()
    return lambda: browser.post("/accounts/2fa/totp/deactivate/")


def no_passkey(browser: Client) -> Press:
    a_passkey(browser)()
    pk = Authenticator.objects.get(type="webauthn").pk
    return lambda: browser.post(f"/accounts/2fa/webauthn/keys/{pk}/remove/")


def spare_codes(browser: Client) -> Press:
    an_app(browser)()
    return lambda: browser.post("/accounts/2fa/recovery-codes/generate/")


def in_a_thread(act: Press, answers: list[Any]) -> Thread:
    """Do something in a connection of its own."""

    def done() -> None:
        try:
            answers.append(act())
        finally:
            connection.close()

    thread = Thread(target=done)
    thread.start()
    return thread


def leads_to_the_sign_in(answer: Any) -> bool:
    return (answer.status_code, answer.headers.get("Location")) == (302, SIGN_IN)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("prepared", [an_app, a_passkey, a_password, new_codes, no_app, no_passkey, spare_codes])
def test_nothing_is_added_to_an_account_that_goes(member: User, prepared: Callable[[Client], Press]) -> None:
    press, answers = prepared(proven(member)), list[Any]()
    with transaction.atomic():
        close(member)
        late = in_a_thread(press, answers)
        late.join(2)
        assert late.is_alive(), "it waits for what becomes of the account"
    late.join()
    assert leads_to_the_sign_in(answers[0])
    assert not any(model.objects.exists() for model in (User, Authenticator, RecoveryCode, Consent, Session))


@pytest.mark.django_db(transaction=True)
def test_a_spare_code_that_goes_while_it_is_typed_fits_nothing(member: User) -> None:
    browser = proven(member)
    an_app(browser)()
    spare = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    half_way, answers = Client(), list[Any]()
    assert person.sign_in(half_way, member.handle, make.PASSWORD)["Location"] == STEP
    with transaction.atomic():
        close(member)
        late = in_a_thread(lambda: half_way.post(STEP, {"code": spare}), answers)
        late.join(2)
        assert late.is_alive(), "it waits for what becomes of the code"
    late.join()
    assert answers[0].status_code < 500
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_visit_that_is_renewed_before_the_account_goes_goes_with_it(
    member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, closing, renew = proven(member), list[Thread](), views.update_session_auth_hash

    def renewed(*given: Any) -> None:
        closing.append(in_a_thread(lambda: close(member), []))
        closing[0].join(1)
        assert closing[0].is_alive(), "it waits until the new visit is written"
        renew(*given)

    monkeypatch.setattr(views, "update_session_auth_hash", renewed)
    a_password(browser)()
    closing[0].join()
    assert not User.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("prepared", "where", "moment"),
    [(new_codes, views, "_hold"), (a_password, PasswordForm, "clean_old"), (a_password, PasswordForm, "clean")],
)
def test_it_goes_at_any_moment_of_a_request(
    member: User, monkeypatch: pytest.MonkeyPatch, prepared: Callable[[Client], Press], where: Any, moment: str
) -> None:
    press, then = prepared(proven(member)), getattr(where, moment)

    def gone(*given: Any) -> Any:
        close(member)
        return then(*given)

    monkeypatch.setattr(where, moment, gone)
    assert leads_to_the_sign_in(press())


@pytest.mark.django_db
def test_a_sign_in_that_was_half_way_lets_somebody_else_in(member: User) -> None:
    """Its row may be written after the account went."""
    an_app(proven(member))()
    half_way = Client()
    assert person.sign_in(half_way, member.handle, make.PASSWORD)["Location"] == STEP
    User.objects.filter(pk=member.pk).delete()
    assert leads_to_the_sign_in(half_way.get(STEP))
    assert half_way.get(SIGN_IN).status_code == 200
    assert person.sign_in(half_way, make.member().handle, make.PASSWORD).status_code == 302
