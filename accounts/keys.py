"""Keys: one derived key a purpose, tags that nobody can join, and sealed columns.

HKDF-SHA256 (RFC 5869), HMAC-SHA256 (RFC 2104), AES-GCM-SIV (RFC 8452).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ADDRESS_BYTES = 256

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12


class SealError(Exception):
    """A sealed value was made under another key, for another place, or was altered."""


@lru_cache(maxsize=256)
def derive(key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose; keys of two purposes say nothing about each other."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def tag(key: bytes, purpose: str, *parts: bytes) -> bytes:
    """Return the 32-byte HMAC of the parts, each with its length in front, so that none can run over."""
    mac = hmac.new(derive(key, purpose), digestmod=hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(4, "big"))
        mac.update(part)
    return mac.digest()


def seal(keys: Sequence[bytes], purpose: str, plaintext: bytes, *, place: bytes, fixed: bool = False) -> bytes:
    """Encrypt under the newest key; ``place`` (table and row) is bound in, so a value cannot be moved.

    ``fixed`` gives the same bytes for the same input (RFC 8452 allows a repeated nonce and then shows
    only that two inputs are equal): for addresses that must not differ from one reader to the next.
    """
    key = derive(keys[0], purpose)
    nonce = bytes(_NONCE_BYTES) if fixed else secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + _key_id(key) + nonce + AESGCMSIV(key).encrypt(nonce, plaintext, place)


def unseal(keys: Sequence[bytes], purpose: str, sealed: bytes, *, place: bytes) -> bytes:
    """Decrypt under the key that the value names; raise SealError when that cannot be done."""
    head = len(_VERSION) + _KEY_ID_BYTES
    nonce, body = sealed[head : head + _NONCE_BYTES], sealed[head + _NONCE_BYTES :]
    for key in (derive(one, purpose) for one in keys):
        if sealed[:head] == _VERSION + _key_id(key):
            try:
                return AESGCMSIV(key).decrypt(nonce, body, place)
            except (InvalidTag, ValueError) as error:
                raise SealError("The value was altered or belongs elsewhere.") from error
    raise SealError("No key fits this value.")


def seal_address(keys: Sequence[bytes], purpose: str, address: str, *, place: bytes) -> bytes:
    """Encrypt an address of mail, made as long as every other one before."""
    return seal(keys, purpose, address.encode().ljust(ADDRESS_BYTES, b"\0"), place=place)


def unseal_address(keys: Sequence[bytes], purpose: str, sealed: bytes, *, place: bytes) -> str:
    """Return an address that ``seal_address`` sealed; raise SealError when that cannot be done."""
    return unseal(keys, purpose, sealed, place=place).rstrip(b"\0").decode()


def to_text(sealed: bytes) -> str:
    """Return a sealed value as it stands in an address or a form."""
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """Return the sealed value again; raise SealError for what is none."""
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise SealError("This is no sealed value.") from error


def has_newest(keys: Sequence[bytes], purpose: str, sealed: bytes) -> bool:
    """Say whether a value is sealed under the newest key."""
    head = _VERSION + _key_id(derive(keys[0], purpose))
    return sealed[: len(head)] == head


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:_KEY_ID_BYTES]
