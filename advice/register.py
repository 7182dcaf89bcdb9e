"""The register of trials (ClinicalTrials.gov, API v2): asked slowly, and believed only where an answer is whole.

Documented at https://clinicaltrials.gov/data-api/api. No key; no limit is documented, so there is at most one
request a second. Whatever goes wrong is a RegisterError with a code; nothing here writes.
"""

from __future__ import annotations

import ipaddress
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as SlowError

FIELDS = (
    "NCTId BriefTitle OverallStatus BriefSummary Condition InterventionName Phase StudyType EligibilityCriteria "
    "MinimumAge MaximumAge Sex LeadSponsorName LocationCity LocationCountry LocationStatus StartDate "
    "PrimaryCompletionDate LastUpdatePostDate"
).split()
PAGE_SIZE, MOST_PAGES = 200, 100
TRIES = 4
FIRST_PAUSE, PAUSE_GROWS, LONGEST_PAUSE = 2.0, 4.0, 120.0  # seconds
BETWEEN = 1.0  # seconds from one request to the next, at least
CHUNK = 64 * 1024
STAMP = re.compile(r"[0-9TZ:.+-]{4,40}")

Study = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an answer may be, and how long all of them together may take."""

    connect_seconds: float = 10.0
    silent_seconds: float = 30.0
    answer_seconds: float = 90.0
    all_seconds: float = 600.0
    answer_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the register has on the terms; ``stamp`` is what it calls the state of its data."""

    stamp: str
    studies: list[Study]


class RegisterError(Exception):
    """Say by a code (advice.troubles has the words) why there is no answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _MayPass(RegisterError):
    """What may be over in a moment; the register may have said when."""

    def __init__(self, code: str, after: float | None = None) -> None:
        super().__init__(code)
        self.after = after


class Register:
    """A client of the register: it waits by ``wait``, and ``tell`` hears how many records each page had."""

    def __init__(
        self,
        base: str,
        terms: Iterable[str],
        *,
        limits: Limits | None = None,
        wait: Callable[[float], None] = time.sleep,
        tell: Callable[[int], None] = lambda _studies: None,
    ) -> None:
        self.base, self.terms = base.rstrip("/"), tuple(terms)
        self.limits, self.wait, self.tell = limits or Limits(), wait, tell
        self.requests = 0
        self._pages_left = MOST_PAGES
        self._ends_at = 0.0
        # Proxy and certificates are as the library has them; waiting and repeating is done here.
        self._pool = urllib3.PoolManager(
            retries=False,
            timeout=urllib3.Timeout(connect=self.limits.connect_seconds, read=self.limits.silent_seconds),
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Fernway"},
        )

    def fetch(self, known: str) -> Answer | None:
        """Return what there is, or None when the register's data is still what was ``known``."""
        if not _is_safe(self.base):
            raise RegisterError("setting")
        self._ends_at = time.monotonic() + self.limits.all_seconds
        stamp = self._ask("version").get("dataTimestamp")
        if not isinstance(stamp, str) or not STAMP.fullmatch(stamp):
            raise RegisterError("changed")
        if stamp == known:
            return None
        studies: list[Study] = []
        for term in self.terms:
            for page in self._pages(term):
                studies += page
                self.tell(len(page))
        return Answer(stamp, studies)

    def _pages(self, term: str) -> Iterator[list[Study]]:
        """Yield the studies on one term page by page, until there is no token and none is missing."""
        asked = {
            "query.cond": term,
            "fields": ",".join(FIELDS),
            "pageSize": str(PAGE_SIZE),
            "countTotal": "true",
            "format": "json",
            "markupFormat": "markdown",
        }
        tokens: set[str] = set()
        total, got = None, 0
        while True:
            self._pages_left -= 1
            if self._pages_left < 0:
                raise RegisterError("too_much")
            page = self._ask("studies", asked)
            studies, token = _studies(page), _token(page)
            total = _total(page) if total is None else total
            got += len(studies)
            yield studies
            if token is None:
                break
            if token in tokens:
                raise RegisterError("same_token")
            tokens.add(token)
            asked["pageToken"] = token
        if got < total:
            raise RegisterError("missing" if studies else "empty_page")

    def _ask(self, path: str, asked: Mapping[str, str] | None = None) -> Study:
        """Ask until there is an answer, a little later each time, or nothing more to hope for."""
        address = f"{self.base}/{path}" + (f"?{urlencode(asked)}" if asked else "")
        pause = FIRST_PAUSE
        for left in reversed(range(TRIES)):
            try:
                return self._once(address)
            except _MayPass as error:
                after = pause if error.after is None else error.after
                ends = time.monotonic() + after > self._ends_at
                if not left or after > LONGEST_PAUSE or ends:
                    raise RegisterError(error.code) from error
                self.wait(after)
                pause *= PAUSE_GROWS
        raise AssertionError  # the last try returns or raises

    def _once(self, address: str) -> Study:
        """Make one request, not before its time."""
        if self.requests:
            self.wait(BETWEEN)
        self.requests += 1
        ends_at = min(time.monotonic() + self.limits.answer_seconds, self._ends_at)
        try:
            response = self._pool.request("GET", address, redirect=False, preload_content=False)
            try:
                _look_at(response)
                return _parsed(self._body(response, ends_at))
            finally:
                response.close()
        except (HTTPError, HTTPException, OSError) as error:
            raise _as_trouble(error) from error

    def _body(self, response: urllib3.BaseHTTPResponse, ends_at: float) -> bytes:
        """Read an answer as it comes in, and stop when it takes too long or grows too large."""
        body = bytearray()
        try:
            while chunk := response.read1(CHUNK):
                body += chunk
                if len(body) > self.limits.answer_bytes:
                    raise RegisterError("too_much")
                if time.monotonic() > ends_at:
                    raise _MayPass("slow")
        except SlowError as error:
            raise _MayPass("slow") from error
        except (HTTPError, HTTPException, OSError) as error:
            raise _MayPass("cut_off") from error
        return bytes(body)


def _is_safe(base: str) -> bool:
    """Say whether an address is https, or leads to this very machine."""
    try:
        parts = urlsplit(base)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host)
    try:
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


def _look_at(response: urllib3.BaseHTTPResponse) -> None:
    """Raise what an answer's status says, unless all is well."""
    status = response.status
    if status == 200:
        return
    if status == 429:
        raise _MayPass("busy", _asked_to_wait(response.headers.get("Retry-After", "")))
    if status >= 500:
        raise _MayPass("server", _asked_to_wait(response.headers.get("Retry-After", "")))
    raise RegisterError("moved" if 300 <= status < 400 else "refused")


def _asked_to_wait(value: str) -> float | None:
    """Return for how many seconds the register asks to be left alone: it says a number or a moment, or nothing."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def _as_trouble(error: Exception) -> RegisterError:
    """Return what it means that there is no answer at all."""
    if isinstance(error, SSLError):
        return RegisterError("certificate")
    if isinstance(error, SlowError) and not isinstance(error, NewConnectionError):
        return _MayPass("slow")
    return _MayPass("unreachable")


def _refuse(_number: str) -> float:
    """Refuse what is no number in JSON (NaN, Infinity), though Python would read it."""
    raise ValueError


def _parsed(body: bytes) -> Study:
    """Return the object that an answer is."""
    try:
        found = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _MayPass("cut_off") from error
    if not isinstance(found, dict):
        raise RegisterError("changed")
    return found


def _studies(page: Study) -> list[Study]:
    studies = page.get("studies")
    if not isinstance(studies, list) or not all(isinstance(one, dict) for one in studies):
        raise RegisterError("changed")
    return studies


def _total(page: Study) -> int:
    total = page.get("totalCount")
    if type(total) is not int or total < 0:
        raise RegisterError("changed")
    return total


def _token(page: Study) -> str | None:
    token = page.get("nextPageToken")
    if token is None or (isinstance(token, str) and token):
        return token
    raise RegisterError("changed")
