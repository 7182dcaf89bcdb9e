"""Wrong second steps: few enough that nobody guesses six digits, and never a way to keep the owner out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.db import connections
from django.test import Client

from accounts import limits
from accounts.factors import MANY
from accounts.limits import SPARE_IN_VISIT, STEP, STEP_CEILING, STEP_FROM_ADDRESS, STEP_IN_VISIT, second_step
from accounts.models import User
from community.actions import sweep
from tests import make
from tests.accounts.person import code_now, shown_codes, sign_in

pytestmark = pytest.mark.django_db
STEP_PAGE, AGAIN_PAGE = "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"
PASSWORD_PAGE, RIGHT = "/accounts/reauthenticate/", {"password": make.PASSWORD}
DAY = 86_400
NONE_AT_ALL = STEP_CEILING._replace(most=0)


@pytest.fixture
def secret(member: User) -> str:
    """The secret of that member's authenticator app."""
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    return secret


def came(member: User, code: str, *, address: str) -> int:
    """Sign in from an address and type a code; return what came of it."""
    client = Client(REMOTE_ADDR=address)
    assert sign_in(client, member.handle, make.PASSWORD).status_code == 302
    return client.post(STEP_PAGE, {"code": code}).status_code


def wrong(secret: str) -> str:
    """Return six digits that no app shows now."""
    near = [format_hotp_value(hotp_value(secret, step)) for step in yield_hotp_counters_from_time()]
    return next(code for code in ("111111", "222222", "333333") if code not in near)


def test_wrong_codes_of_somebody_with_the_password_do_not_keep_the_owner_out(member: User, secret: str) -> None:
    spare = RecoveryCodes.activate(member).get_unused_codes()
    for _number in range(2 * STEP_FROM_ADDRESS.most):
        assert came(member, wrong(secret), address="198.51.100.1") == 422

    for _number in range(2 * SPARE_IN_VISIT.most):
        assert came(member, "123456789012", address="198.51.100.1") == 422

    assert came(member, code_now(secret), address="198.51.100.1") == 422, "there the limit is reached"
    assert came(member, spare[0], address="198.51.100.1") == 302, "nobody else is in the owner's sign-in"
    assert came(member, code_now(secret), address="203.0.113.9") == 302


def told(client: Client, code: str, page: str = STEP_PAGE) -> str:
    """Type a code and return what its page says."""
    return client.post(page, {"code": code}).content.decode()


def test_each_limit_says_what_helps(member: User, secret: str) -> None:
    """A spare code where one counts, and how long it lasts."""
    client, spare = Client(REMOTE_ADDR="198.51.100.1"), RecoveryCodes.activate(member).get_unused_codes()
    sign_in(client, member.handle, make.PASSWORD)
    for number in range(STEP_FROM_ADDRESS.most + 1):
        said = told(client, wrong(secret))
        assert ("Please use a spare code, or try again in six minutes." in said) == (number == STEP_FROM_ADDRESS.most)
    for number in range(STEP.most):
        second_step(str(member.pk), f"address {number}")
    assert "Please use a spare code, or try again in an hour." in told(client, wrong(secret))
    for number in range(STEP_CEILING.most):
        second_step(str(member.pk), f"another {number}")
    assert "Please use a spare code, or try again in 24 hours." in told(client, wrong(secret))
    for number in range(SPARE_IN_VISIT.most + 1):
        said = told(client, "123456789012")
        assert ("in a row. Please try again in six minutes." in said) == (number == SPARE_IN_VISIT.most)
    assert "in a row. Please try again in six minutes." in told(client, spare[0])
    assert came(member, spare[0], address="198.51.100.1") == 302


@pytest.mark.parametrize("wrong_ones", [STEP_FROM_ADDRESS.most, STEP_FROM_ADDRESS.most + 1])
def test_the_owner_is_told_of_many_wrong_codes(member: User, secret: str, wrong_ones: int) -> None:
    for number in range(wrong_ones):
        assert came(member, wrong(secret), address=f"198.51.100.{number}") == 422
    client = Client()
    sign_in(client, member.handle, make.PASSWORD)
    page = client.post(STEP_PAGE, {"code": code_now(secret)}, follow=True).content.decode()
    assert ("Today somebody typed your password and then several wrong codes." in page) == (wrong_ones > 5)


def test_an_account_under_attack_leaves_each_address_one_try(member: User, secret: str) -> None:
    for number in range(STEP.most + 20):
        second_step(str(member.pk), f"address {number}")

    assert came(member, code_now(secret), address="203.0.113.9") == 302
    assert came(member, wrong(secret), address="203.0.113.10") == 422
    assert came(member, code_now(secret), address="203.0.113.10") == 422


def tried(addresses: int, every: int, time_machine: Any) -> int:
    """Guess for a day from so many addresses, each so many seconds; return how many guesses were checked."""
    checked = 0
    for second in range(0, DAY, every):
        time_machine.move_to(1_772_323_200 + second)
        checked += sum(callable(second_step("an account", f"address {number}")) for number in range(addresses))
    return checked


def test_one_address_tries_few_codes_in_a_day(time_machine: Any) -> None:
    assert STEP.most <= tried(1, 60, time_machine) <= STEP.most + 24


def test_many_addresses_try_no_more_than_the_ceiling_and_spare_codes_still_count(
    member: User, secret: str, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tried(60, 3_600, time_machine) == STEP_CEILING.most

    spare = RecoveryCodes.activate(member).get_unused_codes()
    monkeypatch.setattr(limits, "STEP_CEILING", NONE_AT_ALL)
    monkeypatch.setitem(MANY, NONE_AT_ALL, "none")
    assert came(member, code_now(secret), address="203.0.113.9") == 422
    assert came(member, spare[0], address="203.0.113.9") == 302
    assert {len(code) for code in spare} == {12}


def test_a_visit_that_took_the_step_is_asked_again_whatever_others_do(member: User, secret: str) -> None:
    client = make.client_of(member)
    for number in range(STEP.most + STEP_CEILING.most):
        second_step(str(member.pk), f"address {number}")

    assert client.post(AGAIN_PAGE, {"code": code_now(secret)}).status_code == 302
    for _number in range(STEP_IN_VISIT.most):
        assert client.post(AGAIN_PAGE, {"code": wrong(secret)}).status_code == 422
    cookie = client.session.session_key
    assert client.post(PASSWORD_PAGE, RIGHT).status_code == 302
    assert client.session.session_key != cookie, "the visit has a new key, and no new count"
    assert "in a row. Please try again in an hour." in told(client, wrong(secret), AGAIN_PAGE)


def test_a_visit_that_lacks_the_step_takes_no_password(member: User, secret: str) -> None:
    client = make.client_of(member, second_step=False)
    cookie = client.session.session_key
    asked = f"{PASSWORD_PAGE}?next=/accounts/"
    for answer in (client.get(asked), client.post(asked, RIGHT)):
        assert (answer.status_code, answer["Location"]) == (302, f"{AGAIN_PAGE}?next=%2Faccounts%2F")
    assert client.session.session_key == cookie
    assert client.post(answer["Location"], {"code": code_now(secret)})["Location"] == "/accounts/"
    assert client.post(PASSWORD_PAGE, RIGHT).status_code == 302


def typed_at(
    moments: list[str], member: User, secret: str, time_machine: Any, between: Callable[[], None]
) -> list[int]:
    """Type one code, the app's at the first moment, at each of these moments; return what came of it."""
    time_machine.move_to(moments[0])
    code, answers = _shown(secret), []
    for number, moment in enumerate(moments):
        time_machine.move_to(moment)
        answers.append(came(member, code, address=f"203.0.113.{number}"))
        between()
    return answers


def _shown(secret: str) -> str:
    """Return what a clock that is half a minute ahead makes an app show: it counts for the longest."""

    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[-1])))


@pytest.mark.parametrize(
    "moments",
    [
        ["2026-03-01 12:00:00Z", "2026-03-01 12:00:45Z", "2026-03-01 12:01:29Z"],
        ["2026-03-01 23:59:30Z", "2026-03-02 00:00:10Z", "2026-03-02 00:00:59Z"],
    ],
    ids=["in a day", "across midnight"],
)
def test_a_code_counts_once_for_as_long_as_it_is_accepted(
    moments: list[str], member: User, secret: str, time_machine: Any
) -> None:
    assert typed_at(moments, member, secret, time_machine, sweep) == [302, 422, 422]


def test_a_code_is_accepted_so_long_when_it_is_not_used(member: User, secret: str, time_machine: Any) -> None:
    time_machine.move_to("2026-03-01 23:59:30Z")
    code = _shown(secret)
    time_machine.move_to("2026-03-02 00:00:59Z")
    assert came(member, code, address="203.0.113.1") == 302


@pytest.mark.django_db(transaction=True)
def test_ten_who_type_one_code_at_once_are_one(member: User, secret: str) -> None:
    barrier = threading.Barrier(10)
    clients = [Client(REMOTE_ADDR=f"203.0.113.{number}") for number in range(10)]
    for client in clients:
        sign_in(client, member.handle, make.PASSWORD)
    code = _shown(secret)

    def type_it(client: Client) -> int:
        try:
            barrier.wait()
            return client.post(STEP_PAGE, {"code": code}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        assert sorted(threads.map(type_it, clients)) == [302, *[422] * 9]


def test_spare_codes_are_shown_in_groups_and_taken_with_or_without(member: User, secret: str) -> None:
    client = make.client_of(member)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    bare = RecoveryCodes.activate(member).get_unused_codes()
    shown = shown_codes(client.get("/accounts/2fa/recovery-codes/"))
    assert [code.replace("-", "") for code in shown] == bare
    assert shown[0][4] == "-"
    answers = [came(member, code, address="203.0.113.9") for code in (shown[0], bare[1], shown[1])]
    assert answers == [302, 302, 422]


def test_three_codes_fit_at_a_time() -> None:
    assert settings.MFA_TOTP_TOLERANCE == 1, "the figures in accounts/limits.py and docs/decisions/0024 count on it"
