"""Sign-in by handle and password; it reads, and never writes to an account."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts.handles import normal
from accounts.models import User


@cache
def nobodys() -> str:
    """Return the hash of a password that nobody has: checking it takes as long as checking anybody's."""
    return make_password(secrets.token_urlsafe())


class HandleBackend(BaseBackend):
    """Let in who knows a handle and its password; everybody else waits as long and learns nothing."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **others: Any,
    ) -> User | None:
        """Return the account, or None for a wrong password, an unknown handle and a closed account alike."""
        if username is None or password is None:
            return None
        nobodys()  # made once a process, for whomever comes first
        # Not iexact, which asks for upper case and would pass by the index that keeps handles unique.
        user = User.objects.alias(name=Lower("handle")).filter(name=normal(username), is_active=True).first()
        # Not User.check_password: that one saves a fresh hash when the hasher's settings have changed,
        # and a sign-in writes to no row of an account.
        is_right = check_password(password, nobodys() if user is None else user.password)
        return user if is_right else None

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session as long as it is open."""
        return User.objects.filter(pk=user_id, is_active=True).first()
