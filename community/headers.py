"""What every answer tells the browser: load nothing from elsewhere, run nothing written into a page, use no device."""

from __future__ import annotations

from collections.abc import Mapping

from csp.constants import NONE, SELF
from django.conf import settings

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope "
        "magnetometer microphone midi payment picture-in-picture publickey-credentials-create "
        "publickey-credentials-get screen-wake-lock sync-xhr usb xr-spatial-tracking"
    ).split()
}
# Of an answer that loads nothing and shows nothing.
NOTHING = f"default-src {NONE}; frame-ancestors {NONE}; base-uri {NONE}"
# A page of ours is never shown inside another, not even inside one of ours.
INSIDE = frozenset({"iframe", "frame", "fencedframe", "embed", "object"})
OURS = frozenset({"same-origin", "none"})


def page_policy() -> str:
    """Return the policy of pages as one line."""
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in CONTENT_SECURITY_POLICY["DIRECTIVES"].items())


def bare(policy: str) -> dict[str, str]:
    """Return the headers of an answer that is made outside Django; those inside get the same from the middleware."""
    said = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS_POLICY),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if settings.SECURE_HSTS_SECONDS:
        said["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return said


def from_elsewhere(said: Mapping[str, str]) -> bool:
    """Say whether a browser asks for another site's page, or to show ours inside one.

    Browsers tell it by themselves and pages cannot change it (``Sec-Fetch-*``); who says nothing is no browser, or
    an old one. Following a link from elsewhere is welcome.
    """
    if said.get("sec-fetch-dest", "") in INSIDE:
        return True
    return said.get("sec-fetch-site", "none") not in OURS and said.get("sec-fetch-mode", "") != "navigate"
