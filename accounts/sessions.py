"""The session store: a copy of its table opens no session and names nobody.

The cookie's value is never stored, only a keyed digest of it; the payload is sealed and bound to
that digest; the account is a keyed tag; the only date is the end of a week. Django's SESSION_ENGINE
names this module.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib.auth import SESSION_KEY as ACCOUNT
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, router, transaction
from django.utils import timezone

from accounts.idle import CLOCKS_DIFFER, idle_seconds
from accounts.keys import SealError, seal, tag, unseal
from accounts.models import Role, Session, User
from accounts.outage import is_away

PURPOSE = "session payload"
# What the sealed payload of a visit remembers beside its account, and nothing more.
BEGAN, WORKS_HERE, BROWSER, WEEK = "began", "works_here", "browser", "week"


def names_of(session_key: str) -> list[bytes]:
    """Return the 32-byte names under which a session may be kept: a new one has the first, of the newest key."""
    return [tag(key, "session digest", session_key.encode()) for key in settings.SESSION_KEYS]


def tags_of(account: UUID) -> list[bytes]:
    """Return what stands for an account in its visits' rows, under the newest key first."""
    return [tag(key, "session owner", account.bytes) for key in settings.SESSION_KEYS]


def week_end(today: date) -> date:
    """Return the Sunday that ends the last of the weeks a session lasts."""
    return today + timedelta(days=6 - today.weekday(), weeks=settings.SESSION_WEEKS)


def most_weeks() -> int:
    """Return for how many weeks a session lasts at the most, when it begins on a Monday."""
    return settings.SESSION_WEEKS + 1


def opened(row: Session) -> dict[str, Any] | None:
    """Return a visit's payload; None for one that no key opens."""
    name = bytes(row.digest)
    try:
        return dict(json.loads(unseal(settings.SESSION_KEYS, PURPOSE, bytes(row.payload), place=name)))
    except SealError:
        return None


def end_visits(user: User, *, but: str | None = None) -> None:
    """End every visit of an account, half-way sign-ins too, at once and in every worker; spare that of one cookie."""
    rows = Session.objects.filter(owner_tag__in=tags_of(user.pk))
    (rows.exclude(digest__in=names_of(but)) if but else rows).delete()


def end_visit(user: User, digest: bytes) -> None:
    """End one visit of an account."""
    Session.objects.filter(owner_tag__in=tags_of(user.pk), digest=digest).delete()


def end_all_visits(*, works_here: bool = False) -> int:
    """End everybody's visits, half-way sign-ins and visitors' too, or those of who works here; return how many."""
    rows = Session.objects.all()
    if works_here:
        staff = User.objects.exclude(role=Role.MEMBER).values_list("pk", flat=True)
        rows = rows.filter(owner_tag__in=[name for account in staff for name in tags_of(account)])
    return rows.delete()[0]


class SessionStore(SessionBase):
    """Django's session interface over the sealed table.

    ``name`` is that of its row: a visit keeps the key it began under, so that an older key can go when the longest
    visit is over. ``wrote`` says whether a row was touched. ``stamp`` is the sealed stamp that came with the cookie;
    where it is None nobody asks how long the visit was idle. ``ended`` names a row that opens nothing any more.
    """

    def __init__(self, session_key: str | None = None, *, stamp: str | None = None) -> None:
        super().__init__(session_key)
        self.name: bytes | None = None
        self.wrote = False
        self.stamp = stamp
        self.ended: bytes | None = None

    def load(self) -> dict[str, Any]:
        """Return the payload, or start afresh when the cookie opens nothing."""
        if self.session_key is not None:
            rows = Session.objects.filter(digest__in=names_of(self.session_key))
            row = rows.filter(expires_on__gte=timezone.now().date()).first()
            payload = opened(row) if row is not None else None
            if row is not None and payload is not None:
                name = bytes(row.digest)
                if self._goes_on(name, payload):
                    self.name = name
                    return payload
                self.ended = name
        self._session_key = None
        return {}

    def _goes_on(self, name: bytes, payload: Mapping[str, Any]) -> bool:
        """Say whether a visit is within its limits: how long it was idle and, of who works here, how old it is."""
        works_here = bool(payload.get(WORKS_HERE))
        if works_here:
            age = time.time() - payload.get(BEGAN, 0)
            if not -CLOCKS_DIFFER <= age <= settings.STAFF_SESSION_HOURS * 3_600:
                return False
        if self.stamp is None:
            return True
        idle = idle_seconds(self.stamp, name)
        minutes = settings.STAFF_IDLE_MINUTES if works_here else settings.IDLE_MINUTES
        return idle is not None and idle <= minutes * 60

    def exists(self, session_key: str) -> bool:
        """Say whether a cookie's value is taken."""
        return Session.objects.filter(digest__in=names_of(session_key)).exists()

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
        if must_create or self.name is None:
            self.name = names_of(self.session_key)[0]
        row = self._row(self.name, self._get_session(no_load=must_create))  # type: ignore[attr-defined]  # Django's own
        self.wrote = True
        try:
            with transaction.atomic(using=router.db_for_write(Session)):
                if must_create:
                    row.save_base(force_insert=True)
                else:
                    # Not the end: a session that is saved again ends when it was to end.
                    ends = {"expires_on"} if row.owner_tag is not None else set()
                    row.save_base(force_update=True, update_fields=frozenset({"payload", "owner_tag"} | ends))
        except IntegrityError as error:
            if must_create:
                raise CreateError from error
            raise
        except DatabaseError as error:
            if must_create or is_away(error):
                raise
            raise UpdateError from error
        return None

    def _row(self, name: bytes, payload: dict[str, Any]) -> Session:
        """Return the row as it is to be kept; one with an account ends so many weeks after the sign-in."""
        owner = _account_of(payload)
        began = timezone.now().date()
        if ACCOUNT in payload:
            began = datetime.fromtimestamp(payload.setdefault(BEGAN, int(time.time())), UTC).date()
        row = Session(digest=name, expires_on=week_end(began), owner_tag=tags_of(owner)[0] if owner else None)
        row.payload = seal(settings.SESSION_KEYS, PURPOSE, json.dumps(payload).encode(), place=name)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Remove the row of a key, by default this session's."""
        key = session_key or self.session_key
        if key is not None:
            self.wrote = True
            Session.objects.filter(digest__in=names_of(key)).delete()

    def remove_ended(self) -> None:
        """Remove the row that was found to open nothing any more."""
        Session.objects.filter(digest=self.ended).delete()

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


def _account_of(payload: Mapping[str, Any]) -> UUID | None:
    """Return whose visit it is, or becomes when the steps of a sign-in are taken: both end with the account's."""
    pending = payload.get(LOGIN_SESSION_KEY)
    found = payload.get(ACCOUNT) or (pending.get("user_pk") if isinstance(pending, dict) else None)
    return UUID(str(found)) if found else None
