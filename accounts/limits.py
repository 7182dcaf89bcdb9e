"""Limits on guessing and floods: what is stored names nobody, and means nothing tomorrow."""

from __future__ import annotations

import threading
import time
from collections import deque

from django.conf import settings
from django.utils import timezone

from accounts.keys import tag


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Return the digest of a cache key under the day's key: no address, no account, no order in it."""
    day = timezone.now().date().isoformat()
    return tag(settings.SESSION_KEYS[0], f"limit {day}", f"{key_prefix}:{version}:{key}".encode()).hex()


class MemoryLimit:
    """At most so many acts in so many seconds by one key, in this process's memory only.

    For posting: a row in any table beside a text would say when its author was there. And for what all
    share: in a table it would be one row that every request waits for.
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
