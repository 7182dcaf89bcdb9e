"""Tries at getting in, of every kind that must look alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client

from accounts import actions
from accounts.codes import new_code
from accounts.forms import sign_handle
from accounts.models import Role, User
from tests import make
from tests.accounts.person import ADULT, sign_in

OPEN, CLOSED, NOBODY = "mossy-teapot-17", "mossy-kettle-18", "mossy-walnut-19"
STAFF, SECOND = "mossy-saddle-20", "mossy-basket-21"
EVERY = (OPEN, NOBODY, CLOSED, STAFF, SECOND)
NEW = "eleven copper kettles"
Act = Callable[[], HttpResponse]
Acts = Mapping[str, Act]


def everybody() -> None:
    """Make one account that is open, one with a second step, one of staff with one, and one that is closed."""
    hashed = make_password(make.PASSWORD)
    for handle, role in ((OPEN, Role.MEMBER), (SECOND, Role.MEMBER), (STAFF, Role.MODERATOR), (CLOSED, Role.MEMBER)):
        user = User.objects.create(handle=handle, role=role, password=hashed, is_active=handle != CLOSED)
        if handle in {SECOND, STAFF}:
            TOTP.activate(user, generate_totp_secret())


def signing_in() -> Acts:
    """Return a try with a wrong password at each kind of name."""
    return _each(EVERY, lambda client, handle: sign_in(client, handle, "wrong one here"))


def joining() -> Acts:
    """Return a form that lacks something, for a name that is taken and one that is free.

    It is all that can be asked of a name without taking it; as names are drawn here and signed, nobody can ask for
    one of their own choosing.
    """
    return _each((OPEN, NOBODY), lambda client, handle: _join(client, handle, age=""))


def taking() -> Acts:
    """Return a whole form for each kind of name that went to somebody meanwhile; one that is free would be given."""
    return _each((OPEN, CLOSED, STAFF), _join)


def recovering() -> Acts:
    """Return a try with a code that never was, one that was used, and one of a closed account."""
    user, closed = User.objects.get(handle=OPEN), User.objects.filter(handle=CLOSED)
    used = actions.issue_codes(user)[0]
    actions.use_recovery_code(used, hashed=user.password)
    closed.update(is_active=True)
    codes = {"never": new_code(), "used": used, "closed": actions.issue_codes(closed.get())[0]}
    closed.update(is_active=False)
    typed = {"password": NEW}
    return _each(codes, lambda client, name: client.post("/accounts/recovery/", typed | {"code": codes[name]}))


def _join(client: Client, handle: str, **changes: str) -> HttpResponse:
    return client.post("/accounts/signup/", ADULT | {"handle": sign_handle(handle)} | changes)


def _each(kinds: Iterable[str], ask: Callable[[Client, str], HttpResponse]) -> Acts:
    """Return an act for each kind; each time it is done from another address."""
    numbers = itertools.count()

    def tried(kind: str) -> Act:
        def act() -> HttpResponse:
            number = next(numbers)
            return ask(Client(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"), kind)

        return act

    return {kind: tried(kind) for kind in kinds}
