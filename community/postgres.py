"""The embedded PostgreSQL of the local run and the tests.

The programs come from a wheel; the few lines around them are ours. The server listens on a socket in a
private directory only. When root runs the site, the server runs as an existing account without rights,
with a copy of the programs and its data in a place of their own, so that no directory of anybody's
has to be opened.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import psycopg

from community import children, programs, roles
from community.local import Claim
from community.place import ADMIN, ROOTS_PLACE, Place, PostgresError, place

__all__ = ["Place", "PostgresError", "Server", "place", "remove"]

_LEAST_FREE_BYTES = 300 * 1024 * 1024
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_FAST = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0))

# The server's own log must not hold what people wrote.
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    # The text of an error may quote what was typed; whoever asked gets it, the log does not.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
    "track_commit_timestamp": "off",
    "log_lock_waits": "off",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}
_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def remove(data_dir: Path) -> None:
    """Delete the data directory with its cluster, wherever that lives; refuse while it runs."""
    cluster = place(data_dir)
    with Claim(data_dir / "postgres.lock"):
        _end_stale(cluster)
        for directory in (cluster.home, cluster.socket_dir):
            shutil.rmtree(directory, ignore_errors=True)
    shutil.rmtree(data_dir)


class Server:
    """One PostgreSQL server, a child of this process."""

    def __init__(self, where: Place, *, durable: bool = True, binaries: Path | None = None) -> None:
        """Name the cluster; `binaries` is a directory with another PostgreSQL's initdb and postgres."""
        self._place = where
        self._data = where.home / "data"
        self._log = where.data_dir / "postgres.log"
        self._settings = _SETTINGS if durable else {**_SETTINGS, **_NOT_DURABLE}
        self._binaries = binaries
        self._account = programs.account()
        self._claim = Claim(where.data_dir / "postgres.lock")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the server's first process, while it runs."""
        return self._process.pid if self._process and self.running() else None

    def start(self) -> None:
        """Make the cluster when it is new, start the server, wait until it answers, and make both roles."""
        self._claim.take()
        try:
            binaries = self._binaries or programs.binaries(self._account)
            self._make_directories()
            _end_stale(self._place)
            if not self._data.exists():
                self._make_cluster(binaries)
            self._launch(binaries)
            roles.prepare_roles(self._place.url(ADMIN), self._place.passwords)
        except (OSError, psycopg.Error) as error:
            self.stop()
            raise PostgresError(f"PostgreSQL cannot be started: {error}".strip()) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server in order; what was committed stays."""
        if self._process is not None:
            children.end(self._process, _FAST)
            self._process = None
        self._claim.release()

    def running(self) -> bool:
        """Say whether the server's first process is alive."""
        return self._process is not None and not children.ended(self._process)

    def __enter__(self) -> Server:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _make_directories(self) -> None:
        if self._account:
            ROOTS_PLACE.mkdir(mode=0o755, exist_ok=True)
        for directory in {self._place.home, self._place.socket_dir}:
            with contextlib.suppress(FileExistsError):
                directory.mkdir(mode=0o700)
                if self._account:
                    os.chown(directory, self._account.user, self._account.group)
            wanted = self._account.user if self._account else os.geteuid()
            if directory.is_symlink() or directory.stat().st_uid != wanted:
                raise PostgresError(f"{directory} belongs to somebody else; set DATA_DIR to a new directory.")
        if shutil.disk_usage(self._place.home).free < _LEAST_FREE_BYTES:
            raise PostgresError(f"The disk of {self._place.home} is full: PostgreSQL needs 300 MB free.")

    def _make_cluster(self, binaries: Path) -> None:
        unfinished = self._place.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self._place.home / f"password.{secrets.token_hex(8)}"
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self._place.passwords[ADMIN] + "\n")
            if self._account:
                os.fchown(descriptor, self._account.user, self._account.group)
        command: list[str | Path] = [binaries / "initdb", "--pgdata", unfinished, "--username", ADMIN]
        command += ["--pwfile", password_file, "--auth=scram-sha-256", "--data-checksums"]
        command += ["--locale=C.UTF-8", "--encoding=UTF8"]
        if self._settings.get("fsync") == "off":
            command.append("--no-sync")
        try:
            with self._open_log() as log:
                made = self._spawn(command, log).wait()
        finally:
            password_file.unlink(missing_ok=True)
        if made != 0:
            raise PostgresError(f"PostgreSQL could not make its files: {self._last_words()}")
        unfinished.rename(self._data)

    def _launch(self, binaries: Path) -> None:
        """Start the server and wait for its first answer; recovery after a crash takes its time."""
        settings = {**self._settings, "unix_socket_directories": f'"{self._place.socket_dir}"'}
        command: list[str | Path] = [binaries / "postgres", "-D", self._data]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + 120
        while True:
            with self._open_log() as log:
                self._process = self._spawn(command, log)
            seconds = deadline - time.monotonic()
            if children.wait_until(lambda: self._answers() or not self.running(), seconds):
                if self.running():
                    return
                children.kill_group(self._process)
                # Processes of a server that was killed need a moment to notice.
                if "still in use" in self._last_words() and time.monotonic() < deadline - 100:
                    time.sleep(0.2)
                    continue
            raise PostgresError(f"PostgreSQL did not start: {self._last_words()}")

    def _spawn(self, command: list[str | Path], log: int) -> subprocess.Popen[bytes]:
        return children.spawn(
            command,
            at_parents_death=signal.SIGINT,
            account=self._account,
            environment=_ENVIRONMENT,
            directory=self._place.home,
            output=log,
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._place.url(ADMIN, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if "password authentication" in str(error):
                raise PostgresError(
                    f"The passwords kept in {self._place.data_dir} are not those of its database; "
                    "bring the old file back, or set DATA_DIR to a new directory."
                ) from error
            return False
        return True

    @contextlib.contextmanager
    def _open_log(self) -> Iterator[int]:
        """Open the server's log, new at each start; it stays in a directory of the operator's own."""
        descriptor = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _last_words(self) -> str:
        """Return the last complaint in the log, or its last line, as the end of a sentence."""
        lines = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        complaints = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
        return (complaints or lines or ["it said nothing"])[-1].strip()


def _end_stale(where: Place) -> None:
    """Stop a server that a killed parent left behind, and clear its marks."""
    data = where.home / "data"
    mark = data / "postmaster.pid"
    try:
        number = int(mark.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    for stop, seconds in (*_FAST, (signal.SIGKILL, 5.0)):
        if not _serves(number, data):
            break
        os.kill(number, stop)
        children.wait_until(lambda: not _serves(number, data), seconds)
    # Its number may belong to another program by now; shared memory still in use is noticed without it.
    mark.unlink(missing_ok=True)
    (where.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _serves(number: int, data: Path) -> bool:
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(data) in command
