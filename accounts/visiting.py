"""Around every request: the session with its sealed stamp, and the end of a visit that nobody used for long."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.idle import RENEWED_AFTER, idle_seconds, stamp
from accounts.limits import limit_of, network_of
from accounts.sessions import SessionStore

View = TypeVar("View", bound=Callable[..., Any])
OPENS_A_SEND = 50  # how many visits may begin, each with a row of its own, for each time a visitor may send
REFUSED = 400
logger = logging.getLogger(__name__)


def asked_by_a_page(view: View) -> View:
    """Mark a view that an open page asks for by itself: that is no sign that somebody sits before it."""
    view.__dict__["is_asked_by_a_page"] = True
    return view


def may_begin(request: HttpRequest) -> bool:
    """Count a visit that begins for somebody new, and say whether their network may still begin one.

    A form that another site's page sends begins none: it comes without our cookie, and a new one would take the
    place of the visit that is open in this browser.
    """
    if comes_from_elsewhere(request):
        return False
    return limit_of("opens", OPENS_A_SEND * settings.VISITOR_POSTS_AN_HOUR).allow(network_of(request))


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Say whether a form is another site's; older browsers tell only the place it comes from."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if request.method != "POST" or origin in settings.CSRF_TRUSTED_ORIGINS:
        return False
    if site is not None:
        return site not in {"same-origin", "none"}
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


class VisitMiddleware(SessionMiddleware):
    """Django's own, for visits that end when they were idle for too long; the row says nothing of that."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its session; without a fitting stamp it opens none."""
        key, sealed = request.COOKIES.get(settings.SESSION_COOKIE_NAME), request.COOKIES.get(settings.IDLE_COOKIE_NAME)
        request.session = SessionStore(key, stamp=sealed or "")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep what changed, remove what ended, renew the stamp."""
        try:
            answer = super().process_response(request, response)
        except (SessionInterrupted, DatabaseError, InterfaceError) as error:
            request.session.modified = False
            if response.status_code < REFUSED:  # a page that refuses says so, and gives back what was typed
                if not isinstance(error, SessionInterrupted):
                    raise
                response = redirect("account_login")  # the visit was ended in this very moment, as with its account
            answer = super().process_response(request, response)
        store: Any = request.session
        if store.ended is not None and request.method in {"GET", "HEAD"}:
            _remove(store)
        if store.accessed:
            _stamp(request, store, answer)
        return answer


def _remove(store: SessionStore) -> None:
    """Remove an ended visit's row: never beside a text, so only when a page is fetched."""
    try:
        store.remove_ended()
    except (DatabaseError, InterfaceError):
        logger.warning("an ended visit was not removed: the database did not answer; its row ends with its week")


def _stamp(request: HttpRequest, store: SessionStore, answer: HttpResponse) -> None:
    """Give the browser of a visit a new stamp where it needs one, and take it from who has no visit."""
    name, brought = settings.IDLE_COOKIE_NAME, request.COOKIES.get(settings.IDLE_COOKIE_NAME, "")
    if store.session_key is None:
        if brought:
            answer.delete_cookie(name, samesite="Lax")
        return
    if store.name is None:
        return  # the database did not answer, so nothing is known of it
    idle = idle_seconds(brought, store.name)
    match = request.resolver_match
    is_fresh = idle is not None and 0 <= idle < RENEWED_AFTER
    if is_fresh or (idle is not None and getattr(match and match.func, "is_asked_by_a_page", False)):
        return
    answer.set_cookie(name, stamp(store.name), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
