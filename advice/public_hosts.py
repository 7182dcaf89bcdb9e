"""Which hosts and addresses elsewhere may be asked: names of the open internet, and public addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

LONGEST_URL = 2000
# Two parts at least, and the last begins with a letter: no number is a name, however it is spelled.
NAME = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# Names that mean something only within a house, or on another net.
INSIDE = ("localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "onion", "test")
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
UNIVERSAL = IPv6Network("2000::/3")
# What the library calls global, or has no word for, and what leads on to another address: relays from 6 to 4,
# addresses set aside for protocols (Teredo among them), and those for documents.
NOT_FOUR = tuple(IPv4Network(one) for one in ("192.0.0.0/24", "192.88.99.0/24"))
NOT_SIX = tuple(IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


class Unsafe(Exception):
    """An address is none that may be asked."""


@dataclass(frozen=True, slots=True)
class Target:
    """Hold what one request is for: the name of a host, and a path with its query, both in ASCII."""

    host: str
    path: str


def target(url: str) -> Target:
    """Take an https address apart; raise Unsafe for any other, and for one with a user, a port or a number in it."""
    if len(url) > LONGEST_URL or UNSEEN.search(url):
        raise Unsafe
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:
        raise Unsafe from error
    if parts.scheme != "https" or "@" in parts.netloc or port not in (None, 443):
        raise Unsafe
    if not NAME.fullmatch(host) or host.rpartition(".")[2] in INSIDE:
        raise Unsafe
    query = f"?{parts.query}" if parts.query else ""
    return Target(host, quote((parts.path or "/") + query, safe="/?%:@!$&'()*+,;=~"))


def is_public(text: str) -> bool:
    """Say whether an address (RFC 4291, RFC 6890) belongs to one host on the open internet, and stands for itself."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inside = address not in UNIVERSAL or address.scope_id or any(address in net for net in NOT_SIX)
    else:
        inside = address.is_multicast or address.is_reserved or any(address in net for net in NOT_FOUR)
    return address.is_global and not inside
