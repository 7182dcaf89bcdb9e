"""Limits on guessing and floods: what is stored names nobody, and means nothing tomorrow."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.keys import tag


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Return the digest of a cache key under the day's key: no address, no account, no order in it."""
    day = timezone.now().date().isoformat()
    return tag(settings.SESSION_KEYS[0], f"limit {day}", f"{key_prefix}:{version}:{key}".encode()).hex()


class Limit(NamedTuple):
    """At most so many wrong tries in so many seconds, of one kind."""

    kind: str
    most: int
    seconds: int


FROM_ADDRESS = Limit("wrong from an address", 10, 60)
AT_NAME_FROM_ADDRESS = Limit("wrong at a name from an address", 5, 300)
SECOND_STEP = Limit("wrong second step", 5, 300)
# From here on an address has one try left, not several: nobody is kept out by what others do.
AT_NAME = Limit("wrong at a name", 50, 3_600)
ANYWHERE = Limit("wrong anywhere", 600, 60)

GiveBack = Callable[[], None]
Held = Sequence[tuple[Limit, str]]

# In the order of their keys, so that two requests never wait for one another.
TAKE = """
INSERT INTO accounts_limit AS held (cache_key, value, expires)
SELECT key, '1', ends FROM unnest(%s::text[], %s::timestamptz[]) AS asked (key, ends) ORDER BY key
ON CONFLICT (cache_key) DO UPDATE SET
    value = CASE WHEN held.expires < %s THEN '1' ELSE (held.value::int + 1)::text END,
    expires = CASE WHEN held.expires < %s THEN excluded.expires ELSE held.expires END
RETURNING cache_key, value::int
"""
GIVE_BACK = """
UPDATE accounts_limit AS held SET value = greatest(held.value::int - 1, 0)::text
FROM (SELECT cache_key FROM accounts_limit WHERE cache_key = ANY(%s) ORDER BY cache_key FOR UPDATE) AS asked
WHERE held.cache_key = asked.cache_key
"""


def guess(name: str, address: str) -> GiveBack | None:
    """Count one try at a sign-in name before it is checked; None when it is one too many.

    Who got it right gives it back. Each count is one statement, so that it holds however many workers ask at once.
    A name, or the site, that is tried from very many addresses leaves each address a single try: more would help
    whoever guesses, and none would shut the owner out.
    """
    first: Held = [(AT_NAME_FROM_ADDRESS, f"{name} {address}"), (FROM_ADDRESS, address)]
    here, near = _take(first)
    if here > AT_NAME_FROM_ADDRESS.most or near > FROM_ADDRESS.most:
        _give_back(first)
        return None
    held: Held = [*first, (AT_NAME, name), (ANYWHERE, "")]
    at_name, anywhere = _take(held[2:])
    if (at_name > AT_NAME.most and here > 1) or (anywhere > ANYWHERE.most and near > 1):
        _give_back(held)
        return None
    return lambda: _give_back(held)


def second_step(account: str) -> GiveBack | None:
    """Count one try at a second step; None when it is one too many, from wherever: six digits are soon guessed."""
    held: Held = [(SECOND_STEP, account)]
    if _take(held)[0] > SECOND_STEP.most:
        _give_back(held)
        return None
    return lambda: _give_back(held)


def _take(held: Held) -> list[int]:
    """Count one more of each, and return how many there are now."""
    now = timezone.now()
    keys = [_key(limit, of) for limit, of in held]
    ends = [now + timedelta(seconds=limit.seconds) for limit, _of in held]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [keys, ends, now, now])
        counts = dict(cursor.fetchall())
    return [counts[key] for key in keys]


def _give_back(held: Held) -> None:
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [[_key(limit, of) for limit, of in held]])


def _key(limit: Limit, of: str) -> str:
    return cache_key(f"{limit.kind} {limit.seconds} {of}", "", 1)


class MemoryLimit:
    """At most so many acts in so many seconds by one key, in this process's memory only.

    For posting: a row in any table beside a text would say when its author was there.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._acts: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def allow(self, key: str) -> bool:
        """Count one act and say whether it is within the limit."""
        now = time.monotonic()
        with self._lock:
            acts = self._recent(key, now)
            if len(acts) >= self.most:
                return False
            acts.append(now)
            if len(self._acts) > 10_000:
                self._acts = {k: v for k, v in self._acts.items() if v and v[-1] > now - self.seconds}
            return True

    def is_reached(self, key: str) -> bool:
        """Say whether one more act would be too many, without counting one."""
        with self._lock:
            return len(self._recent(key, time.monotonic())) >= self.most

    def _recent(self, key: str, now: float) -> deque[float]:
        acts = self._acts.setdefault(key, deque())
        while acts and acts[0] <= now - self.seconds:
            acts.popleft()
        return acts
