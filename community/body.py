"""Reading of request bodies: whole, in the event loop, within a size and a time."""

import asyncio
import codecs
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from django.utils.functional import Promise
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext_lazy as _

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Header = tuple[bytes, bytes]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LONGEST_LENGTH = 18
# A slow connection that goes on sending is waited for this many times as long as one that says nothing.
PATIENCE = 4


class RefusedError(Exception):
    """Say that a request goes no further, with a status and a sentence that is safe to show."""

    status = 400
    sentence: Promise = _("The site could not read what your browser sent. Please go back and try again.")


class InTheOpenError(RefusedError):
    """Say that a program asks without TLS."""

    status = 403
    sentence = _("This address is for programs, and answers over HTTPS only.")


class TooFastError(RefusedError):
    """Say that a network has read so much that others would have to wait."""

    status = 429
    sentence = _(
        "Many pages were asked for from your network in a short time, perhaps by somebody else in it. So this one has"
        " to wait. Nothing is wrong, and nothing is lost. Please load this page again in half a minute. Help now and"
        " Leave open at once."
    )


class TooLargeError(RefusedError):
    """Say that a body is larger than the site takes."""

    status = 413
    sentence = _(
        "This is too long to send in one go, and nothing was stored. Please go back. If your text is still"
        " in the form, copy it to be safe, and send it in parts."
    )


class AddressTooLongError(RefusedError):
    """Say that an address is longer than any of the site's."""

    status = 414
    sentence = _("This address is longer than any of ours. Please go to the first page and look from there.")


class HeadersTooLargeError(RefusedError):
    """Say that a browser sends more about itself than the site takes."""

    status = 431
    sentence = _(
        "Your browser sent too much at once, and nothing was stored. If you wrote something, please go back first"
        " and copy your text. Then press Leave: it takes all cookies of this site away, which may have become too"
        " many, and ends your visit. After that, come back."
    )


class TooSlowError(RefusedError):
    """Say that a body did not arrive in time."""

    status = 408
    sentence = _(
        "The connection was too slow, and nothing was stored. Please do not go back: load this page again."
        " Your browser still has what you typed, and asks whether to send it once more."
    )


class CutShortError(RefusedError):
    """Say that a client left, or sent less or more than it announced."""

    sentence = _(
        "The connection broke before everything arrived, and nothing was stored. Please do not go back: load"
        " this page again. Your browser still has what you typed, and asks whether to send it once more."
    )


def is_utf8(content_type: str) -> bool:
    """Tell whether a body of this type is in the one encoding that the site reads."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset")
        return charset is None or codecs.lookup(charset).name == "utf-8"
    except (ValueError, LookupError):
        return False


def announced_length(headers: Iterable[Header]) -> int | None:
    """Return the announced length of a body in bytes, or None when its end is marked another way.

    Raises RefusedError where two readers could see two different ends (RFC 9112, section 6.3).
    """
    pairs = list(headers)
    codings = [value.strip().lower() for name, value in pairs if name == b"transfer-encoding"]
    lengths = {part.strip() for name, value in pairs if name == b"content-length" for part in value.split(b",")}
    if codings:
        if lengths or codings != [b"chunked"]:
            raise RefusedError
        return None
    if not lengths:
        return None
    digits = lengths.pop()
    if lengths or not digits.isdigit():
        raise RefusedError
    if len(digits) > LONGEST_LENGTH:
        raise TooLargeError
    return int(digits)


def _surely_empty(scope: Scope, length: int | None) -> bool:
    """Tell whether no body can follow; HTTP/2 may send one without announcing it."""
    if length is not None:
        return length == 0
    return scope["http_version"].startswith("1") and not any(
        name == b"transfer-encoding" for name, _value in scope["headers"]
    )


async def read_body(scope: Scope, receive: Receive, *, limit: int, seconds: float) -> bytes:
    """Return the whole body: at most `limit` bytes, with no pause of `seconds`; else raise RefusedError.

    However it trickles, it has arrived after PATIENCE times as long.
    """
    length = announced_length(scope["headers"])
    if _surely_empty(scope, length):
        return b""
    if length is not None and length > limit:
        raise TooLargeError
    try:
        async with asyncio.timeout(PATIENCE * seconds):
            body = await _gather(receive, limit, seconds)
    except TimeoutError:
        raise TooSlowError from None
    if length is not None and len(body) != length:
        raise CutShortError
    return body


async def _gather(receive: Receive, limit: int, seconds: float) -> bytes:
    body = bytearray()
    more = True
    while more:
        async with asyncio.timeout(seconds):
            message = await receive()
        if message["type"] != "http.request":
            raise CutShortError
        body += message.get("body", b"")
        if len(body) > limit:
            raise TooLargeError
        more = message.get("more_body", False)
    return bytes(body)


async def drain(receive: Receive, *, limit: int, seconds: float) -> None:
    """Read on and throw away, so that a client that is still sending gets to see the answer."""
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while size <= limit:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
