"""How fast one network may read: kept in this process's memory, under a name that means nothing outside it."""

from __future__ import annotations

import ipaddress
import re
import secrets
import time
from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings

from community.body import Scope

# A person is told this; by then the network may read half a minute's worth of pages, not one.
RETRY_SECONDS = 30
# So many networks are remembered at the most, twice: forgetting one lets it read, which harms nobody.
NETWORKS = 32_768
# What a page needs, and what nobody may be kept from.
FREE = frozenset({"/help-now/", "/leave/", "/healthz", "/readyz"})

HERE = "127.0.0.1"
WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_key = secrets.token_bytes(32)


def caller_of(scope: Scope) -> Address | None:
    """Return the address that asks, as the operator's own proxy or the connection tells it; None when it is none."""
    told = (scope.get("client") or (HERE,))[0] or HERE
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        # The last one is the proxy's own word; those before it are the client's.
        passed_on = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        told = passed_on.rpartition(b",")[2].strip().decode("latin-1") or told
    with_port = WITH_PORT.fullmatch(told)  # as some proxies tell it
    try:
        known = ipaddress.ip_address(with_port[1] or with_port[2] if with_port else told)
    except ValueError:
        return None
    return getattr(known, "ipv4_mapped", None) or known


def network_of(caller: Address | None) -> bytes:
    """Return what stands for a network in this process and nowhere else; one house has a whole one of IPv6."""
    whole = b"" if caller is None else caller.packed[:8] if caller.version == 6 else caller.packed
    return blake2b(whole, key=_key, digest_size=16).digest()


class Pace:
    """So many pages at once, and then so many a minute: of each network by itself, never of all together."""

    def __init__(self, at_once: int, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._each = 60 / a_minute
        self._room = at_once * self._each
        self._now = now
        # Until when what a network has read is paid for. After as long as ``_room`` nobody owes anything any more,
        # so what was not touched for that long is forgotten whole.
        self._paid: dict[bytes, float] = {}
        self._before: dict[bytes, float] = {}
        self._turn = 0.0

    def __len__(self) -> int:
        return len(self._paid) + len(self._before)

    def allows(self, scope: Scope) -> bool:
        """Count a page and say whether it may be read.

        A text that is sent is never refused. Who asks from this very machine is counted by nobody: it may be an
        onion service. Nor is, before the operator said whether there is a proxy, who asks from a private network: it
        may be one, with all readers behind it.
        """
        if scope["method"] == "POST" or scope["path"] in FREE or scope["path"].startswith(settings.STATIC_URL):
            return True
        caller = caller_of(scope)
        may_be_all = caller and (caller.is_loopback or (caller.is_private and not settings.PROXY_DECIDED))
        return bool(may_be_all) or self._take(network_of(caller))

    def _take(self, network: bytes) -> bool:
        now = self._now()
        if now >= self._turn or len(self._paid) >= NETWORKS:
            self._before, self._paid, self._turn = self._paid, {}, now + self._room
        paid = max(now, self._paid.get(network) or self._before.get(network, 0.0)) + self._each
        if paid > now + self._room + self._each / 1_000:  # sums of fractions
            return False
        self._paid[network] = paid
        return True
