"""A backup: what PostgreSQL's own program writes, encrypted while it is written to whom the operator named.

The file holds, under one age encryption (X25519, age-encryption.org/v1): a line that says what it is, a line of JSON
that says what must be found after restoring (``Manifest``), the output of ``pg_dump`` in its custom format, and the
seal of all that under the ownership key (``Seals``). No key of the site is in it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import IO

import pyrage
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg.conninfo import make_conninfo
from pyrage import x25519

from community import postgres, programs
from community.local import OperatorError
from community.manifest import FIRST_LINE, PASSING, Manifest, Seals, manifest
from community.replacing import refuse_unfinished


@contextmanager
def reachable() -> Iterator[None]:
    """See to it that the database answers: of a local run that is stopped, the server runs for this block."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        if not settings.EMBEDDED:
            reason = str(error).strip().splitlines()[0].rstrip(".")
            raise OperatorError(f"The database cannot be reached: {reason}.") from error
    else:
        yield
        return
    with postgres.Server(postgres.place(settings.DATA_DIR)):
        try:
            yield
        finally:
            connection.close()


@dataclass(frozen=True)
class Client:
    """One of PostgreSQL's own programs, and its version (18 for 18.4)."""

    path: Path
    version: int

    @classmethod
    def named(cls, name: str) -> Client:
        """Find a program: beside the embedded server in the local run, else where the system looks for programs."""
        found = str(programs.clients() / name) if settings.EMBEDDED else shutil.which(name)
        if found is None:
            raise OperatorError(f"The program {name} of PostgreSQL is not installed: install the client of its server.")
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        version = re.search(r"(\d+)", said)
        return cls(Path(found), int(version[1]) if version else 0)

    def check(self) -> None:
        """Refuse a program that is older than the server: it may not know all that is there."""
        connection.ensure_connection()
        server = connection.connection.info.server_version // 10_000
        if self.version < server:
            raise OperatorError(
                f"{self.path.name} is version {self.version} and the server {server}: install the client of the server."
            )

    @contextmanager
    def running(self, *options: str, stdin: int | None = None, stdout: int | None = None) -> Iterator[Running]:
        """Run it against the site's database; it is ended when the block is left."""
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "PGPASSWORD": _password()}
        command = [str(self.path), f"--dbname={_address()}", *options]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=said)
            try:
                yield Running(process, said)
            finally:
                process.kill()
                process.wait()
                for pipe in (process.stdin, process.stdout):
                    if pipe is not None:
                        with suppress(OSError):  # what was not taken goes nowhere
                            pipe.close()


def _address() -> str:
    """Return how the site reaches its database, without the password: who lists processes would read it."""
    ours = {"password", "prepare_threshold", "context", "cursor_factory"}
    given = {name: value for name, value in connection.get_connection_params().items() if name not in ours}
    return make_conninfo(**given)


def _password() -> str:
    return str(connection.get_connection_params().get("password") or "")


@dataclass(frozen=True)
class Running:
    """A program that runs, and what it complains about."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def complaint(self) -> str:
        """Return the first line of its complaints; those after it may quote rows."""
        self.said.seek(0)
        lines = self.said.read(4_000).decode(errors="replace").splitlines()
        return lines[0].rstrip(".") if lines else "it was ended"


class Source:
    """What is encrypted: the two lines, then what the program writes, then the seal. Failing, it keeps why."""

    def __init__(self, head: bytes, running: Running, done: Callable[[int], None]) -> None:
        self._ready, self._running, self._done = head, running, done
        self._seals, self._is_sealed = Seals(), False
        self._seals.take(head)

    def read(self, size: int = -1) -> bytes:
        """Return some more; at the end of a program that failed raise instead of ending."""
        if not self._ready and not self._is_sealed:
            self._ready = self._more(size)
        part, self._ready = self._ready[:size], self._ready[size:]
        return part

    def _more(self, size: int) -> bytes:
        assert self._running.process.stdout is not None  # noqa: S101 - for the type
        part = self._running.process.stdout.read(size)
        if part:
            self._seals.take(part)
            self._done(len(part))
            return part
        if self._running.process.wait() != 0:
            raise OSError("the program failed")
        self._is_sealed = True
        return self._seals.newest()


class Sink:
    """Where the encrypted bytes go. Failing, it keeps why."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, part: bytes) -> int:
        """Write all of it."""
        try:
            self._file.write(part)
        except OSError as error:
            self.error = error
            raise
        return len(part)

    def flush(self) -> None:
        """Leave it to the end, when the file is synced."""


def back_up(path: Path, *, replace: bool = False, done: Callable[[int], None] = lambda _bytes: None) -> Manifest:
    """Write a backup of this moment: whole and on the disk under its name, or not at all. Return what is in it."""
    if not settings.BACKUP_RECIPIENT:
        raise OperatorError("BACKUP_RECIPIENT is not set. Make the pair with: manage.py make_keys --backup FILE")
    if path.exists() and not replace:
        raise OperatorError(f"{path} exists. Name another file, or say --replace.")
    client = Client.named("pg_dump")
    with _new_file(path) as (file, spare):
        try:
            made = _encrypt(client, file, done)
            file.flush()
            os.fsync(file.fileno())
            spare.replace(path)
            _sync(path.parent)
        except (OperationalError, InterfaceError) as error:
            raise OperatorError("The database went away while it was read, so no backup was written.") from error
        except OSError as error:
            raise OperatorError(f"{path} cannot be written: {error.strerror}. No backup was written.") from error
    return made


def _encrypt(client: Client, file: IO[bytes], done: Callable[[int], None]) -> Manifest:
    client.check()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # While the dump is written this connection does nothing but hold the snapshot.
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"):
            cursor.execute("SELECT set_config(name, '0', true) FROM pg_settings WHERE name = %s", [limit])
        cursor.execute("SELECT pg_export_snapshot()")
        ((snapshot,),) = cursor.fetchall()
        refuse_unfinished()
        made, sink = manifest(client.version), Sink(file)
        options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
        options += [f"--exclude-table-data=public.{table}" for table in PASSING]
        with client.running(*options, stdout=subprocess.PIPE) as running:
            source = Source(FIRST_LINE + made.line, running, done)
            try:
                pyrage.encrypt_io(source, sink, [x25519.Recipient.from_str(settings.BACKUP_RECIPIENT)])
            except (pyrage.EncryptError, OSError) as error:
                if sink.error is not None:
                    raise sink.error from error
                raise OperatorError(
                    f"The database could not be read to its end ({running.complaint()}), so no backup was written."
                ) from error
    return made


def remove_old(folder: Path) -> int:
    """Remove the backups in a folder that are older than people are told they are kept; return how many."""
    removed = 0
    for one in too_old(folder):
        with suppress(OSError):  # doctor names what stays
            one.unlink()
            removed += 1
    return removed


def too_old(folder: Path) -> list[Path]:
    """Return the backups in a folder, half ones too, that are older than people are told they are kept."""
    since = time() - settings.BACKUP_DAYS * 86_400
    return [one for one in folder.glob("*.age*") if one.is_file() and one.stat().st_mtime < since]


@contextmanager
def _new_file(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """Open a file beside a path, for its owner's eyes; what a backup that was killed left there is written over."""
    spare = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(descriptor, "wb") as file:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OperatorError(f"Another backup is being written to {path} at this moment.") from error
        try:
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
            yield file, spare
        finally:
            spare.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make sure that a new name is still there after the power fails."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
