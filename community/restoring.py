"""Bringing a backup back: looked through to its end first, then all of it or nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from pyrage import x25519

from community.backup import Client
from community.local import OperatorError
from community.manifest import FIRST_LINE, SEAL_BYTES, TABLES, Manifest, Seals, manifest
from community.replacing import others, refuse_unfinished
from stories.actions.keys import SETTINGS, fits

Identity = x25519.Identity
LONGEST_HEAD = 4 * 1024 * 1024
Done = Callable[[int], None]


class BadBackup(OperatorError):
    """A file that cannot be restored here; nothing was changed."""


@dataclass(frozen=True)
class Opened:
    """What a backup says of itself, and whether its seal proves that this site made it."""

    says: Manifest
    is_ours: bool


class Target(Protocol):
    """Where what is between the two lines and the seal goes."""

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


class Parts:
    """Takes the two lines and the seal off what is decrypted, and passes on what is between."""

    def __init__(self, target: Target) -> None:
        self._target, self._seals, self._kept = target, Seals(), b""
        self.manifest: Manifest | None = None

    def write(self, part: bytes) -> int:
        """Take a part; the last bytes are kept back, since they may be the seal."""
        self._kept += part
        if self.manifest is None:
            self._take_lines()
        if self.manifest is not None:
            body, self._kept = self._kept[:-SEAL_BYTES], self._kept[-SEAL_BYTES:]
            self._seals.take(body)
            self._target.write(body)
        return len(part)

    def _take_lines(self) -> None:
        first, ended, rest = self._kept.partition(b"\n")
        line, whole, body = rest.partition(b"\n")
        if whole:
            if first + ended != FIRST_LINE:
                raise BadBackup(
                    "This backup was made by another version of the site: take the version of its days, then update it."
                )
            self.manifest = Manifest(**json.loads(line))
            self._seals.take(first + ended + line + whole)
            self._kept = body
        elif len(self._kept) > LONGEST_HEAD:
            raise BadBackup("The file opens, but it is no backup of this site.")

    def flush(self) -> None:
        """Wait for the end, which tells what the seal is."""

    @property
    def is_ours(self) -> bool:
        """Say at the end whether the seal fits all that came before it."""
        return self._seals.fit(self._kept)


def read_identity(path: Path) -> x25519.Identity:
    """Read the secret half of the backups' pair."""
    try:
        lines = [line for line in path.read_text().split("\n") if line.strip() and not line.startswith("#")]
        return x25519.Identity.from_str(lines[0].strip())
    except (OSError, ValueError, IndexError, pyrage.IdentityError) as error:
        raise BadBackup(f"{path} is no identity file as `make_keys --backup` writes it.") from error


def decrypt(path: Path, identity: x25519.Identity, target: Target, *, done: Done) -> Opened:
    """Decrypt a backup into a target and return what it says of itself; raise BadBackup for what is no whole one."""
    parts = Parts(target)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(Reader(file, done), parts, [identity])
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
    if parts.manifest is None:
        raise BadBackup("The file opens, but it is no backup of this site.")
    return Opened(parts.manifest, parts.is_ours)


def check(opened: Opened, *, without_keys: bool, without_seal: bool) -> Client:
    """Refuse what cannot be restored here; return the program that will do it. Nothing is changed."""
    refuse_unfinished()
    program = Client.named("pg_restore")
    program.check()
    _check_version(opened.says, program)
    if not without_keys:
        _check_keys(opened.says)
    if not (without_seal or opened.is_ours):
        # Somebody else's would be run as the owner of the database.
        raise BadBackup(
            "Nothing proves that this site made this backup: its seal was not made with OWNERSHIP_KEYS. Take another, "
            "or, when you are sure of it, say --without-seal."
        )
    return program


def in_the_way(*, replace: bool, one_role: bool) -> str:
    """Say what else forbids it at this moment; nothing when it may be done."""
    if wrong := others():
        return wrong
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        if not cursor.fetchall():
            return ""
    if not replace:
        return "The database has tables. Name an empty one, or say --replace."
    if settings.ONE_ROLE and not one_role:
        return (
            "The site connects as the owner of the tables: if this were cut off, it could be started half ready. "
            "Set DATABASE_OWNER_URL, or see to it that nothing starts the site and say --one-role."
        )
    return ""


def _check_version(says: Manifest, program: Client) -> None:
    known = MigrationLoader(connection).disk_migrations
    if any((app, name) not in known for app, name in says.migrations):
        raise BadBackup("This backup was made by a newer version of the site: bring the site up to date first.")
    server = connection.connection.info.server_version // 10_000
    if says.postgres > server or says.program > program.version:
        raise BadBackup(f"This backup is of PostgreSQL {max(says.postgres, says.program)}, newer than the one here.")


def _check_keys(says: Manifest) -> None:
    differ = (one for one, value in says.keys.items() if not fits(one, bytes.fromhex(value)))
    if strange := list(dict.fromkeys(SETTINGS[one] for one in differ)):
        raise BadBackup(f"{' and '.join(strange)} are not those of this backup. Put them back, or say --without-keys.")


def fill(path: Path, identity: x25519.Identity, program: Client, *, meant: Opened, done: Done) -> None:
    """Put into an empty database what a backup holds, and look whether all of it came."""
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
    if found != meant:
        raise OperatorError(f"{path} was changed while it was read. Nothing was changed here.")
    with transaction.atomic():
        differ = differences(found.says)
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
