"""Whether the keys fit this database: without the ownership key posting stops, and reading goes on."""

from __future__ import annotations

import hmac
from collections import Counter
from contextlib import suppress

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.keys import SealError, tag
from stories.models import EMPTIED, Contribution, KeyCheck, Revision
from stories.owners import key_of, name_of_key
from stories.refusals import Refused

OWNERSHIP = "ownership"
BETWEEN = "ownership between"
# The last ownership key stays as long as the database: names in threads and marks are made with it. Those before it
# stay as long as a text needs them. Of the others any in the list will do, since older ones may go.
SETTINGS = {
    OWNERSHIP: "OWNERSHIP_KEYS",
    "session": "SESSION_KEYS",
    "address": "ADDRESS_KEYS",
    BETWEEN: "OWNERSHIP_KEYS",
}
# Of these every key may go one day, or be lost, and the site goes on.
FREE = {name: purpose for purpose, name in SETTINGS.items() if name != SETTINGS[OWNERSHIP]}
VALUE_BYTES = 32


class WrongKey(Refused):
    """The ownership key does not fit this database: posting stops, reading goes on."""


class KeyCheckExists(Refused):
    """This database already knows its keys, or other ones."""


_known_keys: set[tuple[str | bytes, ...]] = set()


def remember_key() -> None:
    """Write the values that later say whether the keys are the right ones: once a database, and a new ownership key."""
    known = set(KeyCheck.objects.values_list("purpose", flat=True))
    missing = {purpose: name for purpose, name in SETTINGS.items() if purpose not in {*known, BETWEEN}}
    try:
        with transaction.atomic():
            for purpose, name in missing.items():
                value = _key_value(getattr(settings, name)[-1], purpose)
                KeyCheck(purpose=purpose, value=value).save(force_insert=True)
            is_new = remember_newest_key()
    except IntegrityError as error:
        raise KeyCheckExists from error
    if not missing and not is_new:
        raise KeyCheckExists


@transaction.atomic
def remember_newest_key() -> bool:
    """Let the database know a new ownership key beside the older ones, when those fit; say whether it was new."""
    list(KeyCheck.objects.select_for_update().filter(pk=OWNERSHIP))  # one at a time
    between = _known().get(BETWEEN, b"")
    newest = settings.OWNERSHIP_KEYS[0]
    if _lacking() or _knows(newest, between):
        return False
    KeyCheck.objects.update_or_create(purpose=BETWEEN, defaults={"value": between + _key_value(newest, BETWEEN)})
    return True


def remember_newest_keys(*, also_ownership: bool) -> None:
    """Let the newest of the keys that may go one day be the one that the database knows; what opens has moved.

    Of the ownership keys it knows the newest, and each that a text still needs; ``also_ownership`` forgets the others.
    """
    for name in FREE:
        remember_anew(name)
    if not also_ownership:
        return
    needing, newest = texts_by_key(), settings.OWNERSHIP_KEYS[0]
    kept = [key for key in settings.OWNERSHIP_KEYS[:-1] if key == newest or needing[key]]
    value = b"".join(_key_value(key, BETWEEN) for key in kept)
    KeyCheck.objects.update_or_create(purpose=BETWEEN, defaults={"value": value})


def remember_anew(name: str) -> None:
    """Let the newest key of a list be the one that the database knows, whichever it was: that one may be lost."""
    purpose = FREE[name]
    value = _key_value(getattr(settings, name)[0], purpose)
    KeyCheck.objects.update_or_create(purpose=purpose, defaults={"value": value})


def texts_by_key() -> Counter[bytes]:
    """Count the texts, as long as a word of them is here, by the ownership key under which their owner finds them."""
    words = Revision.objects.filter(contribution=OuterRef("pk")).exclude(salt=EMPTIED)
    texts = Contribution.objects.filter(Exists(words)).values_list("pk", "person_seal")
    names = {name_of_key(key): key for key in settings.OWNERSHIP_KEYS}
    found = Counter[bytes]()
    for pk, sealed in texts.iterator():
        with suppress(SealError):  # told by whoever opens them
            found[names.get(key_of(pk, bytes(sealed)), b"")] += 1
    return found


def check_key() -> None:
    """Raise WrongKey unless the ownership keys fit this database, which knows the newest; the process remembers a yes.

    What is written under a key that the database does not know would be lost unseen with that key.
    """
    known: tuple[str | bytes, ...] = (str(connection.settings_dict["NAME"]), *settings.OWNERSHIP_KEYS)
    if known in _known_keys:
        return
    if _lacking() or not knows_newest():
        raise WrongKey(_("We cannot take texts at the moment, and we are working on it. Nothing you typed is lost."))
    _known_keys.add(known)


def check_keys() -> list[str]:
    """Return the names of the settings whose keys do not fit this database."""
    known = _known()
    wrong = [name for purpose, name in SETTINGS.items() if not fits(purpose, known.get(purpose, b""))]
    return list(dict.fromkeys(wrong))


def lacks_a_key() -> bool:
    """Say whether the last ownership key is there, and one before it, which texts still need, is not."""
    return _lacking() == [BETWEEN]


def knows_newest() -> bool:
    """Say whether the newest ownership key is among those that the database knows, so that its loss would be told."""
    return _knows(settings.OWNERSHIP_KEYS[0], _known().get(BETWEEN, b""))


def fits(purpose: str, value: bytes) -> bool:
    """Say whether a value was written under the keys of this purpose."""
    keys = getattr(settings, SETTINGS[purpose])
    if purpose == BETWEEN:
        return _values(value) <= {_key_value(key, purpose) for key in keys}
    asked = keys[-1:] if purpose == OWNERSHIP else keys
    return any(hmac.compare_digest(value, _key_value(key, purpose)) for key in asked)


def _known() -> dict[str, bytes]:
    return {row.purpose: bytes(row.value) for row in KeyCheck.objects.all()}


def _lacking() -> list[str]:
    """Return for which of its two purposes the list of ownership keys lacks one."""
    known = _known()
    return [purpose for purpose in (OWNERSHIP, BETWEEN) if not fits(purpose, known.get(purpose, b""))]


def _knows(newest: bytes, between: bytes) -> bool:
    return newest == settings.OWNERSHIP_KEYS[-1] or _key_value(newest, BETWEEN) in _values(between)


def _values(joined: bytes) -> set[bytes]:
    return {joined[start : start + VALUE_BYTES] for start in range(0, len(joined), VALUE_BYTES)}


def _key_value(key: bytes, purpose: str) -> bytes:
    return tag(key, "key check", purpose.encode())
