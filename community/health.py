"""Whether the site is well: what the readiness page asks, and what `doctor` asks besides."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.access import at_work
from community import health_ground, health_names, jobs, replacing
from community.actions import mixing
from community.local import OperatorError
from community.roles import OLDEST_VERSION
from moderation.actions.auditing import RECORD
from moderation.models import Anchor, Tally
from moderation.stuck import stuck
from stories.actions import check_keys, knows_newest, lacks_a_key

DAYS_UNREAD = 3
logger = logging.getLogger(__name__)

OWNED = """
    SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER')
"""

UNUSABLE = """
    SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND CASE
        WHEN c.relkind IN ('r', 'p') THEN NOT (
            has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
            AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
        WHEN c.relkind = 'S' THEN NOT (
            has_sequence_privilege(c.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT'))
        ELSE false END
"""
TEMPORARY = "SELECT has_database_privilege(current_database(), 'TEMPORARY')::int"


@dataclass(frozen=True)
class Check:
    """One thing to look at; ``ask`` returns what to do about it, and nothing when it is well.

    ``note`` returns what is worth knowing about it then.
    """

    subject: str
    ask: Callable[[], str]
    note: Callable[[], str] = str

    def find(self) -> Finding:
        """Look at it."""
        todo = self.ask()
        return Finding(self.subject, todo, "" if todo else self.note())


@dataclass(frozen=True)
class Finding:
    """What was found out about one thing; ``todo`` is empty when it is well."""

    subject: str
    todo: str
    note: str = ""


def look(checks: Iterable[Check]) -> Iterator[Finding]:
    """Yield a finding for the database, for a restore when that answers, and when all may be read for each check."""
    first = (Check("Database", _database), Check("Restore", replacing.shut))
    for check in (*first, *checks):
        try:
            finding = check.find()
        except (DatabaseError, InterfaceError) as error:
            finding = Finding(check.subject, f"It could not be found out ({type(error).__name__}).")
        yield finding
        if finding.todo and check in first:
            return


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return "It does not answer. Start PostgreSQL and check DATABASE_URL."
    return ""


def _version() -> str:
    with connection.cursor() as cursor:
        version = cursor.connection.info.server_version // 10_000
    if version < OLDEST_VERSION:
        return f"PostgreSQL is version {version}. Use {OLDEST_VERSION} or newer."
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} are waiting. Run: manage.py migrate" if waiting else ""


def _key() -> str:
    if lacks_a_key():
        return "OWNERSHIP_KEYS lacks a key that texts here still need, so nobody can post. Put it back in its place."
    if "OWNERSHIP_KEYS" in check_keys():
        return (
            "OWNERSHIP_KEYS does not fit this database, so nobody can post. Put the right key back. "
            "For a new database run: manage.py remember_key"
        )
    if not knows_newest():
        return (
            "OWNERSHIP_KEYS begins with a key that the database does not know, so nobody can post. "
            "Run: manage.py remember_key"
        )
    return ""


def _other_keys() -> str:
    wrong = [name for name in check_keys() if name != "OWNERSHIP_KEYS"]
    if not wrong:
        return ""
    anew = " and ".join(f"manage.py remember_key --anew {name}" for name in wrong)
    return (
        f"{' and '.join(wrong)} do not fit this database, so second steps, codes or addresses cannot be opened. "
        f"Put the right keys back. For a new database run: manage.py remember_key. When they are lost for good: {anew}"
    )


def look_at_start() -> None:
    """Say in the log when the site is shut or a key does not fit; who starts goes on, since help and reading do.

    Nothing keeps the owner of the tables from reading a shut site, so as that role nothing starts: then OperatorError.
    The database is asked who owns them, since the site's own process is not to know the other role.
    """
    shut, todo, is_open_to_all = "", "", False
    with suppress(DatabaseError, InterfaceError):  # a database that does not answer is told by whoever asks it next
        shut = replacing.shut()
        is_open_to_all = replacing.may_open()
        todo = shut or " ".join(filter(None, (_key(), _other_keys())))
    if not connection.in_atomic_block:
        connection.close()
    if shut and is_open_to_all:
        raise OperatorError(shut)
    if todo:
        logger.critical(todo)  # at every LOG_LEVEL


def _worker() -> str:
    if jobs.worker_is_alive():
        return ""
    return "No sign of life for a minute. Run: manage.py work"


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (found,) = cursor.fetchone()
    return int(found)


def _roles() -> str:
    if _number(OWNED):
        return (
            "The site connects as a role that owns its tables, so what the database refuses could be switched "
            "off from within. Make a second role that owns nothing, set DATABASE_URL to it and "
            "DATABASE_OWNER_URL to the owner, and run: manage.py migrate"
        )
    if missing := _number(UNUSABLE):
        return (
            f"The role of DATABASE_URL may not use {missing} of the tables and sequences. "
            "Set DATABASE_OWNER_URL to the owner, and run: manage.py migrate"
        )
    if _number(TEMPORARY):
        database = connection.ops.quote_name(connection.settings_dict["NAME"])
        return (
            "The role of DATABASE_URL may make temporary tables, which could stand before real ones. "
            f"As the owner of the database: REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"
        )
    return ""


def _moderators() -> str:
    if at_work().exists():
        return ""
    return "None has a second factor, so nothing can be published. Invite one: manage.py create_staff --role moderator"


def _stuck() -> str:
    found = stuck()
    if not at_work().exists() or not found.total:
        return ""  # without moderators, the line about them says it
    todo = {
        "need more people than there are who have not judged them: invite another moderator": found.people,
        "are judged differently by two people: invite another lead": found.lead,
        "were passed on or left to others by everybody: as a lead open /moderation/lead/": found.left,
    }
    return "Nobody can take some. " + "; ".join(f"{count} {what}" for what, count in todo.items() if count) + "."


def _record() -> str:
    kept = Tally.objects.filter(code=RECORD).first()
    if kept is not None and kept.cells["sign"]:
        return "It is not as it was written. Keep a copy of the database, and run: manage.py verify_audit"
    since = timezone.now().date() - timedelta(days=DAYS_UNREAD)
    # A new site is read in its first night, so a record that is older and was never read is none of a new site.
    if kept.refreshed_on < since if kept else Anchor.objects.filter(day__lt=since).exists():
        return "Nobody has read it for days. Look whether the worker runs, and run: manage.py verify_audit"
    return ""


def mixed() -> str:
    """Say what to do when the rows of members' tables were not mixed lately."""
    if not mixing.is_late():
        return ""
    return (
        "The rows of some tables were not mixed for two days, so a copy of the database tells in which order they "
        "came. Look whether the worker runs, and run: manage.py mix"
    )


def _erasures() -> str:
    kept = settings.ERASURE_JOURNAL
    # Not by writing: a file that doctor makes may not be the site's to write.
    if os.access(kept if kept.exists() else kept.parent, os.W_OK) and not kept.is_dir():
        return ""
    return f"Let the site write {kept} (ERASURE_JOURNAL): until it can, nobody can erase anything."


def _operator() -> str:
    names = {"SITE_OPERATOR": settings.SITE_OPERATOR, "SITE_CONTACT": settings.SITE_CONTACT}
    empty = [name for name, value in names.items() if not value]
    return f"No page says it. Set {' and '.join(empty)}." if empty else ""


def _address() -> str:
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return ""
    return "Set ALLOWED_HOSTS to the site's own host names, separated by commas."


def _proxy() -> str:
    if settings.PROXY_DECIDED:
        return ""
    return (
        "Behind a proxy all visitors seem to come from one address and share its limits. Set BEHIND_PROXY=1 when "
        "one stands before the site and sets X-Forwarded-For and X-Forwarded-Proto, else BEHIND_PROXY=0."
    )


READINESS = (
    Check("Migrations", _migrations),
    Check("Ownership key", _key),
    Check("Other keys", _other_keys),
    Check("Worker", _worker),
)
DIAGNOSIS = (
    Check("Version", _version),
    *READINESS,
    Check("Safety of writes", health_ground.writes),
    Check("Clock", health_ground.clock, health_ground.clock_note),
    Check("Log of the database", health_ground.log),
    Check("Roles of the database", _roles),
    Check("Moderators", _moderators),
    Check("Texts that wait", _stuck),
    Check("Record of decisions", _record),
    Check("Nightly mix", mixed),
    Check("Large tables", health_ground.large),
)
WITHOUT_DATABASE = (
    Check("Who runs this", _operator),
    Check("Names", health_names.names),
    Check("Address", _address),
    Check("Proxy", _proxy),
    Check("Lines to other machines", health_ground.encrypted),
    Check("Erasures", _erasures),
    Check("Disk", health_ground.disk, health_ground.disk_note),
    Check("Backups", health_ground.backups),
    Check("What browsers are told", health_ground.told),
)
