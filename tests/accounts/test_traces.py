"""What signing in and joining leave behind: no address, and no mark on an account."""

from __future__ import annotations

import base64
import pickle
import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import actions, limits
from accounts.adapters import AccountAdapter
from accounts.codes import new_code
from accounts.models import User
from tests import make
from tests.accounts.person import PASSWORD, code_now, contents, join, marks, sign_in

ADDRESS = "203.0.113.77"
ADDRESS_6 = "2001:db8:77:1::9"
OF_ACCOUNTS = ("accounts_user", "accounts_recoverycode", "accounts_consent", "mfa_authenticator")
MAY_WRITE = {"accounts_session", "accounts_limit"}


def written(queries: CaptureQueriesContext) -> set[str]:
    """Return the tables that statements write to or lock rows of."""
    found = set()
    for query in queries.captured_queries:
        sql = query["sql"]
        found |= set(re.findall(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', sql))
        if "FOR UPDATE" in sql or "FOR SHARE" in sql:
            found |= set(re.findall(r'FROM "?(\w+)', sql))
    return found


@pytest.mark.django_db(transaction=True)
def test_signing_in_leaves_no_mark_on_an_account() -> None:
    user, secret = make.member(), generate_totp_secret()
    RecoveryCodes.activate(user)
    TOTP.activate(user, secret)
    actions.issue_codes(user)
    before = marks(*OF_ACCOUNTS)
    client = Client()

    with CaptureQueriesContext(connection) as queries:
        sign_in(client, user.handle, "wrong one here")
        sign_in(client, user.handle, make.PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        assert client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)}).status_code == 302
        assert client.get("/accounts/").status_code == 200
        client.post("/accounts/logout/")

    assert marks(*OF_ACCOUNTS) == before
    assert written(queries) == MAY_WRITE


@pytest.mark.django_db(transaction=True)
def test_a_mark_would_be_seen() -> None:
    user = make.member()
    before = marks(*OF_ACCOUNTS)

    with CaptureQueriesContext(connection) as queries:
        User.objects.filter(pk=user.pk).update(role=user.role)

    assert marks(*OF_ACCOUNTS) != before
    assert written(queries) == {"accounts_user"}


@pytest.mark.django_db(transaction=True)
def test_an_older_hash_is_left_as_it_is(settings: Settings) -> None:
    user = make.member()
    before = marks(*OF_ACCOUNTS)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]

    assert sign_in(Client(), user.handle, make.PASSWORD).status_code == 302
    assert marks(*OF_ACCOUNTS) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [ADDRESS, ADDRESS_6])
def test_no_address_is_stored(address: str) -> None:
    client = Client(REMOTE_ADDR=address)
    handle, _ = join(client)
    join(Client(REMOTE_ADDR=address), password="short")
    client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/reauthenticate/", {"password": "wrong one here"})
    client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    client.post("/accounts/logout/")
    client.post("/accounts/recovery/", {"code": "nothing", "password": "eleven copper kettles"})
    sign_in(client, handle, "wrong one here")
    sign_in(client, handle, PASSWORD)

    everything = contents()

    assert everything["accounts_limit"] != []
    assert len(everything["accounts_session"]) == 1
    for form in (address, address.encode().hex(), handle):
        holding = {name for name, rows in everything.items() if any(form in row for row in rows)}
        assert holding == ({"accounts_user"} if form == handle else set())


@pytest.mark.django_db
def test_no_count_knows_a_second(member: User, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 1, 12, 30, 17, 123_456, tzinfo=UTC), tick=False)
    began = time.time()
    client = Client()
    handle, _ = join(client)
    client.post("/accounts/reauthenticate/", {"password": "wrong one here"})
    Client().post("/accounts/recovery/", {"code": new_code(), "password": "eleven copper kettles"})
    Client().post("/stories/receipt/", {"code": new_code()})
    Client().post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
    sign_in(Client(), handle, "wrong one here")
    limits.second_step(str(member.pk), "here")
    limits.is_first_use("a factor", [1], seconds=90)

    with connection.cursor() as cursor:
        cursor.execute("SELECT value, expires FROM accounts_limit")
        rows = cursor.fetchall()
    ends = {end.timestamp() - began for _value, end in rows}
    assert len(rows) > 12
    assert [end for _value, end in rows if end.second or end.microsecond] == []
    assert {window for window in (60, 90, 300, 3_600) if any(window <= one < window + 60 for one in ends)} == {
        60,
        90,
        300,
        3_600,
    }
    assert any(86_400 <= one < 90_000 for one in ends)
    kept = [base64.b64decode(value) for value, _end in rows if not value.isdigit()]
    counted = [pickle.loads(value) for value in kept]  # noqa: S301 - made by the site itself
    moments = [moment for one in counted if isinstance(one, list) for moment in one]
    assert len(moments) >= 4
    assert [moment for moment in moments if moment % 60 or not began <= moment < began + 60] == []


@pytest.mark.django_db(transaction=True)
def test_a_stored_address_would_be_found(settings: Settings) -> None:
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"KEY_FUNCTION": None}}
    cache.set(f"limit:{ADDRESS}", 1)

    assert any(ADDRESS in row for row in contents()["accounts_limit"])


@pytest.mark.django_db
def test_a_form_that_waits_for_the_password_is_not_kept(member_client: Client) -> None:
    member_client.post("/accounts/2fa/totp/activate/", {"code": "000000"}, REMOTE_ADDR=ADDRESS)
    member_client.post("/accounts/2fa/recovery-codes/generate/", REMOTE_ADDR=ADDRESS)

    assert ADDRESS not in str(dict(member_client.session))


def test_an_address_is_named_anew_each_day(time_machine: object, rf: RequestFactory) -> None:
    def named(address: str) -> str:
        return AccountAdapter().get_client_ip(rf.get("/", REMOTE_ADDR=address))

    time_machine.move_to("2026-03-01 12:00Z")
    first = named(ADDRESS)
    assert named(ADDRESS) == first
    assert named("203.0.113.78") != first
    assert named(ADDRESS_6) == named("2001:db8:77:1:ffff::1") != named("2001:db8:77:2::9")
    time_machine.move_to("2026-03-02 00:01Z")
    assert named(ADDRESS) != first
    assert re.fullmatch(r"[0-9a-f]{64}", first)


@pytest.mark.django_db
def test_factors_are_written_by_nobody_when_used(member: User) -> None:
    factor = TOTP.activate(member, generate_totp_secret()).instance

    with CaptureQueriesContext(connection) as queries:
        factor.record_usage()

    assert queries.captured_queries == []
    assert Authenticator.objects.get(pk=factor.pk).last_used_at is None
