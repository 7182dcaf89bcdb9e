"""The two login roles of the database: one owns and migrates, one serves the site and owns nothing."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from community.local import OperatorError

OWNER = "fernway_owner"
WEB = "fernway_web"
DATABASE = "fernway"
OLDEST_VERSION = 15

_ATTRIBUTES = {
    OWNER: "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    WEB: "LOGIN NOINHERIT NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS",
}
_RIGHTS = (
    "SELECT, INSERT, UPDATE, DELETE ON {}TABLES",
    "USAGE, SELECT ON {}SEQUENCES",
    "EXECUTE ON {}FUNCTIONS",
)
_LATER = "ALTER DEFAULT PRIVILEGES FOR ROLE {} "


def prepare_roles(superuser: str, passwords: Mapping[str, str], *, database: str = DATABASE) -> None:
    """Make both roles and the database on a server, given a connection string of its superuser.

    Running it again changes nothing but the passwords. Default privileges are set in template1 too,
    so that databases made for tests have them.
    """
    with _connect(superuser, "template1") as connection:
        for role, attributes in _ATTRIBUTES.items():
            _ensure_role(connection, role, attributes, passwords[role])
        # Tests connect as the owner and step down to the web role.
        stepping = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160_000 else ""
        _execute(connection, "GRANT {} TO {}" + stepping, WEB, OWNER)
        _grant_by_default(connection, OWNER, WEB)
    with _connect(superuser, "postgres") as connection:
        _ensure_database(connection, database)
        # A temporary table could stand before a real one in the eyes of a trigger.
        _execute(connection, "REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC", database)
        _execute(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, WEB)
    with _connect(superuser, database) as connection:
        _grant_by_default(connection, OWNER, WEB)


def grant(connection: psycopg.Connection, role: str) -> None:
    """Let a role, and nobody else, use all that this connection's role owns, now and later.

    Temporary tables are for nobody; that is for who owns the database to say, and where another does, doctor tells.
    """
    _execute(connection, "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
    for rights in _RIGHTS:
        _execute(connection, "GRANT " + rights.format("ALL ") + " IN SCHEMA public TO {}", role)
    _grant_by_default(connection, connection.info.user, role)
    database = connection.info.dbname
    owned = connection.execute(
        "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = %s", [database]
    ).fetchone()
    if owned and owned[0]:
        # A temporary table could stand before a real one in the eyes of a trigger.
        _execute(connection, "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}", database, role)


def withhold(connection: psycopg.Connection, role: str) -> None:
    """Give a role no right to what this connection's role makes from now on, until the next ``grant``."""
    for rights in _RIGHTS:
        _execute(connection, _LATER + "REVOKE " + rights.format("") + " FROM {}", connection.info.user, role)


def check_version(url: str) -> None:
    """Refuse a server that cannot be reached or is older than the oldest version the site runs on."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.ProgrammingError as error:
        raise OperatorError(
            "DATABASE_URL is no address of a PostgreSQL server; write it as postgres://user:password@host:5432/name."
        ) from error
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise OperatorError(f"The PostgreSQL server of DATABASE_URL cannot be reached: {reason}.") from error
    if version < OLDEST_VERSION * 10_000:
        raise OperatorError(
            f"Fernway needs PostgreSQL {OLDEST_VERSION} or newer; the server of DATABASE_URL "
            f"is {version // 10_000}.{version % 10_000}."
        )


def _connect(superuser: str, database: str) -> psycopg.Connection:
    return psycopg.connect(superuser, dbname=database, connect_timeout=10, autocommit=True)


def _execute(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _ensure_role(connection: psycopg.Connection, role: str, attributes: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "ALTER" if known else "CREATE"
    statement = sql.SQL(verb + " ROLE {} WITH " + attributes + " PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _ensure_database(connection: psycopg.Connection, database: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        _execute(connection, "CREATE DATABASE {} OWNER {}", database, OWNER)


def _grant_by_default(connection: psycopg.Connection, owner: str, role: str) -> None:
    for rights in _RIGHTS:
        _execute(connection, _LATER + "GRANT " + rights.format("") + " TO {}", owner, role)
