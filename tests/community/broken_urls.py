"""The site's addresses, and some that fail in the ways a page can fail."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.models import User
from community.urls import handler400, handler403, handler404, handler500
from community.urls import urlpatterns as site
from stories.models import Revision
from tests import make

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

PLANTED = "the planted words that no log may hold"


@login_not_required
def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError(PLANTED)


@login_not_required
def refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(PLANTED)


@login_not_required
def violates(request: HttpRequest) -> HttpResponse:
    draft = make.draft()
    Revision.objects.filter(pk=draft.pk).update(text=PLANTED, role="nobody")
    return HttpResponse()


@login_not_required
def misses(request: HttpRequest) -> HttpResponse:
    """Look for somebody who is not there: another than who asks."""
    return HttpResponse(User.objects.get(handle=PLANTED))


@login_not_required
def echoes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("text", ""), content_type="text/plain")


urlpatterns = [
    *site,
    path("broken/breaks/", breaks, name="breaks"),
    path("broken/refuses/", refuses, name="refuses"),
    path("broken/violates/", violates, name="violates"),
    path("broken/misses/", misses, name="misses"),
    path("broken/echoes/", echoes, name="echoes"),
]
