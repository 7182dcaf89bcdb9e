"""The nightly mix: rows lie in the order of their random ids, and none tells in which transaction it was written.

Rows lie as they came, each with the number of its transaction, and long values carry serial numbers: who has the files
or a dump could put the day's new accounts beside the day's texts. Nothing in any row is changed by this.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from accounts.models import Consent, RecoveryCode, Reminder, Session, User
from community.models import Mix
from moderation.models import Anchor, Case, Decision, Note, Place, Redaction, Report, Skip, Waited
from stories.models import (
    Acceptance,
    Appeal,
    Contribution,
    Message,
    Publication,
    Reaction,
    Revision,
    SavedItem,
    SearchEntry,
    Statement,
    Suppression,
)

# Every table keyed by an account or a session: all of its rows, every night.
WHOLE: tuple[type[models.Model], ...] = (User, RecoveryCode, Consent, Reminder, Authenticator, Session, Place)
# What members' acts write, and what follows from it in the same transactions: what is new, among what is not.
RECENT: tuple[type[models.Model], ...] = (
    Contribution, Revision, Publication, SearchEntry, Reaction, SavedItem, Statement, Message, Acceptance, Appeal,
    Suppression, Report, Case, Decision, Redaction, Note, Skip, Waited,
)  # fmt: skip
TABLES = (*WHOLE, *RECENT)
LEAST = 1_000
DAYS_LATE = 2
# For so long a large table may keep the bytes of rows that are gone.
DAYS_KEPT = 31
# PostgreSQL's own number for what is older than everything, and how a number is given to it.
FROZEN, NUMBER = 2, "(%s::text::xid8)::xid"
# A table is to be had alone within a moment, or a little later.
TRIES, PAUSE_SECONDS = 5, 1.0
# What writes a long value anew: one that is merely kept keeps its serial number too.
ANEW = {"text": "{} || ''", "character varying": "{} || ''", "bytea": "{} || ''::bytea", "jsonb": "{}::text::jsonb",
        "ARRAY": "{} || '{{}}'", "tsvector": "{} || ''::tsvector"}  # fmt: skip

logger = logging.getLogger(__name__)


def mix(
    *,
    whatever_size: bool = False,
    wait: Callable[[float], None] = time.sleep,
    done: Callable[[int], None] = lambda _count: None,
) -> list[str]:
    """Mix every table; return those that could not be rewritten because somebody was in them all the time.

    A table above settings.MIX_MEGABYTES is not rewritten unless it is asked for: readers would have to wait. There the
    database clears away the old rows by itself, and leaves their bytes in the gaps until other rows come to lie there.
    """
    left, today = [], timezone.now().date()
    most = 0 if whatever_size else settings.MIX_MEGABYTES * 1024 * 1024
    with _in_no_hurry():
        for model in TABLES:
            is_large = _too_large(model, most)  # before it is written, which doubles it for a moment
            _write_anew(model)
            if is_large:
                Mix.objects.filter(pk=table_of(model)).update(done_on=today)
            elif _rewritten(model, wait):
                Mix.objects.filter(pk=table_of(model)).update(done_on=today, rewritten_on=today)
            else:
                left.append(table_of(model))
            done(1)
    if left:
        logger.warning("tables were mixed, but not rewritten: %s", len(left))
    return left


def large() -> list[str]:
    """Return the tables that are too large to be rewritten every night."""
    return [table_of(model) for model in TABLES if _too_large(model, settings.MIX_MEGABYTES * 1024 * 1024)]


def long_ago() -> list[str]:
    """Return the large tables that were not rewritten for a month."""
    since = timezone.now().date() - timedelta(days=DAYS_KEPT)
    lately = set(Mix.objects.filter(rewritten_on__gte=since).values_list("name", flat=True))
    return [table for table in large() if table not in lately]


def is_late() -> bool:
    """Say whether a table was not mixed for two days."""
    since = timezone.now().date() - timedelta(days=DAYS_LATE)
    days = Mix.objects.filter(name__in=[table_of(model) for model in TABLES]).values_list("done_on", flat=True)
    if not days:
        return Anchor.objects.filter(day__lt=since).exists()  # else it is a new site, before its first night
    return any(day is None or day < since for day in days)


@contextmanager
def _in_no_hurry() -> Iterator[None]:
    """Take the limit off how long one statement may run; what is waited for is limited all the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', false)")
        try:
            yield
        finally:
            cursor.execute("RESET statement_timeout")


@transaction.atomic
def _write_anew(model: type[models.Model]) -> None:
    """Write rows anew as they are, in one transaction, and note its number.

    A row that somebody holds at this moment is left to the next night: waiting for it while holding others could end in
    a deadlock.
    """
    table, key = _names(model)
    mark = Mark.of(model)
    chosen, given = f"SELECT {key} FROM {table} ORDER BY {key}", list[str]()  # noqa: S608 - names of our own models
    if model in RECENT:
        newest = (
            f"SELECT {key} FROM {table} ORDER BY {mark.new} DESC, age(xmin), {key}"  # noqa: S608 - as above
            f" LIMIT greatest({LEAST}, (SELECT count(*) FROM {table} WHERE {mark.new}))"
        )
        chosen = f"SELECT {key} FROM {table} WHERE {key} IN ({newest}) ORDER BY {key}"  # noqa: S608 - as above
        given = mark.given * 2
    columns = ", ".join(f"{name} = {value}" for name, value in _columns(model))
    with connection.cursor() as cursor:
        # Joined by a hash they would be written in another order.
        cursor.execute("SELECT set_config('enable_hashjoin', 'off', true)")
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        ((oldest,),) = cursor.fetchall()
        cursor.execute(
            f"UPDATE {table} AS t SET {columns} FROM ({chosen} FOR NO KEY UPDATE SKIP LOCKED) AS chosen"  # noqa: S608
            f" WHERE t.{key} = chosen.{key}",
            given,
        )
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        ((xid,),) = cursor.fetchall()
        # Who changes a row gives it a number from ``oldest`` on; one that was only locked has kept its own.
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {mark.new} AND age(xmin) > age({NUMBER})",  # noqa: S608 - as above
            [*mark.given, str(oldest)],
        )
        ((locked,),) = cursor.fetchall()
    Mix.objects.update_or_create(
        name=table_of(model), defaults={"oldest": mark.oldest if locked else oldest, "xid": xid}
    )


@dataclass(frozen=True)
class Mark:
    """Where the last mix of a table stood; a new table's takes every row."""

    oldest: int = FROZEN
    xid: int = FROZEN
    # What came since, or was passed over then.
    new = f"(age(xmin) <= age({NUMBER}) AND xmin <> {NUMBER})"

    @classmethod
    def of(cls, model: type[models.Model]) -> Mark:
        """Return that of a model's table."""
        last = Mix.objects.filter(pk=table_of(model)).first()
        return cls(last.oldest, last.xid) if last else cls()

    @property
    def given(self) -> list[str]:
        """Return what the condition asks for."""
        return [str(self.oldest), str(self.xid)]


def _columns(model: type[models.Model]) -> Iterable[tuple[str, str]]:
    """Return what is written into which column: the key as it is, and long values made again."""
    _table, key = _names(model)
    yield key, f"t.{key}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.column_name, c.data_type FROM information_schema.columns AS c"
            " WHERE c.table_schema = 'public' AND c.table_name = %s AND c.is_generated = 'NEVER'",
            [table_of(model)],
        )
        for name, kind in cursor.fetchall():
            column = connection.ops.quote_name(name)
            if kind in ANEW and column != key:
                yield column, ANEW[kind].format(f"t.{column}")


def _too_large(model: type[models.Model], most: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table_of(model)])
        ((size,),) = cursor.fetchall()
    return bool(0 < most < size)


def _rewritten(model: type[models.Model], wait: Callable[[float], None]) -> bool:
    """Write a table's file anew in the order of ids, without what was there before; say whether it was done.

    Then samples of what was there before leave the planner's statistics too, and no reader waits for that.
    """
    for tried in range(TRIES):
        if tried:
            wait(PAUSE_SECONDS)
        if _as_owner("community_in_order", model):
            return _as_owner("community_looked_at", model)
    return False


def _as_owner(function: str, model: type[models.Model]) -> bool:
    """Call one of the owner's functions in a transaction of its own; say no where a lock was not to be had."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [table_of(model)])
    except OperationalError:
        return False
    return True


def table_of(model: type[models.Model]) -> str:
    """Return the name of a model's table."""
    return model._meta.db_table  # noqa: SLF001 - documented, whatever its name


def _names(model: type[models.Model]) -> tuple[str, str]:
    """Return the names of a table and its key, quoted."""
    quote, key = connection.ops.quote_name, model._meta.pk  # noqa: SLF001 - as above
    return quote(table_of(model)), quote(str(key.column))
