"""Setting the whole database aside while another takes its place, and putting it back.

As long as the schema ``replaced`` is there, a restore is under way or was cut off. Until it has done everything, to
forgetting again what was erased, the site's own role may use no table: nobody reads or writes what is half ready.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from community import roles
from community.local import OperatorError

ASIDE, HALF = "replaced", "half_restored"
CUT_OFF = (
    "A restore is under way or was cut off, and the site is shut. If it was cut off, run this, which throws away "
    "what it brought and puts back what was there before: manage.py restore --put-back "
    "(in the local run: make restore PUT_BACK=1)"
)
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


def unfinished() -> bool:
    """Say whether a restore has begun and not come to its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
        return bool(cursor.fetchall())


def refuse_unfinished() -> None:
    """Raise OperatorError while a restore has not come to its end."""
    if unfinished():
        raise OperatorError(CUT_OFF)


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
            _open()
            _run(f"DROP SCHEMA {ASIDE} CASCADE")
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
    """Let the site's role use what is there; it may be the owner itself."""
    if not settings.ONE_ROLE:
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


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
