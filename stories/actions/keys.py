"""Whether the ownership key fits this database: without it posting stops, and reading goes on."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.keys import tag
from stories.models import KeyCheck
from stories.refusals import Refused


class WrongKey(Refused):
    """The ownership key does not fit this database: posting stops, reading goes on."""


class KeyCheckExists(Refused):
    """This database already knows its key."""


_known_keys: set[tuple[str, bytes]] = set()


def remember_key() -> None:
    """Write the value that later says whether the ownership key is the right one; once a database."""
    check = KeyCheck(purpose="ownership", value=_key_value(settings.OWNERSHIP_KEYS[-1]))
    try:
        with transaction.atomic():
            check.save(force_insert=True)
    except IntegrityError as error:
        raise KeyCheckExists from error


def check_key() -> None:
    """Raise WrongKey unless the ownership key fits this database; a yes is remembered by the process."""
    known = (str(connection.settings_dict["NAME"]), settings.OWNERSHIP_KEYS[-1])
    if known in _known_keys:
        return
    row = KeyCheck.objects.filter(purpose="ownership").first()
    if row is None or not hmac.compare_digest(bytes(row.value), _key_value(settings.OWNERSHIP_KEYS[-1])):
        raise WrongKey(_("We cannot take texts at the moment, and we are working on it. Nothing you typed is lost."))
    _known_keys.add(known)


def _key_value(key: bytes) -> bytes:
    return tag(key, "key check", b"ownership")
