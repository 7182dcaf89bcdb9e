"""The site as its server runs it, with some addresses that fail with what was typed in their words."""

from __future__ import annotations

import os
import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
settings.ROOT_URLCONF = __name__

from community.asgi import application  # noqa: E402 - the addresses come first
from community.urls import handler400, handler403, handler404, handler500  # noqa: E402 - as above
from community.urls import urlpatterns as site  # noqa: E402 - as above
from stories.models import Revision  # noqa: E402 - as above

__all__ = ["application", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@csrf_exempt
def raises(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError(request.POST["text"])


@csrf_exempt
def violates(request: HttpRequest) -> HttpResponse:
    Revision.objects.update(text=request.POST["text"], role="nobody")
    return HttpResponse()


@csrf_exempt
def prints(request: HttpRequest) -> HttpResponse:
    sys.stderr.write(request.POST["text"] + "\n")
    return HttpResponse()


for view in (raises, violates, prints):
    view.login_required = False

urlpatterns = [
    *site,
    path("broken/raises/", raises),
    path("broken/violates/", violates),
    path("broken/prints/", prints),
]
