"""Since when nobody has asked for a page: kept in the browser, sealed, and never in a row.

A row that said when its visit was last used would say, beside a text, who wrote it.
"""

from __future__ import annotations

import base64
import binascii
import time

from django.conf import settings

from accounts.keys import SealError, seal, unseal

PURPOSE = "idle"
RENEWED_AFTER = 60  # seconds: more often, a stamp would only cost bytes
CLOCKS_DIFFER = 3_600  # seconds by which a stamp may lie ahead: a clock is set back now and then
_BYTES = 8


def stamp(visit: bytes) -> str:
    """Return what the browser of a visit keeps: this second, sealed, worth nothing beside another visit."""
    moment = int(time.time()).to_bytes(_BYTES, "big")
    return base64.urlsafe_b64encode(seal(settings.SESSION_KEYS, PURPOSE, moment, place=visit)).decode().rstrip("=")


def idle_seconds(cookie: str, visit: bytes) -> float | None:
    """Return how long ago a visit was stamped; None for a stamp that is missing, foreign or far ahead."""
    try:
        sealed = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
        moment = int.from_bytes(unseal(settings.SESSION_KEYS, PURPOSE, sealed, place=visit), "big")
    except (SealError, binascii.Error, ValueError):
        return None
    spent = time.time() - moment
    return spent if spent >= -CLOCKS_DIFFER else None
