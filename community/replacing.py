"""Setting the whole database aside while another takes its place, and putting it back.

As long as the schema ``replaced`` is there, a restore is under way or was cut off; as long as the table
``replay_owed`` is there, one was done, and what was erased since has still to be erased again. Until both are gone the
site is shut: its own role may use no table, so nobody reads or writes what is half ready. With one role for everything
web server and worker refuse to start instead, when the database can tell them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from psycopg import sql

from community import roles
from community.local import OperatorError

ASIDE, HALF, OWED = "replaced", "half_restored", "replay_owed"
CUT_OFF = (
    "A restore is under way or was cut off, and the site is shut. If it was cut off, run this, which throws away "
    "what it brought and puts back what was there before: manage.py restore --put-back "
    "(in the local run: make restore PUT_BACK=1)"
)
OWES = (
    "A backup was brought back, and what was erased or taken down since is there again, so the site is shut. Put the "
    "newest copy of ERASURE_JOURNAL and the right OWNERSHIP_KEYS in place, and run: manage.py replay_erasures (in the "
    "local run: make restore REPLAY=1). When one of them is lost for good, run it with --without-journal"
)
# Both can be read by a role that may use no table.
MARKS = """
    SELECT nspname FROM pg_namespace WHERE nspname = %s
    UNION ALL SELECT relname FROM pg_class WHERE relname = %s AND relnamespace = 'public'::regnamespace
"""
OWN = """
    SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = %s
    UNION ALL SELECT pg_has_role(relowner, 'USAGE') FROM pg_class
    WHERE relname = %s AND relnamespace = 'public'::regnamespace
"""
# Functions first: they are called by the types that they take, whose names change with the schema.
MOVABLE = """
    WITH kept AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
    owned AS (SELECT objid FROM pg_depend WHERE deptype IN ('a', 'i') AND classid = 'pg_class'::regclass)
    SELECT 'ROUTINE', oid::regprocedure::text
    FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
    AND ('pg_proc'::regclass, oid) NOT IN (SELECT * FROM kept)
    UNION ALL SELECT 'TYPE', t.oid::regtype::text
    FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE typnamespace = %(schema)s::regnamespace AND (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND relkind = 'c')
    AND ('pg_type'::regclass, t.oid) NOT IN (SELECT * FROM kept)
    UNION ALL SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
        ELSE 'TABLE' END,
        oid::regclass::text
    FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    AND ('pg_class'::regclass, oid) NOT IN (SELECT * FROM kept) AND NOT (relkind = 'S' AND oid IN (SELECT * FROM owned))
"""


def _marks() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(MARKS, [ASIDE, OWED])
        return {name for (name,) in cursor.fetchall()}


def unfinished() -> bool:
    """Say whether a restore has begun and not come to its end."""
    return ASIDE in _marks()


def owes_replay() -> bool:
    """Say whether a backup was brought back and the journal of erasures was not replayed to its end since."""
    return OWED in _marks()


def shut() -> str:
    """Say why the site is shut and what opens it; nothing when it is open."""
    marks = _marks()
    return CUT_OFF if ASIDE in marks else OWES if marks else ""


def refuse_unfinished() -> None:
    """Raise OperatorError while a restore has not come to its end."""
    if unfinished():
        raise OperatorError(CUT_OFF)


def refuse_shut() -> None:
    """Raise OperatorError while the site is shut."""
    if why := shut():
        raise OperatorError(why)


def may_open() -> bool:
    """Say whether who is connected owns what is shut, so that nothing in the database keeps them out of it."""
    with connection.cursor() as cursor:
        cursor.execute(OWN, [ASIDE, OWED])
        return (True,) in cursor.fetchall()


def owe_replay(known: str = "") -> None:
    """Keep the site shut until the journal of erasures was replayed, which is to go on from what the backup knew."""
    _run(f"CREATE TABLE IF NOT EXISTS {OWED} ()")
    _run(sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(OWED), sql.Literal(known)))


def known_journal() -> str:
    """Return what the backup that was brought back knew of the journal of erasures; nothing when none was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(obj_description(to_regclass(%s), 'pg_class'), '')", [OWED])
        ((known,),) = cursor.fetchall()
    return str(known)


@transaction.atomic
def settle_replay() -> None:
    """Open the site: all that the journal names was done again. Within a restore, its end does that."""
    if owes_replay():
        _run(f"DROP TABLE {OWED}")
        _open()


def others() -> str:
    """Say that somebody else is connected, what a killed restore started among them; nothing when nobody is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND usename IS NOT NULL"
        )
        ((count,),) = cursor.fetchall()
    return f"{count} others are connected to the database: stop the web server and the worker first." if count else ""


@contextmanager
def aside() -> Iterator[None]:
    """Set what is there aside while the block puts something in its place and makes it ready; else put it back."""
    try:
        _set_aside()
        yield
        with transaction.atomic():
            _run(f"DROP SCHEMA {ASIDE} CASCADE")
            _open()
    except BaseException as error:
        try:
            _put_back()
        except (OperationalError, InterfaceError):
            again = "manage.py restore --put-back"
            raise OperatorError(f"The database went away. Start it, and put back what was there: {again}") from error
        if isinstance(error, DatabaseError | InterfaceError):
            raise OperatorError(f"PostgreSQL refused it ({type(error).__name__}). Nothing was changed.") from error
        raise


def put_back() -> None:
    """Throw away what a restore that was cut off has brought, and put back what was there before it."""
    if not unfinished():
        raise OperatorError("No restore was cut off here, so there is nothing to put back.")
    if wrong := others():
        raise OperatorError(wrong)
    _put_back()


@transaction.atomic
def _set_aside() -> None:
    _run(f"CREATE SCHEMA {ASIDE}")
    _move("public", ASIDE)
    if not settings.ONE_ROLE:
        roles.withhold(connection.connection, settings.WEB_ROLE)


@transaction.atomic
def _put_back() -> None:
    if not unfinished():
        return
    _run(f"CREATE SCHEMA {HALF}")
    _move("public", HALF)
    _run(f"DROP SCHEMA {HALF} CASCADE")
    _move(ASIDE, "public")
    _run(f"DROP SCHEMA {ASIDE}")
    _open()


def _open() -> None:
    """Let the site's role, which may be the owner itself, use what is there, unless something is still to be done."""
    if not settings.ONE_ROLE and not shut():
        roles.grant(connection.connection, settings.WEB_ROLE)


def _move(of: str, to: str) -> None:
    """Move all of a schema but what extensions brought, which is not ours to move."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', '', true)")  # so that names are told with their schema
        cursor.execute(MOVABLE, {"schema": of})
        found = cursor.fetchall()
        for kind, name in found:
            cursor.execute(f"ALTER {kind} {name} SET SCHEMA {to}")
        cursor.execute("RESET search_path")


def _run(statement: str | sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
