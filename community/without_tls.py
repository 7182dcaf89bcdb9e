"""Who comes without TLS, where SSL_REDIRECT asks for it: people are led on, programs refused, probes answered."""

from __future__ import annotations

import re

from django.conf import settings

from community.body import Scope

# Whoever wrote a program is to notice that it asks in the open; leading it on would hide that.
PROGRAMS = ("feed.atom", "advice/feed.atom", "sitemap.xml", "robots.txt", "transparency.csv")
# They tell nothing that is secret, and are asked on the machine itself, behind what speaks TLS.
PROBES = ("healthz", "readyz")
NOT_LED_ON = [f"^{re.escape(name)}$" for name in (*PROGRAMS, *PROBES)]


def is_refused(scope: Scope) -> bool:
    """Say whether a program asks without TLS for what needs it."""
    if not settings.SECURE_SSL_REDIRECT:
        return False
    path = scope["path"]
    return (path.lstrip("/") in PROGRAMS or path.startswith("/live/")) and not _is_secure(scope)


def _is_secure(scope: Scope) -> bool:
    """Say whether TLS was spoken: with the operator's proxy, when there is one, as Django reads it."""
    told = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    if settings.SECURE_PROXY_SSL_HEADER and told:
        return bool(told[0].partition(b",")[0].strip() == b"https")
    return bool(scope["scheme"] == "https")
