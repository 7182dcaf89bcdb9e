"""What somebody does on the pages of an account, and what that leaves in the database."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.http import HttpResponse
from django.test import Client

PASSWORD = "seven slow pelicans"
HALF = "quiet\ud800lantern"  # half a character
ADULT = {"age": "adult", "rules": "on", "privacy": "on", "password": PASSWORD}


def drawn(response: HttpResponse) -> tuple[str, str]:
    """Return the sign-in name that a page offers, and the same as its form carries it."""
    page = response.content.decode()
    shown = re.search(r'id="id_username" value="([^"]+)"', page)
    carried = re.search(r'name="handle" value="([^"]+)"', page)
    assert shown is not None
    assert carried is not None
    return shown[1], html.unescape(carried[1])


def join(client: Client, **changes: Any) -> tuple[str, HttpResponse]:
    """Open an account; return its sign-in name and the answer."""
    handle, carried = drawn(client.get("/accounts/signup/"))
    return handle, client.post("/accounts/signup/", ADULT | {"handle": carried} | changes)


def shown_codes(response: HttpResponse) -> list[str]:
    """Return the codes on a page."""
    return re.findall(r"<li><code>([^<]+)</code></li>", response.content.decode())


def sign_in(client: Client, handle: str, password: str, **kwargs: Any) -> HttpResponse:
    """Type name and password."""
    return client.post("/accounts/login/", {"login": handle, "password": password}, **kwargs)


def posted(client: Client, path: str, typed: dict[str, str]) -> HttpResponse:
    """Post a form whose bytes may be no text."""
    body = urlencode(typed, errors="surrogatepass")
    return client.generic("POST", path, body, content_type="application/x-www-form-urlencoded")


def code_now(secret: str) -> str:
    """Return what an authenticator app shows now; the code before it may stop to fit at any moment."""
    _last, now, _next = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def bare(response: HttpResponse) -> bytes:
    """Return a page without what differs on every load: the form's token and the drawn name."""
    page = re.sub(rb'(name="(?:csrfmiddlewaretoken|handle)" value=")[^"]+', rb"\1", response.content)
    return re.sub(rb'(id="id_username" value=")[^"]+', rb"\1", page)


def tables() -> list[str]:
    """Return every table of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def contents() -> dict[str, list[str]]:
    """Return every row of every table as PostgreSQL writes it."""
    found = {}
    with connection.cursor() as cursor:
        for name in tables():
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            found[name] = [row for (row,) in cursor.fetchall()]
    return found


def marks(*names: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return where each row lies and which transactions touched it, locks included."""
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            columns = "ctid::text, xmin::text, xmax::text, t::text"
            cursor.execute(f'SELECT {columns} FROM "{name}" t ORDER BY 4')
            found[name] = cursor.fetchall()
    return found
