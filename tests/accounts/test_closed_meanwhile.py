"""Who presses something in the moment in which the account goes is led to the sign-in, and nothing is left of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.test import Client

from accounts import views
from accounts.forms import PasswordForm
from accounts.models import Consent, RecoveryCode, Session, User
from stories.actions.closing import close
from tests import make
from tests.accounts import person
from tests.prove.device import Device
from tests.stories.test_leaving import proven
from tests.stories.test_races import waits_for_a_lock

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
        waits_for_a_lock()
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
        waits_for_a_lock()
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
        waits_for_a_lock()
        renew(*given)

    monkeypatch.setattr(views, "update_session_auth_hash", renewed)
    try:
        a_password(browser)()
    finally:
        for one in closing:
            one.join()
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
@pytest.mark.parametrize("gone", [User, Authenticator])
def test_a_sign_in_that_was_half_way_lets_somebody_else_in(member: User, gone: Any) -> None:
    """Its row may be written after the account went; and the second step may be switched off elsewhere."""
    an_app(proven(member))()
    half_way = Client()
    assert person.sign_in(half_way, member.handle, make.PASSWORD)["Location"] == STEP
    gone.objects.all().delete()
    assert leads_to_the_sign_in(half_way.get(STEP))
    assert half_way.get(SIGN_IN).status_code == 200
    assert person.sign_in(half_way, make.member().handle, make.PASSWORD).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/accounts/codes/new/", 503), (CHANGE, 422)])
def test_a_visit_that_cannot_be_written_at_this_moment_is_not_over(
    member: User, monkeypatch: pytest.MonkeyPatch, path: str, status: int
) -> None:
    """It is no sign-in that is asked for then; and a page that refuses is shown as it is."""
    browser = proven(member)
    browser.raise_request_exception = False

    def locked(*_given: Any, **_more: Any) -> None:
        raise OperationalError

    def seen(form: PasswordForm) -> str:
        context.request.session["seen"] = True
        raise ValidationError("no")

    monkeypatch.setattr(PasswordForm, "clean_old", seen)
    monkeypatch.setattr(Session, "save_base", locked)
    assert browser.post(path, {"old": "x", "password": person.PASSWORD}).status_code == status


@pytest.mark.django_db
def test_whoever_else_is_missing_is_a_fault_that_is_told(member: User, settings: Any) -> None:
    """Who is signed in is not sent away, and no fault is hidden."""
    settings.ROOT_URLCONF = "tests.community.broken_urls"
    browser = make.client_of(member)
    browser.raise_request_exception = False
    assert browser.get("/broken/misses/").status_code == 500
