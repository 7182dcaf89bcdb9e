"""Copying the register of trials: all of it or nothing, and what we had stays until there is something newer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

import content
from advice.models import Trial, TrialCopy
from advice.records import Patterns, Unreadable, code_of, patterns, read
from advice.register import Answer, RegisterError, Study
from advice.troubles import SOME_UNREAD

Fetch = Callable[[str], Answer | None]
MOST_UNREAD = 50  # of so many records one may be unreadable; more, and the register has changed
# All of a row but its number and the day on which it was first seen.
COPIED = (
    "title summary status phases countries treatments eligibility least_age most_age sex sponsor places changed_on "
    "record"
).split()


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of one copying; ``trouble`` is the code of what went wrong, and then nothing was changed."""

    trouble: str = ""
    is_same: bool = False
    held: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    unread: int = 0


@dataclass(slots=True)
class _Read:
    """The records of an answer by their numbers, and the numbers of those that could not be read."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    nameless: int = 0


def sync(fetch: Fetch, today: date, *, anew: bool = False) -> Copied:
    """Replace our copy by what ``fetch`` brings; on any failure it stays whole, and what went wrong is kept."""
    known = "" if anew else TrialCopy.objects.filter(pk=1).values_list("data_stamp", flat=True).first() or ""
    try:
        answer = fetch(known)
        if answer is None:
            return _same()
        known_words = patterns(content.load().advice.research.treatments)
        return _replace(_read(answer.studies, known_words, today), answer.stamp, today)
    except RegisterError as error:
        return _failed(error.code, today)
    except DatabaseError:
        # Whatever was written is taken back by now.
        return _failed("not_stored", today)


def _read(studies: list[Study], known: Patterns, today: date) -> _Read:
    """Read all records, each number once; too many that cannot be read are an error."""
    found = _Read()
    for study in studies:
        try:
            code = code_of(study)
        except Unreadable:
            found.nameless += 1
            continue
        try:
            found.rows[code] = read(study, known, today)
        except (Unreadable, RecursionError):
            found.unread.add(code)
    if (found.nameless + len(found.unread)) * MOST_UNREAD > len(studies):
        raise RegisterError("changed")
    return found


@transaction.atomic
def _replace(found: _Read, stamp: str, today: date) -> Copied:
    """Put the records in the place of those that we have, but for the day on which each was first seen."""
    TrialCopy.objects.get_or_create(pk=1)
    TrialCopy.objects.select_for_update().get(pk=1)
    had = dict(Trial.objects.values_list("code", "changed_on"))
    if had and not found.rows:
        raise RegisterError("nothing")
    # A record without a number may be any of those that we have.
    gone = set() if found.nameless else set(had) - set(found.rows) - found.unread
    Trial.objects.filter(code__in=gone).delete()
    Trial.objects.bulk_create(
        (Trial(seen_on=today, **row) for row in found.rows.values()),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=COPIED,
        batch_size=200,
    )
    unread = len(found.unread) + found.nameless
    TrialCopy.objects.filter(pk=1).update(
        data_stamp=stamp, fetched_at=timezone.now(), failing_since=None, trouble=SOME_UNREAD if unread else ""
    )
    return Copied(
        held=len(set(had) | set(found.rows)) - len(gone),
        new=len(set(found.rows) - set(had)),
        changed=sum(code in had and had[code] != row["changed_on"] for code, row in found.rows.items()),
        gone=len(gone),
        unread=unread,
    )


def _same() -> Copied:
    """Note that the register still says what we have."""
    copy = TrialCopy.objects.get(pk=1)
    trouble = SOME_UNREAD if copy.trouble == SOME_UNREAD else ""
    TrialCopy.objects.filter(pk=1).update(fetched_at=timezone.now(), failing_since=None, trouble=trouble)
    return Copied(is_same=True, held=Trial.objects.count())


@transaction.atomic
def _failed(code: str, today: date) -> Copied:
    """Note what went wrong, and since when."""
    TrialCopy.objects.get_or_create(pk=1)
    copy = TrialCopy.objects.select_for_update().get(pk=1)
    TrialCopy.objects.filter(pk=1).update(trouble=code, failing_since=copy.failing_since or today)
    return Copied(trouble=code, held=Trial.objects.count())
