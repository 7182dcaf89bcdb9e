"""Bringing a backup back: looked through to its end first, then all of it or nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import pyrage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from pyrage import x25519

from community.backup import FIRST_LINE, TABLES, Client, Manifest, manifest
from community.local import OperatorError
from stories.actions.keys import SETTINGS, fits

ASIDE, HALF = "replaced", "half_restored"
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
LONGEST_HEAD = 4 * 1024 * 1024
Done = Callable[[int], None]


class BadBackup(OperatorError):
    """A file that cannot be restored here; nothing was changed."""


class Target(Protocol):
    """Where what is behind the two lines goes."""

    def write(self, part: bytes, /) -> int | None:
        """Take a part."""


class Nowhere:
    """A target for who only looks."""

    def write(self, part: bytes, /) -> int:
        """Forget it."""
        return len(part)


class Reader:
    """The encrypted file, telling how far it was read."""

    def __init__(self, file: IO[bytes], done: Done) -> None:
        self._file, self._done = file, done

    def read(self, size: int = -1) -> bytes:
        """Return some more."""
        part = self._file.read(size)
        self._done(len(part))
        return part


class Head:
    """Takes the two lines off what is decrypted, and passes the rest on."""

    def __init__(self, target: Target) -> None:
        self._target, self._head = target, b""
        self.manifest: Manifest | None = None

    def write(self, part: bytes) -> int:
        """Take a part."""
        if self.manifest is not None:
            self._target.write(part)
            return len(part)
        self._head += part
        first, ended, rest = self._head.partition(b"\n")
        line, whole, body = rest.partition(b"\n")
        if whole:
            if first + ended != FIRST_LINE:
                raise BadBackup(
                    "This backup was made by another version of the site; use the newest one to restore it."
                )
            self.manifest = Manifest(**json.loads(line))
            self._head = b""
            self._target.write(body)
        elif len(self._head) > LONGEST_HEAD:
            raise BadBackup("The file opens, but it is no backup of this site.")
        return len(part)

    def flush(self) -> None:
        """Keep nothing back."""


def read_identity(path: Path) -> x25519.Identity:
    """Read the secret half of the backups' pair."""
    try:
        lines = [line for line in path.read_text().split("\n") if line.strip() and not line.startswith("#")]
        return x25519.Identity.from_str(lines[0].strip())
    except (OSError, ValueError, IndexError, pyrage.IdentityError) as error:
        raise BadBackup(f"{path} is no identity file as `make_keys --backup` writes it.") from error


def decrypt(path: Path, identity: x25519.Identity, target: Target, *, done: Done) -> Manifest:
    """Decrypt a backup into a target and return what it says of itself; raise BadBackup for what is no whole one."""
    head = Head(target)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(Reader(file, done), head, [identity])
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise BadBackup(f"This identity does not open {path}: it was made for another recipient.") from error
        raise BadBackup(f"{path} is no backup, or its beginning is damaged.") from error
    except FileNotFoundError as error:
        raise BadBackup(f"There is no file {path}.") from error
    except BrokenPipeError:
        raise
    except (OSError, ValueError, TypeError) as error:
        raise BadBackup(f"{path} is cut off or damaged.") from error
    if head.manifest is None:
        raise BadBackup("The file opens, but it is no backup of this site.")
    return head.manifest


def check(found: Manifest, *, replace: bool, without_keys: bool) -> Client:
    """Refuse what cannot be restored here and now; return the program that will do it. Nothing is changed."""
    _put_back()
    program = Client.named("pg_restore")
    program.check()
    known = MigrationLoader(connection).disk_migrations
    if any((app, name) not in known for app, name in found.migrations):
        raise BadBackup("This backup was made by a newer version of the site: bring the site up to date first.")
    with connection.cursor() as cursor:
        server = cursor.connection.info.server_version // 10_000
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND usename IS NOT NULL"
        )
        ((others,),) = cursor.fetchall()
        cursor.execute(TABLES)
        tables = cursor.fetchall()
    if found.postgres > server or found.program > program.version:
        raise BadBackup(f"This backup is of PostgreSQL {max(found.postgres, found.program)}, newer than the one here.")
    strange = [SETTINGS[one] for one, value in found.keys.items() if not fits(one, bytes.fromhex(value))]
    if strange and not without_keys:
        raise BadBackup(f"{' and '.join(strange)} are not those of this backup. Put them back, or say --without-keys.")
    if others:
        raise BadBackup(f"{others} others are connected to the database: stop the web server and the worker first.")
    if tables and not replace:
        raise BadBackup("The database has tables. Name an empty one, or say --replace.")
    return program


def restore(path: Path, identity: x25519.Identity, program: Client, *, done: Done) -> None:
    """Put a backup in the place of what is there, and look whether all of it came back; else leave all as it was."""
    try:
        _restore(path, identity, program, done=done)
    except (OperationalError, InterfaceError) as error:
        raise OperatorError(
            "The database went away. Start it and run this again: it first puts back what was there."
        ) from error


def _restore(path: Path, identity: x25519.Identity, program: Client, *, done: Done) -> None:
    with _aside():
        connection.ensure_connection()
        options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
        with program.running(*options, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as running:
            pipe = running.process.stdin
            assert pipe is not None  # noqa: S101 - for the type
            try:
                found = decrypt(path, identity, pipe, done=done)
                pipe.close()
            except BrokenPipeError:
                found = None
            if running.process.wait() != 0 or found is None:
                raise OperatorError(f"PostgreSQL did not take the backup ({running.complaint()}). Nothing was changed.")
        with transaction.atomic():
            differ = differences(found)
        if differ:
            raise OperatorError(f"Not all of the backup came back ({', '.join(differ)}). Nothing was changed.")


def differences(meant: Manifest) -> list[str]:
    """Say what in the database is not as the backup says."""
    found = manifest(meant.program)
    differ = [name for name, count in meant.counts.items() if found.counts.get(name) != count]
    parts = {
        "triggers and constraints": found.guards == meant.guards,
        "the end of the record": found.head == meant.head,
        "migrations": found.migrations == meant.migrations,
        "checks of the keys": found.keys == meant.keys,
    }
    return differ + [name for name, is_same in parts.items() if not is_same]


@contextmanager
def _aside() -> Iterator[None]:
    """Set what is there aside while the block puts something in its place; put it back if that fails."""
    try:
        with transaction.atomic():
            _run(f"CREATE SCHEMA {ASIDE}")
            _move("public", ASIDE)
        yield
    except BaseException:
        _put_back()
        raise
    _run(f"DROP SCHEMA {ASIDE} CASCADE")


@transaction.atomic
def _put_back() -> None:
    """Put back what was set aside, also by a restore that was killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
        if not cursor.fetchall():
            return
    _run(f"CREATE SCHEMA {HALF}")
    _move("public", HALF)
    _run(f"DROP SCHEMA {HALF} CASCADE")
    _move(ASIDE, "public")
    _run(f"DROP SCHEMA {ASIDE}")


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
