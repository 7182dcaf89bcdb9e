"""Whose text it is, without a link: tags that only the holder of the key can join.

An owner is an account or a receipt. Each has a secret; a text carries the HMAC of that secret and of a
number drawn at random from a fixed window. Nothing says which number, nor how many are taken.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.codes import normal_code
from accounts.keys import derive, seal, tag, unseal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User

PERSON_SEAL = "person seal"
PERSON_BYTES = 32


@dataclass(frozen=True)
class Owner:
    """Somebody who may see and change certain texts; ``secret`` and ``account`` never leave memory."""

    secret: bytes
    is_receipt: bool
    account: UUID | None = None

    @classmethod
    def of_account(cls, user: User) -> Owner:
        """Return the owner that an account is."""
        return cls(bytes(user.owner_secret), is_receipt=False, account=user.pk)

    @classmethod
    def of_code(cls, code: str) -> Owner:
        """Return the owner that a receipt code is; raise BadCode for what cannot be one."""
        return cls(b"receipt " + normal_code(code).encode(), is_receipt=True)

    def draw_tag(self) -> bytes:
        """Return one of the window's tags under the newest key, at random."""
        return secrets.choice(self._tags(settings.OWNERSHIP_KEYS[0]))

    def tags(self) -> list[bytes]:
        """Return every tag that a text of this owner may carry: the window under each key."""
        return [one for key in settings.OWNERSHIP_KEYS for one in self._tags(key)]

    def is_newest(self, owner_tag: bytes) -> bool:
        """Say whether a tag of this owner is under the newest key."""
        newest, *older = settings.OWNERSHIP_KEYS
        return not older or owner_tag in self._tags(newest)

    def seal_person(self, contribution_id: UUID) -> bytes:
        """Return the person tag and the name of the key of the text's tag, sealed with a fresh nonce.

        It is noise, but for the jobs that count people, and texts that still need a key.
        """
        person = tag(settings.OWNERSHIP_KEYS[-1], "person", self.secret) + name_of_key(settings.OWNERSHIP_KEYS[0])
        return seal(settings.OWNERSHIP_KEYS, PERSON_SEAL, person, place=contribution_id.bytes)

    def mark(self, contribution_id: UUID) -> str:
        """Return what a form carries so that a later sign-in of somebody else is noticed."""
        return tag(settings.OWNERSHIP_KEYS[0], "form", self.secret, contribution_id.bytes).hex()[:32]

    def voice(self, story_id: UUID) -> bytes:
        """Return what all texts of this owner in one thread share, and no other text of theirs."""
        return tag(settings.OWNERSHIP_KEYS[-1], "voice", self.secret, story_id.bytes)

    def once(self, act: str, contribution_id: UUID) -> bytes:
        """Return the mark by which one kind of act (reaction, saved, report) is done once an owner and text."""
        return tag(settings.OWNERSHIP_KEYS[-1], f"{act} mark", self.secret, contribution_id.bytes)

    def draw_saved_tag(self) -> bytes:
        """Return one of the window's tags for saved items at random, under the key of their marks."""
        return secrets.choice(self._tags(settings.OWNERSHIP_KEYS[-1], label="saved"))

    def saved_tags(self) -> list[bytes]:
        """Return every tag that a saved item of this owner may carry."""
        return [*self._tags(settings.OWNERSHIP_KEYS[-1], label="saved")]

    @property
    def lock(self) -> int:
        """Return the number under which the database lets one act on all texts of this owner at a time."""
        return int.from_bytes(tag(settings.OWNERSHIP_KEYS[-1], "lock", self.secret)[:8], "big", signed=True)

    def _tags(self, key: bytes, *, label: str = "owner") -> Sequence[bytes]:
        return _window(derive(key, label), self.secret, settings.OWNER_WINDOW)


@lru_cache(maxsize=16)
def _window(key: bytes, secret: bytes, size: int) -> Sequence[bytes]:
    """Return the HMAC of each number of the window and a secret: 2 ms, which one request would spend several times."""
    keyed, tags = hmac.new(key, digestmod="sha256"), []
    for number in range(size):
        mac = keyed.copy()
        mac.update(number.to_bytes(4, "big") + secret)
        tags.append(mac.digest())
    return tuple(tags)


def nobody() -> Owner:
    """Return an owner that nobody is."""
    return Owner(secrets.token_bytes(32), is_receipt=False)


def person_of(contribution_id: UUID, sealed: bytes) -> bytes:
    """Return the person tag of a text; raise SealError under a wrong key."""
    return unseal(settings.OWNERSHIP_KEYS, PERSON_SEAL, sealed, place=contribution_id.bytes)[:PERSON_BYTES]


def key_of(contribution_id: UUID, sealed: bytes) -> bytes:
    """Return the name of the key under which a text's tag is; raise SealError under a wrong key."""
    return unseal(settings.OWNERSHIP_KEYS, PERSON_SEAL, sealed, place=contribution_id.bytes)[PERSON_BYTES:]


def name_of_key(key: bytes) -> bytes:
    """Return by what an ownership key is known among others."""
    return tag(key, "name")[:4]
