"""The cookies of this site. Each ends with the browser at the latest; whoever goes leaves none behind."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MESSAGES, READING, THEME = (f"{settings.COOKIE_PREFIX}{name}" for name in ("messages", "reading", "theme"))
OURS = (
    settings.SESSION_COOKIE_NAME,
    settings.IDLE_COOKIE_NAME,
    settings.CSRF_COOKIE_NAME,
    settings.LANGUAGE_COOKIE_NAME,
    MESSAGES,
    READING,
    THEME,
)
# Our own pages are never kept by a browser, but what Back would bring up may be.
FORGET = '"cache", "storage"'


def take_all(request: HttpRequest, response: HttpResponse) -> None:
    """Take every cookie of ours away, and ask the browser to keep nothing of the visit.

    Only our own: a name that somebody else chose may be one that no answer can carry.
    """
    for name in OURS:
        if name in request.COOKIES:
            response.delete_cookie(name, samesite="Lax")
    response.headers["Clear-Site-Data"] = FORGET
