"""The pages for what did not work, in the look of the site."""

from __future__ import annotations

import sys
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import override
from structlog.contextvars import get_contextvars

from accounts.outage import is_away
from community.context import plain

RETRY_SECONDS = 20


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request could not be understood. It may be broken enough that nothing of it is used."""
    del request, exception
    return last_resort("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the page is for somebody else."""
    del exception
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here: the same page whether there never was, or not for this reader."""
    del exception
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke, or that the database does not answer and a moment helps."""
    del request
    if is_away(sys.exception()):
        response = last_resort("503.html", 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return last_resort("500.html", 500)


def elsewhere() -> HttpResponse:
    """Say that another site asked for this, and that nothing was done."""
    return last_resort("elsewhere.html", 403)


def last_resort(template: str, status: int) -> HttpResponse:
    """Render without the request, the session and the database: each may be what is broken."""
    return HttpResponse(_rendered(template, number=get_contextvars().get("request", "")), status=status)


@lru_cache(maxsize=64)
def refused(sentence: str, language: str) -> bytes:
    """Return the page for a request that never reached Django: so few are there that each is made once."""
    with override(language):
        return _rendered("refused.html", sentence=sentence).encode()


def _rendered(template: str, **more: object) -> str:
    return render_to_string(template, {**plain(), "user": AnonymousUser(), **more})
