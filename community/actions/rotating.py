"""Moving everything that is sealed to the newest keys: one value at a time, in an order that says nothing.

Tags, marks and digests are no sealed values: whoever made them has to come back, or nobody ever can make them again.
What they need is told by ``needed``.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction

from accounts import adapters, passkeys, sessions
from accounts.keys import SealError, has_newest, seal, unseal
from accounts.models import ADDRESS, Reminder, Session
from moderation.models import Place, desk
from stories.actions import texts_by_key
from stories.models import Contribution
from stories.owners import PERSON_SEAL

KEEP = (
    "Keep every older key until {days} days are over (BACKUP_DAYS), and no backup from before is left: none opens "
    "without the keys of its day."
)
_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class Seal:
    """How values are sealed: under which keys (a setting's name), for what, and where."""

    keys: str
    purpose: str

    def is_new(self, sealed: bytes) -> bool:
        """Say whether a value is under the newest key."""
        return has_newest(getattr(settings, self.keys), self.purpose, sealed)

    def renewed(self, sealed: bytes, place: bytes) -> bytes:
        """Return the same value under the newest key; raise SealError when no key opens it."""
        keys: Sequence[bytes] = getattr(settings, self.keys)
        return seal(keys, self.purpose, unseal(keys, self.purpose, sealed, place=place), place=place)


@dataclass(frozen=True)
class Column:
    """A column of sealed bytes, and where each is sealed for."""

    rows: models.QuerySet[Any]
    name: str
    how: Seal
    place: Callable[[Any], bytes]

    def old(self) -> Iterator[Any]:
        """Yield the keys of the rows that are not under the newest key yet."""
        rows = self.rows.exclude(**{f"{self.name}__isnull": True}).values_list("pk", self.name)
        return (pk for pk, sealed in rows.iterator() if not self.how.is_new(bytes(sealed)))

    def renew(self, pk: Any) -> bool:
        """Seal one row's value anew; say whether there was something to do."""
        rows = self.rows.select_for_update().filter(pk=pk)
        sealed = rows.values_list(self.name, flat=True).first()
        if sealed is None or self.how.is_new(bytes(sealed)):
            return False
        renewed = self.how.renewed(bytes(sealed), self.place(pk))
        return bool(self.rows.filter(pk=pk).update(**{self.name: renewed}))


class Factors:
    """The secrets of second factors and passkeys, which lie in one column of words."""

    def old(self) -> Iterator[int]:
        """Yield the keys of the rows in which something is not under the newest key yet."""
        rows = Authenticator.objects.values_list("pk", "data")
        return (pk for pk, data in rows.iterator() if _is_old(pk, data))

    def renew(self, pk: int) -> bool:
        """Seal one row's values anew; say whether there was something to do."""
        factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
        data = renewed_factor(pk, factor.data) if factor else None
        if factor is None or data == factor.data:
            return False
        return bool(Authenticator.objects.filter(pk=pk).update(data=data))


FACTOR = Seal("SESSION_KEYS", adapters.PURPOSE)
PASSKEY = Seal("SESSION_KEYS", passkeys.PURPOSE)
COLUMNS: dict[str, Column | Factors] = {
    "Second factors": Factors(),
    "Visits": Column(Session.objects.all(), "payload", Seal("SESSION_KEYS", sessions.PURPOSE), bytes),
    "Addresses of who works here": Column(
        Place.objects.all(), "address", Seal("SESSION_KEYS", desk.PURPOSE), lambda pk: pk.bytes
    ),
    "Addresses for the reminder": Column(
        Reminder.objects.all(), "address", Seal("ADDRESS_KEYS", ADDRESS), lambda pk: pk.bytes
    ),
    "Texts": Column(
        Contribution.objects.all(), "person_seal", Seal("OWNERSHIP_KEYS", PERSON_SEAL), lambda pk: pk.bytes
    ),
}


def renewed_factor(pk: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return a factor's data with each sealed value in it under the newest key; the same when all are."""
    found = dict(data)
    for name in ("secret", "seed"):
        if name in found:
            found[name] = _renewed(found[name])
    if "migrated_codes" in found:
        found["migrated_codes"] = [_renewed(code) for code in found["migrated_codes"]]
    if isinstance(found.get("credential"), str):
        sealed = bytes.fromhex(found["credential"])
        if not PASSKEY.is_new(sealed):
            found["credential"] = PASSKEY.renewed(sealed, passkeys.place_of(pk)).hex()
    return found


def _is_old(pk: int, data: dict[str, Any]) -> bool:
    try:
        return renewed_factor(pk, data) != data
    except SealError:
        return True  # whoever renews it tells that no key opens it


def _renewed(written: str) -> str:
    sealed = base64.b64decode(written)
    return written if FACTOR.is_new(sealed) else base64.b64encode(FACTOR.renewed(sealed, adapters.PLACE)).decode()


def chosen(column: Column | Factors) -> list[Any]:
    """Return which rows of a column are to be sealed anew, in an order drawn at random."""
    rows = list(column.old())
    _shuffle(rows)
    return rows


def rotate(column: Column | Factors, rows: Iterable[Any], *, done: Callable[[int], None]) -> int:
    """Seal rows anew, each in a transaction of its own; return how many no key opened, which are left as they are.

    Killed at any moment, each row is as it was or as it will be; what is left is found by looking again.
    """
    closed = 0
    for pk in rows:
        try:
            with transaction.atomic():
                column.renew(pk)
        except SealError:
            closed += 1
        done(1)
    return closed


def needed() -> list[str]:
    """Say of each list with older keys how long those stay, all by one rule, and what they are still needed for."""
    told = {
        "OWNERSHIP_KEYS": "The last one stays: names in a thread, reactions, reports and saved stories need it. A text "
        f"moves to the newest when its owner next writes. {_by_key()}",
        "SESSION_KEYS": "Recovery codes made under the older ones work as long as these are kept: a code cannot be "
        "moved, who uses one gets new ones. So do visits begun under them, for "
        f"{sessions.most_weeks()} weeks at the most.",
        "ADDRESS_KEYS": "Links to end the reminder in mails that were sent before need the older ones.",
    }
    lines = [f"{name}: {words.strip()}" for name, words in told.items() if len(getattr(settings, name)) > 1]
    return [KEEP.format(days=settings.BACKUP_DAYS), *lines] if lines else []


def _by_key() -> str:
    """Say of each ownership key between the newest and the last how many texts need it."""
    needing, told = texts_by_key(), []
    for place, key in list(enumerate(settings.OWNERSHIP_KEYS, start=1))[1:-1]:
        still = f"is needed by {needing[key]} texts" if needing[key] else "may go then"
        told.append(f"Number {place} {still}.")
    return " ".join(told)
