"""The short messages that wait for the next page, in a cookie of this very host."""

from __future__ import annotations

from django.contrib.messages.storage import cookie

from accounts.cookies import MESSAGES


class CookieStorage(cookie.CookieStorage):
    """Keep them as Django does, under a name that a browser takes from no other host."""

    cookie_name = MESSAGES
