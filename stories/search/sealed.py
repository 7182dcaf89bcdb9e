"""What stands in the address of a search: the words and the place in the results, sealed.

The same words give the same address, so that any two visitors get the same bytes; it says how long the words are,
and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import struct

from django.conf import settings

from accounts.keys import SealError, seal, unseal

PURPOSE = "search address"
WORDS, PLACE = b"search words", b"search place"
_PLACE = struct.Struct(">dq")

Place = tuple[float, int]  # rank and position of the last story above


class NotSealedHere(ValueError):
    """An address that was not made here."""


def seal_words(typed: str) -> str:
    """Return what was typed as it stands in an address."""
    return _sealed(typed.encode(), WORDS)


def open_words(address: str) -> str:
    """Return what was typed; raise NotSealedHere."""
    return _opened(address, WORDS).decode()


def seal_place(place: Place) -> str:
    """Return a place in the results as it stands in an address."""
    return _sealed(_PLACE.pack(*place), PLACE)


def open_place(address: str) -> Place:
    """Return a place in the results; raise NotSealedHere."""
    rank, position = _PLACE.unpack(_opened(address, PLACE))
    return rank, position


def _sealed(plain: bytes, place: bytes) -> str:
    sealed = seal(settings.SESSION_KEYS, PURPOSE, plain, place=place, fixed=True)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _opened(address: str, place: bytes) -> bytes:
    try:
        sealed = base64.urlsafe_b64decode(address + "=" * (-len(address) % 4))
        return unseal(settings.SESSION_KEYS, PURPOSE, sealed, place=place)
    except (SealError, binascii.Error, ValueError) as error:
        raise NotSealedHere from error
