"""A small Django site behind the real dispatcher, run in a process of its own by the tests."""

import hashlib
import json
import os
from collections.abc import Iterator

from django.apps import AppConfig
from django.conf import settings


class Counts(AppConfig):
    """The app of the counts without the rest of the site, which needs more settings than these."""

    name = "community"


settings.configure(
    ALLAUTH_TRUSTED_PROXY_COUNT=int(os.environ.get("ECHO_PROXIED", "0")),
    ALLOWED_HOSTS=["*"],
    BODY_MAX_BYTES=1024 * 1024,
    BODY_SECONDS=1.5,
    # Half of so few may be streams.
    CONNECTIONS=2 * int(os.environ.get("ECHO_STREAMS", "50")),
    DATABASES={"default": json.loads(os.environ.get("ECHO_DATABASE", "{}"))},
    INSTALLED_APPS=[f"{__name__}.Counts"],
    LIVE_COALESCE_SECONDS=0.2,
    LIVE_HEARTBEAT_SECONDS=float(os.environ.get("ECHO_HEARTBEAT", "0.6")),
    LIVE_STREAMS_PER_ADDRESS=int(os.environ.get("ECHO_PER_ADDRESS", "1000")),
    MIDDLEWARE=[],
    PAGES_AT_ONCE=int(os.environ.get("ECHO_PAGES_AT_ONCE", "300")),
    PAGES_A_MINUTE=int(os.environ.get("ECHO_PAGES_A_MINUTE", "120")),
    PROXY_DECIDED=True,
    ROOT_URLCONF=__name__,
    SECRET_KEY="echo",
    STATIC_URL="/static/",
    USE_TZ=True,
    WEB_THREADS=4,
)

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings come first
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse  # noqa: E402 - as above
from django.urls import path, re_path  # noqa: E402 - as above

calls: list[str] = []


def count_calls(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"calls": len(calls)})


def unchanged(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": '"1"'})


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret text")


def pieces(request: HttpRequest) -> StreamingHttpResponse:
    def content() -> Iterator[bytes]:
        for number in range(int(request.GET["n"])):
            yield b"%07d\n" % number * 1024

    return StreamingHttpResponse(content(), content_type="text/plain")


def half(request: HttpRequest) -> StreamingHttpResponse:
    def content() -> Iterator[bytes]:
        yield b"first half"
        raise RuntimeError("a secret text")

    return StreamingHttpResponse(content(), headers={"Content-Length": "20"})


def echo(request: HttpRequest) -> HttpResponse:
    calls.append(request.path)
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "query": request.META["QUERY_STRING"],
            "length": len(request.body),
            "digest": hashlib.sha256(request.body).hexdigest(),
            "headers": {
                name: value
                for name, value in request.META.items()
                if name.startswith("HTTP_") or name == "CONTENT_LENGTH"
            },
        }
    )


urlpatterns = [
    path("calls/", count_calls),
    path("unchanged/", unchanged),
    path("broken/", broken),
    path("pieces/", pieces),
    path("half/", half),
    re_path("", echo),
]

django_pages = get_wsgi_application()


def pages(environ, start_response):
    if environ["PATH_INFO"] == "/outside/":
        raise RuntimeError("a secret text")
    return django_pages(environ, start_response)


async def quiet_live(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"live"})


from community.dispatch import dispatcher  # noqa: E402 - as above
from community.live import Live  # noqa: E402 - as above

application = dispatcher(pages, Live() if "ECHO_DATABASE" in os.environ else quiet_live)
