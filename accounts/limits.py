"""Limits on guessing and floods: what is stored names nobody, and means nothing tomorrow."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from accounts.keys import tag

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def rounded(moment: float, *, of: float) -> int:
    """Return the end of the minute of a moment in seconds, or of its hour where a window lasts a day.

    A row then does not say in which second somebody tried something; each limit holds as long as it says, or longer.
    """
    step = HOUR if of >= DAY else MINUTE
    return math.ceil(moment / step) * step


class Counts(DatabaseCache):
    """The cache in which allauth counts, and a sign-up that was pressed twice is found: it knows no second either."""

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> float | None:
        """Return when something ends."""
        ends = super().get_backend_timeout(timeout)
        lasts = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        # A lock that is held for seconds says nothing, and a killed worker must not leave it for longer.
        return ends if ends is None or lasts is None or lasts < MINUTE else rounded(ends, of=lasts)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep something; allauth's lists of when something was tried lose their seconds."""
        if isinstance(value, list):
            value = [rounded(one, of=0) if isinstance(one, float) else one for one in value]
        super().set(key, value, timeout, version)


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
# From here on an address has one try left, not several: nobody is kept out by what others do.
AT_NAME = Limit("wrong at a name", 50, 3_600)
ANYWHERE = Limit("wrong anywhere", 600, 60)
STEP_FROM_ADDRESS = Limit("wrong second step from an address", 5, 300)
STEP_IN_VISIT = Limit("wrong second step in a visit", 5, 3_600)
# From here on an address has one try an hour; and at the ceiling only what is longer than six digits counts.
STEP = Limit("wrong second step", 50, 86_400)
STEP_LATER = Limit("wrong second step from an address later", 1, 3_600)
STEP_CEILING = STEP._replace(most=500)
# A code that is too long to be guessed counts in the sign-in that it is typed in, which nobody else is in.
SPARE_IN_VISIT = Limit("wrong spare code in a visit", 5, 300)

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
COUNTED = "SELECT value::int FROM accounts_limit WHERE cache_key = %s AND expires >= %s"
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


def second_step(account: str, address: str) -> GiveBack | Limit:
    """Count one try at an app's code in a sign-in; the limit that it is over when it is one too many.

    Of a million codes three fit at a time. From one address 73 a day are tried (one day in 4,500 opens it), from
    however many no more than the ceiling (one in 660). No address or two keep the owner out, and at the ceiling a
    spare code or a passkey still helps.
    """
    here = f"{account} {address}"
    held: Held = [(STEP_FROM_ADDRESS, here), (STEP_LATER, here), (STEP, account)]
    near, later, at_account = _take(held)
    # The one that lasts the longest is told.
    over = {
        STEP_CEILING: at_account > STEP_CEILING.most,
        STEP_LATER: at_account > STEP.most and later > STEP_LATER.most,
        STEP_FROM_ADDRESS: near > STEP_FROM_ADDRESS.most,
    }
    for limit in (limit for limit, is_over in over.items() if is_over):
        _give_back(held)
        return limit
    return lambda: _give_back(held)


def spare_code(visit: str) -> GiveBack | Limit:
    """Count one try at a code that is too long to be guessed; the limit when it is one too many in this sign-in.

    Each sign-in that is begun costs the checking of a password. Whoever shares the owner's address shuts nobody out.
    """
    return _one(SPARE_IN_VISIT, visit)


def second_step_again(account: str, began: int) -> GiveBack | Limit:
    """Count one try in a visit that took the step before: what others do elsewhere does not touch it.

    A visit is known by its account and the moment of its sign-in: a password typed again gives it a new key.
    """
    return _one(STEP_IN_VISIT, f"{account} {began}")


def wrong_steps(account: str) -> int:
    """Return how many wrong codes of an app were typed today after the right password."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [_key(STEP, account), timezone.now()])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def is_first_use(factor: str, steps: Iterable[int], *, seconds: int) -> bool:
    """Take a code, named by its steps of time, for so long as it counts; say no to who is not the first.

    No day is in these names, or midnight would forget them.
    """
    names = [tag(settings.SESSION_KEYS[0], "used code", f"{factor} {step}".encode()).hex() for step in steps]
    return max(_count([(name, seconds) for name in names]).values(), default=0) == 1


def _one(limit: Limit, of: str) -> GiveBack | Limit:
    held: Held = [(limit, of)]
    if _take(held)[0] > limit.most:
        _give_back(held)
        return limit
    return lambda: _give_back(held)


def _take(held: Held) -> list[int]:
    """Count one more of each, and return how many there are now."""
    counts = _count([(_key(limit, of), limit.seconds) for limit, of in held])
    return [counts[_key(limit, of)] for limit, of in held]


def _count(named: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Count one more under each name, which ends after so many seconds; return how many there are now."""
    now = timezone.now()
    ends = [datetime.fromtimestamp(rounded(now.timestamp() + seconds, of=seconds), tz=UTC) for _name, seconds in named]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [[name for name, _seconds in named], ends, now, now])
        return dict(cursor.fetchall())


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


@lru_cache
def limit_of(acts: str, most: int, *, seconds: int = 3_600) -> MemoryLimit:
    """Return this process's limit on one kind of act in so many seconds."""
    del acts  # it keeps the kinds apart
    return MemoryLimit(most, seconds)


def network_of(request: HttpRequest) -> str:
    """Return today's keyed name of the network a request came from, which the adapter makes."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "unknown"
