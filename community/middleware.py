"""What happens around every page: the one log line, the headers that keep it private, and what is refused."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from structlog.contextvars import bind_contextvars, clear_contextvars

from accounts.keeping import is_open, says_closed
from community import problems
from community.body import is_utf8
from community.headers import OURS, from_elsewhere
from community.logs import route_of
from stories.posting import give_back_without_nul

GetResponse = Callable[[HttpRequest], HttpResponse]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# After a limit on tries, and while the database or a key is away.
WAIT_SECONDS = {429: 300, 503: problems.RETRY_SECONDS}
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

logger = logging.getLogger(__name__)


def request_log(get_response: GetResponse) -> GetResponse:
    """Write one line a page: number of the request, route, status, milliseconds; nothing about who asked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        clear_contextvars()
        bind_contextvars(request=secrets.token_hex(6))
        begun = time.monotonic()
        response = get_response(request)
        if not request.path_info.startswith(settings.STATIC_URL):
            spent = round((time.monotonic() - begun) * 1000)
            logger.info("page", extra={"route": route_of(request), "status": response.status_code, "ms": spent})
        return response

    return middleware


def private_headers(get_response: GetResponse) -> GetResponse:
    """Keep every page that is made on request out of all caches, and every answer out of other sites' reach.

    Whoever is asked to wait is told how long.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code in WAIT_SECONDS:
            response.headers.setdefault("Retry-After", str(WAIT_SECONDS[response.status_code]))
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.path_info.startswith(settings.STATIC_URL) and response.status_code in {200, 206, 304}:
            return response
        response.headers["Cache-Control"] = "no-store"
        # It would keep an old answer apart from nothing: no answer is kept.
        del response.headers["Expires"]
        return response

    return middleware


def explain_method(get_response: GetResponse) -> GetResponse:
    """Say in the site's look that an address cannot be used in this way; Django's own answer is empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = problems.last_resort("405.html", 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


class RefuseElsewhere:
    """Refuse what another site's page asks for, and to be shown inside a page.

    A form with a token that comes from elsewhere is left to the check of tokens, which gives its text back.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = {name.lower(): value for name, value in request.headers.items()}
        return problems.elsewhere() if from_elsewhere(told) else self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer in the place of a view that asks for no token."""
        del args, kwargs
        if request.method in SAFE or not getattr(view, "csrf_exempt", False):
            return None
        return None if request.headers.get("Sec-Fetch-Site", "none") in OURS else problems.elsewhere()


def refuse_charset(get_response: GetResponse) -> GetResponse:
    """Refuse any encoding but UTF-8: another one could write a NUL, or half a character, in plain letters."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_utf8(request.META.get("CONTENT_TYPE", "")):
            raise BadRequest("charset")
        return get_response(request)

    return middleware


class RefuseNul:
    """Refuse a NUL character anywhere: PostgreSQL cannot store one, and no honest client sends one.

    A form that holds somebody's text is given back without it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or b"\0" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
            raise BadRequest("NUL")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer in the place of a view that would be given one."""
        del view, args, kwargs
        if not _form_holds_nul(request):
            return None
        answer = give_back_without_nul(request)
        if answer is None:
            raise BadRequest("NUL")
        return answer


class SignInRequired(LoginRequiredMiddleware):
    """Ask for a sign-in everywhere but on public pages; on those, not even ask who somebody is.

    Django's own asks first, and with that the database: help and the way out must do without it.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let public pages through, else do as Django does."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead to the sign-in who asked for something in the moment in which the account went."""
        if not says_closed(exception) or is_open(request.user):
            return None
        request.session.modified = False  # its row went with the account
        return redirect("account_login")


def _form_holds_nul(request: HttpRequest) -> bool:
    if request.method != "POST" or request.content_type not in FORMS:
        return False
    try:
        body = request.body
    except RequestDataTooBig:
        # The page that asks for the fields refuses it with its own words.
        return False
    if b"\0" in body or (request.content_type == FORMS[0] and b"%00" in body):
        return True
    # A part of a form may be written in base64.
    fields = request.POST.lists() if request.content_type == FORMS[1] else ()
    return any("\0" in value for _name, values in fields for value in values)
