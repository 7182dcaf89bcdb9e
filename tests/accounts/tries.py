"""Tries at getting in, of every kind that must look alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client

from accounts import actions
from accounts.codes import new_code
from accounts.models import Role, User
from tests import make
from tests.accounts.person import sign_in

OPEN, CLOSED, NOBODY, STAFF = "mossy-teapot-17", "mossy-kettle-18", "mossy-walnut-19", "mossy-saddle-20"
NEW = "eleven copper kettles"
Acts = Mapping[str, Callable[[], HttpResponse]]


def open_and_closed() -> None:
    """Make one account that is open, one of staff, one that is closed."""
    hashed = make_password(make.PASSWORD)
    for handle, role in ((OPEN, Role.MEMBER), (CLOSED, Role.MEMBER), (STAFF, Role.MODERATOR)):
        User.objects.create(handle=handle, role=role, password=hashed, is_active=handle != CLOSED)


def signing_in() -> Acts:
    """Return a try with a wrong password at each kind of name, each from an address of its own."""
    numbers = itertools.count()

    def tried(handle: str) -> Callable[[], HttpResponse]:
        def act() -> HttpResponse:
            number = next(numbers)
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            return sign_in(Client(REMOTE_ADDR=address), handle, "wrong one here")

        return act

    return {handle: tried(handle) for handle in (OPEN, NOBODY, CLOSED)}


def recovering() -> Acts:
    """Return a try with a code that never was, one that was used, and one of a closed account."""
    user, closed = User.objects.get(handle=OPEN), User.objects.filter(handle=CLOSED)
    used = actions.issue_codes(user)[0]
    actions.use_recovery_code(used, hashed=user.password)
    closed.update(is_active=True)
    codes = {"never": new_code(), "used": used, "closed": actions.issue_codes(closed.get())[0]}
    closed.update(is_active=False)
    numbers = itertools.count()

    def tried(code: str) -> Callable[[], HttpResponse]:
        def act() -> HttpResponse:
            number = next(numbers)
            browser = Client(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
            return browser.post("/accounts/recovery/", {"code": code, "password": NEW})

        return act

    return {name: tried(code) for name, code in codes.items()}
