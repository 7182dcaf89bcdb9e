"""Asking an address elsewhere whether it answers, in a way that can never reach anything inside.

Only https on its own port. A name is resolved once, every address it has must be a public one, and the connection goes
to exactly the address that was looked at, with the name in the handshake. A redirect is a new address and is looked at
anew. Nothing that comes back is kept: not a body, not a cookie, nothing but whether it answered.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import ip_address
from threading import Timer
from urllib.parse import urljoin

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError

from advice.public_hosts import Target, Unsafe, is_public, target

MOST_REDIRECTS = 3
MOST_ADDRESSES = 4
# One read or one connection, and one link with all its redirects: in seconds.
WAIT, WAIT_IN_ALL = 5.0, 10.0
# The least time between two requests to one host, in seconds.
BETWEEN = 1.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# The page is there, and will not talk to a program.
SHY = frozenset({401, 403, 405, 406, 429})
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible)", "Accept": "text/html,*/*;q=0.5", "Connection": "close"}
TROUBLES: dict[str, Promise] = {
    "unsafe": _("It is no plain https address on the open internet, or leads to one that is not."),
    "name": _("Nobody knows that host."),
    "silent": _("It did not answer in time."),
    "refused": _("The host takes no connection."),
    "certificate": _("Its certificate does not hold."),
    "garbled": _("What it answered is no page."),
    "redirects": _("It leads on more than three times."),
    "missing": _("There is no such page there any more."),
    "broken": _("It answered with an error of its own."),
}

Resolve = Callable[[str], list[str]]
Dial = Callable[[str, int, float], socket.socket]


class Trouble(Exception):
    """Say in a code of TROUBLES why a link did not answer."""


def resolve(host: str) -> list[str]:
    """Ask the system for all addresses of a host; raise Trouble when there is none."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Trouble("name") from error
    return list(dict.fromkeys(str(address[0]) for *_rest, address in sorted(found, key=lambda one: one[0])))


def dial(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to an address; ValueError for a name, which is never looked up here."""
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    line.settimeout(seconds)
    try:
        line.connect((address, port))
    except BaseException:
        line.close()
        raise
    return line


class _Pinned(HTTPSConnection):
    """A connection that has the name in the handshake and goes to an address that was chosen before."""

    def __init__(self, host: str, *, line: socket.socket, context: ssl.SSLContext) -> None:
        super().__init__(host, 443, timeout=WAIT, ssl_context=context)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line


@dataclass(slots=True)
class Checker:
    """Ask links, one after the other, no host more than once a second. What it reaches out by can be replaced."""

    resolve: Resolve = resolve
    dial: Dial = dial
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    wait_in_all: float = WAIT_IN_ALL
    _free: dict[str, float] = field(default_factory=dict)

    def trouble(self, url: str) -> str:
        """Return a code of TROUBLES, or nothing when the link answered."""
        try:
            self._follow(url, end=self.clock() + self.wait_in_all)
        except Trouble as trouble:
            return str(trouble)
        except Unsafe:
            return "unsafe"
        return ""

    def _follow(self, url: str, *, end: float) -> None:
        for _hop in range(MOST_REDIRECTS + 1):
            status, location = self._hop(target(url), end=end)
            if status not in REDIRECTS or not location:
                return _judge(status)
            url = _joined(url, location)
        raise Trouble("redirects")

    def _hop(self, where: Target, *, end: float) -> tuple[int, str]:
        """Ask for the head of a page, and for the page where a host does not like that; return status and Location."""
        addresses = self._looked_at(where.host)
        try:
            status, location = self._ask("HEAD", where, addresses, end=end)
        except Trouble as trouble:
            if str(trouble) != "garbled":
                raise
            status, location = 500, ""
        return (status, location) if status < 400 else self._ask("GET", where, addresses, end=end)

    def _looked_at(self, host: str) -> list[str]:
        """Return the addresses of a host, once; one that is not public spoils them all."""
        addresses = self.resolve(host)
        if not addresses or not all(is_public(one) for one in addresses):
            raise Trouble("unsafe" if addresses else "name")
        return addresses[:MOST_ADDRESSES]

    def _ask(self, method: str, where: Target, addresses: list[str], *, end: float) -> tuple[int, str]:
        """Send one request; the body of the answer is not read."""
        self._wait_for(where.host)
        with self._line(addresses, end=end) as line:
            connection = _Pinned(where.host, line=line, context=self.context)
            try:
                connection.request(method, where.path, headers=HEADERS, preload_content=False)
                answer = connection.getresponse()
                if self.clock() >= end:
                    # What was cut off reads like what had ended.
                    raise TimeoutError
                return answer.status, str(answer.headers.get("Location", ""))
            except (HTTPException, HTTPError, OSError, ValueError) as error:
                late = isinstance(error, TimeoutError) or self.clock() >= end
                uncertain = isinstance(error, ssl.SSLCertVerificationError)
                raise Trouble("silent" if late else "certificate" if uncertain else "garbled") from error
            finally:
                connection.close()

    def _wait_for(self, host: str) -> None:
        """Wait until the host may be asked again."""
        self.sleep(max(self._free.get(host, 0.0) - self.clock(), 0.0))
        self._free[host] = self.clock() + BETWEEN

    @contextmanager
    def _line(self, addresses: list[str], *, end: float) -> Iterator[socket.socket]:
        """Connect to the first address that takes it, and hang up when the time is over, whatever goes on then."""
        line = self._dialled(addresses, end=end)
        # A second handle on the line: the handshake takes the first one over.
        handle = line.dup()
        bell = Timer(max(end - self.clock(), 0.0), _hang_up, [handle])
        bell.daemon = True
        bell.start()
        try:
            yield line
        finally:
            bell.cancel()
            handle.close()
            line.close()

    def _dialled(self, addresses: list[str], *, end: float) -> socket.socket:
        trouble = "silent"
        for address in addresses:
            left = end - self.clock()
            if left <= 0:
                break
            try:
                return self.dial(address, 443, min(WAIT, left))
            except TimeoutError:
                trouble = "silent"
            except OSError:
                trouble = "refused"
        raise Trouble(trouble)


def _judge(status: int) -> None:
    """Raise Trouble when a status says that there is no page."""
    if 200 <= status < 300 or status in SHY:
        return
    raise Trouble("missing" if status in (404, 410) else "broken")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Unsafe from error


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
