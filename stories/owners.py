"""Whose text it is, without a link: tags that only the holder of the key can join.

An owner is an account or a receipt. Each has a secret; a text carries the HMAC of that secret and of a
number drawn at random from a fixed window. Nothing says which number, nor how many are taken.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.keys import derive, seal, tag, unseal

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no letter or digit that is read as another
CODE_LENGTH = 24  # 24 of 31 characters: 118 bits
CODE_GROUP = 4


class BadCode(ValueError):
    """What was typed cannot be a receipt code."""


@dataclass(frozen=True)
class Owner:
    """Somebody who may see and change certain texts; ``secret`` never leaves memory."""

    secret: bytes
    is_receipt: bool

    @classmethod
    def of_account(cls, user: User) -> Owner:
        """Return the owner that an account is."""
        return cls(bytes(user.owner_secret), is_receipt=False)

    @classmethod
    def of_code(cls, code: str) -> Owner:
        """Return the owner that a receipt code is; raise BadCode for what cannot be one."""
        return cls(b"receipt " + normal_code(code).encode(), is_receipt=True)

    def draw_tag(self) -> bytes:
        """Return one of the window's tags under the newest key, at random."""
        return self._tag(settings.OWNERSHIP_KEYS[0], secrets.randbelow(settings.OWNER_WINDOW))

    def tags(self) -> list[bytes]:
        """Return every tag that a text of this owner may carry: the window under each key."""
        return [
            self._tag(key, number) for key in settings.OWNERSHIP_KEYS for number in range(settings.OWNER_WINDOW)
        ]

    def seal_person(self, contribution_id: UUID) -> bytes:
        """Return the person tag, sealed with a fresh nonce: noise, but for the job that counts people."""
        person = tag(settings.OWNERSHIP_KEYS[-1], "person", self.secret)
        return seal(settings.OWNERSHIP_KEYS, "person seal", person, place=contribution_id.bytes)

    def mark(self, contribution_id: UUID) -> str:
        """Return what a form carries so that a later sign-in of somebody else is noticed."""
        return tag(settings.OWNERSHIP_KEYS[0], "form", self.secret, contribution_id.bytes).hex()[:32]

    def _tag(self, key: bytes, number: int) -> bytes:
        return hmac.digest(derive(key, "owner"), number.to_bytes(4, "big") + self.secret, "sha256")


def new_code() -> str:
    """Return a new receipt code of 118 random bits, in groups that are easy to write down."""
    return "-".join(_groups("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))))


def normal_code(code: str) -> str:
    """Return a typed code without spaces, dashes and case; raise BadCode when it cannot be one."""
    bare = "".join(code.split()).replace("-", "").replace("–", "").lower()
    if len(bare) != CODE_LENGTH or not set(bare) <= set(CODE_ALPHABET):
        raise BadCode
    return bare


def grouped_code(code: str) -> str:
    """Return a typed code as it is written down, in groups; raise BadCode when it cannot be one."""
    return "-".join(_groups(normal_code(code)))


def person_of(contribution_id: UUID, sealed: bytes) -> bytes:
    """Return the person tag of a text; raise SealError under a wrong key."""
    return unseal(settings.OWNERSHIP_KEYS, "person seal", sealed, place=contribution_id.bytes)


def _groups(bare: str) -> Iterator[str]:
    for start in range(0, len(bare), CODE_GROUP):
        yield bare[start : start + CODE_GROUP]
