"""What no request that writes a text may do, done on purpose: the tests prove that it is noticed."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from accounts.models import User

Answer = Callable[[HttpRequest], HttpResponse]


def session(get_response: Answer) -> Answer:
    """Save the session around every request, as a sliding sign-in would."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        request.session.save()
        return response

    return middleware


def account(get_response: Answer) -> Answer:
    """Touch the account's row, as a last visit would."""

    def middleware(request: HttpRequest) -> HttpResponse:
        User.objects.filter(is_active=True).update(is_active=True)
        return get_response(request)

    return middleware


def limit(get_response: Answer) -> Answer:
    """Count the request in the shared table of limits."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cache.set("planted", 1)
        return get_response(request)

    return middleware


def wish(get_response: Answer) -> Answer:
    """Leave something in the session for its middleware to save, from inside the posting middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.session.modified = True if request.method == "GET" else request.session.modified
        response = get_response(request)
        request.session["planted"] = 1
        return response

    return middleware
