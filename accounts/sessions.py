"""The session store: a copy of its table opens no session and names nobody.

The cookie's value is never stored, only a keyed digest of it; the payload is sealed and bound to
that digest; the only date is the end of a week. Django's SESSION_ENGINE names this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, router, transaction
from django.utils import timezone

from accounts.keys import SealError, seal, tag, unseal
from accounts.models import Session

PURPOSE = "session payload"


def digest_of(session_key: str) -> bytes:
    """Return the 32-byte name under which a session is kept."""
    return tag(settings.SESSION_KEYS[-1], "session digest", session_key.encode())


def week_end(today: date) -> date:
    """Return the Sunday that ends the last of the weeks a session lasts."""
    return today + timedelta(days=6 - today.weekday(), weeks=settings.SESSION_WEEKS)


class SessionStore(SessionBase):
    """Django's session interface over the sealed table; ``wrote`` says whether a row was touched."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.wrote = False

    def load(self) -> dict[str, Any]:
        """Return the payload, or start afresh when the cookie opens nothing."""
        if self.session_key is not None:
            name = digest_of(self.session_key)
            row = Session.objects.filter(digest=name, expires_on__gte=timezone.now().date()).first()
            if row is not None:
                try:
                    return dict(json.loads(unseal(settings.SESSION_KEYS, PURPOSE, bytes(row.payload), place=name)))
                except SealError:
                    pass
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        """Say whether a cookie's value is taken."""
        return Session.objects.filter(digest=digest_of(session_key)).exists()

    def create(self) -> None:
        """Take a new key and write an empty row for it."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # Django's own
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the row; raise CreateError for a taken key and UpdateError for one that is gone."""
        if self.session_key is None:
            return self.create()
        name = digest_of(self.session_key)
        payload = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # Django's own
        data = json.dumps(payload).encode()
        row = Session(digest=name, expires_on=week_end(timezone.now().date()))
        row.payload = seal(settings.SESSION_KEYS, PURPOSE, data, place=name)
        self.wrote = True
        try:
            with transaction.atomic(using=router.db_for_write(Session)):
                if must_create:
                    row.save_base(force_insert=True)
                else:
                    # Not the end: a session that is saved again ends when it was to end.
                    row.save_base(force_update=True, update_fields=frozenset({"payload"}))
        except IntegrityError as error:
            if must_create:
                raise CreateError from error
            raise
        except DatabaseError as error:
            if not must_create:
                raise UpdateError from error
            raise
        return None

    def delete(self, session_key: str | None = None) -> None:
        """Remove the row of a key, by default this session's."""
        key = session_key or self.session_key
        if key is not None:
            self.wrote = True
            Session.objects.filter(digest=digest_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the rows whose week has ended."""
        Session.objects.filter(expires_on__lt=timezone.now().date()).delete()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Return the seconds that a session lasts at the most; the cookie itself ends with the browser."""
        return int((week_end(timezone.now().date()) - timezone.now().date()).days * 86_400)

    def get_expire_at_browser_close(self) -> Literal[True]:
        """Say yes: no cookie of ours outlives the browser."""
        return True

    def decode(self, session_data: bytes | str) -> Mapping[str, Any]:  # type: ignore[override]  # never called
        """Refuse: payloads are opened by ``load`` only, with their place bound in."""
        raise NotImplementedError
