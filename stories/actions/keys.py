"""Whether the keys fit this database: without the ownership key posting stops, and reading goes on."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.keys import tag
from stories.models import KeyCheck
from stories.refusals import Refused

OWNERSHIP = "ownership"
# The last ownership key stays as long as the database: names in threads and marks are made with it. Of the others any
# in the list will do, since older ones may go.
SETTINGS = {OWNERSHIP: "OWNERSHIP_KEYS", "session": "SESSION_KEYS", "address": "ADDRESS_KEYS"}


class WrongKey(Refused):
    """The ownership key does not fit this database: posting stops, reading goes on."""


class KeyCheckExists(Refused):
    """This database already knows its keys."""


_known_keys: set[tuple[str, bytes]] = set()


def remember_key() -> None:
    """Write the values that later say whether the keys are the right ones; once a database."""
    known = set(KeyCheck.objects.values_list("purpose", flat=True))
    missing = {purpose: name for purpose, name in SETTINGS.items() if purpose not in known}
    if not missing:
        raise KeyCheckExists
    try:
        with transaction.atomic():
            for purpose, name in missing.items():
                value = _key_value(getattr(settings, name)[-1], purpose)
                KeyCheck(purpose=purpose, value=value).save(force_insert=True)
    except IntegrityError as error:
        raise KeyCheckExists from error


def remember_newest_keys() -> None:
    """Let the newest of the keys that may go one day be the one that the database knows; what is sealed has moved."""
    for purpose, name in SETTINGS.items():
        if purpose != OWNERSHIP:
            KeyCheck.objects.filter(pk=purpose).update(value=_key_value(getattr(settings, name)[0], purpose))


def check_key() -> None:
    """Raise WrongKey unless the ownership key fits this database; a yes is remembered by the process."""
    known = (str(connection.settings_dict["NAME"]), settings.OWNERSHIP_KEYS[-1])
    if known in _known_keys:
        return
    row = KeyCheck.objects.filter(purpose=OWNERSHIP).first()
    if row is None or not fits(OWNERSHIP, bytes(row.value)):
        raise WrongKey(_("We cannot take texts at the moment, and we are working on it. Nothing you typed is lost."))
    _known_keys.add(known)


def check_keys() -> list[str]:
    """Return the names of the settings whose keys do not fit this database."""
    known = {row.purpose: bytes(row.value) for row in KeyCheck.objects.all()}
    return [name for purpose, name in SETTINGS.items() if not fits(purpose, known.get(purpose, b""))]


def fits(purpose: str, value: bytes) -> bool:
    """Say whether a value was written under the keys of this purpose."""
    keys = getattr(settings, SETTINGS[purpose])
    asked = keys[-1:] if purpose == OWNERSHIP else keys
    return any(hmac.compare_digest(value, _key_value(key, purpose)) for key in asked)


def _key_value(key: bytes, purpose: str) -> bytes:
    return tag(key, "key check", purpose.encode())
