"""The dispatcher: event streams are answered in the event loop, every page in Django's threads.

A thread is taken only when a request has arrived whole, so no slow or broken upload holds one.
Why pages do not run under Django's own ASGI handler: docs/decisions.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.utils.html import format_html
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from community.body import (
    AddressTooLongError,
    Header,
    HeadersTooLargeError,
    InTheOpenError,
    Message,
    Receive,
    RefusedError,
    Scope,
    Send,
    TooFastError,
    TooLargeError,
    drain,
    is_utf8,
    read_body,
)
from community.headers import bare, page_policy
from community.pace import RETRY_SECONDS, Pace
from community.without_tls import is_refused

App = Callable[[Scope, Receive, Send], Awaitable[None]]

PRINTABLE = bytes(range(0x21, 0x7F))
FRAMING = {b"content-length", b"transfer-encoding", b"cookie"}
# The longest address of ours is a search's; the most that a browser sends about itself is cookies, all of them small.
LONGEST_ADDRESS, MOST_HEADERS = 8 * 1024, 32 * 1024
WAY_OUT = "/leave/"
# Enough for a browser to finish sending and show why the text was too long; no more is read.
DRAIN_TIMES = 8

logger = logging.getLogger(__name__)


def plain(sentence: str, language: str) -> bytes:
    """Return a page that needs nothing but itself."""
    with override(language):
        return format_html(
            '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            "<title>{}</title><h1>{}</h1><p>{}</p>"
            '<p><a href="/">{}</a> <a href="/help-now/">{}</a> <a href="/leave/" rel="noreferrer">{}</a></p></html>\n',
            language,
            _("That did not work"),
            _("That did not work"),
            sentence,
            _("To the first page"),
            _("Help now"),
            _("Leave"),
        ).encode()


def dispatcher(pages: Callable[..., Any], live: App, refused: Callable[[str, str], bytes] = plain) -> App:
    """Return the ASGI application: `live` under /live/ and for the server's start and stop, else `pages`.

    What never reaches `pages` is answered with `refused(sentence, language)`.
    """
    bridge = cast("App", WSGIMiddleware(pages, workers=settings.WEB_THREADS))
    pace = Pace(settings.PAGES_AT_ONCE, settings.PAGES_A_MINUTE)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        elif is_refused(scope):
            await _refuse(InTheOpenError(), scope, receive, _Outlet(send, settings.BODY_SECONDS), refused)
        elif scope["path"].startswith("/live/"):
            await live(scope, receive, send)
        elif pace.allows(scope):
            await _page(bridge, scope, receive, _Outlet(send, settings.BODY_SECONDS), refused)
        else:
            await _refuse(TooFastError(), scope, receive, _Outlet(send, settings.BODY_SECONDS), refused)

    return application


class _Outlet:
    """Pass an answer on as it is made; when a client stops reading it, let the page end into nothing.

    A thread must not wait for ever for somebody who does not read.
    """

    __slots__ = ("_lost", "_seconds", "_send", "started")

    def __init__(self, send: Send, seconds: float) -> None:
        self._send = send
        self._seconds = seconds
        self._lost = False
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Send one message, unless the client was given up."""
        if self._lost:
            return
        self.started = True
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(message)
        except OSError:  # TimeoutError is one
            self._lost = True


async def _page(
    bridge: App, scope: Scope, receive: Receive, send: _Outlet, refused: Callable[[str, str], bytes]
) -> None:
    try:
        _refuse_size(scope)
        _refuse_nul(scope)
        _refuse_charset(scope)
        limit = settings.BODY_MAX_BYTES
        body = await read_body(scope, receive, limit=limit, seconds=settings.BODY_SECONDS)
    except RefusedError as refusal:
        await _refuse(refusal, scope, receive, send, refused)
        return
    try:
        await bridge(_clean(scope, len(body)), _at_once(body), send)
    except Exception as error:  # noqa: BLE001 - the last line: a traceback could hold a member's text
        logger.error("a page failed outside Django: %s", type(error).__name__)
        if not send.started:
            language = _language(scope)
            with override(language):
                sentence = _("Something went wrong on our side. Please try again in a moment.")
            await _answer(send, 500, plain(sentence, language))


def _refuse_size(scope: Scope) -> None:
    """Refuse an address or headers that nobody has a reason to send; the way out takes old cookies away."""
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        raise AddressTooLongError
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    if size > MOST_HEADERS and scope["path"] != WAY_OUT:
        raise HeadersTooLargeError


def _refuse_nul(scope: Scope) -> None:
    """Refuse a NUL byte, which PostgreSQL cannot store and no honest client sends."""
    if (
        "\0" in scope["path"]
        or b"%00" in scope["query_string"]
        or b"\0" in scope["query_string"]
        or any(b"\0" in name or b"\0" in value for name, value in scope["headers"])
    ):
        raise RefusedError


def _refuse_charset(scope: Scope) -> None:
    """Refuse any encoding but UTF-8; Django decodes by whatever it is told, and breaks where it cannot."""
    if not all(is_utf8(value.decode("latin-1")) for name, value in scope["headers"] if name == b"content-type"):
        raise RefusedError


def _clean(scope: Scope, length: int) -> Scope:
    """Return the scope as a page may see it: one true length, no disguised header, a query in ASCII."""
    query = scope["query_string"]
    if not query.isascii():
        query = quote_from_bytes(query, safe=PRINTABLE).encode("ascii")
    return {**scope, "headers": list(_clean_headers(scope["headers"], length)), "query_string": query}


def _clean_headers(headers: list[Header], length: int) -> Iterator[Header]:
    """Yield the headers; X_Forwarded_For would become the same variable as X-Forwarded-For, so it goes."""
    announced = False
    cookies = []
    for name, value in headers:
        if name == b"cookie":
            cookies.append(value)
        elif name in FRAMING:
            announced = True
        elif b"_" not in name:
            yield name, value
    if cookies:
        # HTTP/2 splits them, and the bridge would join them with a comma.
        yield b"cookie", b"; ".join(cookies)
    if announced or length:
        yield b"content-length", b"%d" % length


def _at_once(body: bytes) -> Receive:
    """Return a `receive` that gives the whole body in one message, as a coroutine the bridge can run."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _refuse(
    refusal: RefusedError, scope: Scope, receive: Receive, send: Send, refused: Callable[[str, str], bytes]
) -> None:
    language = _language(scope)
    with override(language):
        sentence = str(refusal.sentence)
    later = [(b"retry-after", b"%d" % RETRY_SECONDS)] if isinstance(refusal, TooFastError) else []
    await _answer(send, refusal.status, refused(sentence, language), *later)
    if isinstance(refusal, TooLargeError) and not any(name == b"expect" for name, _v in scope["headers"]):
        await drain(receive, limit=DRAIN_TIMES * settings.BODY_MAX_BYTES, seconds=settings.BODY_SECONDS)


def _language(scope: Scope) -> str:
    """Return the language that a page would have been in."""
    asked, headers = HttpRequest(), {name: value.decode("latin-1") for name, value in scope["headers"]}
    asked.COOKIES = parse_cookie(headers.get(b"cookie", "")[:LONGEST_ADDRESS])
    asked.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", "")
    return get_language_from_request(asked)


async def _answer(send: Send, status: int, page: bytes, *more: Header) -> None:
    """Answer with one page and end the connection, for what never reached Django."""
    headers = [
        *((name.lower().encode(), value.encode()) for name, value in bare(page_policy()).items()),
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(page)),
        (b"connection", b"close"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page})
