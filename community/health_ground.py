"""What the site stands on: what the database keeps and its log does not, clock, disk, lines, what browsers are told."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from time import time
from typing import Any

import psycopg
import urllib3
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from urllib3.exceptions import HTTPError

from community import environment
from community.actions import mixing
from community.backup import too_old
from community.headers import bare, page_policy
from community.place import place

# Without these a text that was taken can be gone after a power cut; without checksums nobody notices a broken disk.
SAFE_WRITES = {"fsync": "on", "full_page_writes": "on", "data_checksums": "on"}
# Anything but these waits until a text is on the disk.
UNSAFE_COMMITS = frozenset({"off"})
# What PostgreSQL's own log must not do, since it would keep what people wrote or when they were here.
LOG_SETTINGS = {
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
}
QUIETER = {"log_min_messages": {"fatal", "panic"}}
# A library of the server that writes whole statements into the log. Which libraries it loads only a superuser is told,
# but what this one is set to, everybody.
EXPLAINS = "SELECT current_setting('auto_explain.log_min_duration', true)"
DATA_DIRECTORY = "SELECT setting FROM pg_settings WHERE name = 'data_directory'"
SECONDS_APART = 5
# What systemd leaves when a time server answered, and what shows that it began this machine.
TIME_SYNCED, INIT = Path("/run/systemd/timesync/synchronized"), Path("/run/systemd/system")
CLOCK_UNSET = 5  # TIME_ERROR
TIMEX_BYTES = 512  # more than the kernel's structure has, which is 208 (all zero: nothing is changed)
LEAST_FREE_BYTES, LEAST_FREE_SHARE = 1024**3, 0.05
SECONDS_TO_ANSWER = 5.0
DAYS_NEW = 2


def writes() -> str:
    """Say what lets the database lose what it said it had."""
    found = _set([*SAFE_WRITES, "synchronous_commit"])
    wrong = [f"{name} = {value}" for name, value in SAFE_WRITES.items() if found.get(name, value) != value]
    if found.get("synchronous_commit") in UNSAFE_COMMITS:
        wrong.append("synchronous_commit = on")
    if not wrong:
        return ""
    how = "Set in postgresql.conf and restart"
    if "data_checksums = on" in wrong:
        how += " (data_checksums: stop the server and run pg_checksums --enable)"
    return f"What was sent could be lost, or spoilt unnoticed. {how}: {', '.join(wrong)}"


def log() -> str:
    """Say what lets the database's own log keep what people wrote, or when."""
    found = _set(LOG_SETTINGS)
    wrong = [
        f"{name} = {value}"
        for name, value in LOG_SETTINGS.items()
        if found.get(name, value) not in {value, *QUIETER.get(name, ())}
    ]
    with connection.cursor() as cursor:
        cursor.execute(EXPLAINS)
        (explains,) = cursor.fetchone()
    if explains not in {None, "-1"}:
        wrong.append("auto_explain.log_min_duration = -1 (better: take auto_explain out of the libraries it loads)")
    if not wrong:
        return ""
    return f"It may keep what people wrote, or when. Set in postgresql.conf and restart: {', '.join(wrong)}"


def clock() -> str:
    """Say how far the clock of this machine is from the database's, and when both are one, that nothing sets it.

    One that is wrong opens no second step: an app's code counts for half a minute.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    apart = round(abs((there - datetime.now(UTC)).total_seconds()))
    if apart > SECONDS_APART:
        return f"It is {apart} seconds from the database's. Let both machines follow a time server (chrony, for one)."
    if _database_is_here() and is_set() is False:
        return "No time server sets it. Let this machine follow one (systemd-timesyncd, or chrony with rtcsync)."
    return ""


def clock_note() -> str:
    """Say when nobody here knows whether a time server sets the clock."""
    if not _database_is_here() or is_set():
        return ""
    return "whether a time server sets it is not known here: look at the machine that this one runs on"


def is_set() -> bool | None:
    """Say whether a time server sets the clock of this machine; None when that is not known, as in a container.

    The kernel's word counts (adjtimex(2)), and against it only where an init of its own could have started a server.
    """
    if TIME_SYNCED.exists():
        return True
    state = _kernel_clock()
    if state in {-1, CLOCK_UNSET}:
        return False if state == CLOCK_UNSET and INIT.exists() else None
    return True


def _kernel_clock() -> int:
    """Return the state of the kernel's clock, which is only read; -1 where it does not say."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES)))
    except (AttributeError, OSError, TypeError):
        return -1


def disk() -> str:
    """Say when the disk of the site's files, or of the database here, is nearly full."""
    for directory in _kept():
        used = shutil.disk_usage(_nearest(directory))
        if used.free < max(LEAST_FREE_BYTES, LEAST_FREE_SHARE * used.total):
            return f"{used.free // 1024**2} MB are left where {directory} is. Make room: a full disk ends everything."
    return ""


def disk_note() -> str:
    """Say which directories were looked at."""
    unknown = "" if _database_directory() else "; not at the database's own files, whose place is not known here"
    return f"looked at {', '.join(map(str, _kept()))}{unknown}"


def _kept() -> list[Path]:
    """Return the directories that must not run out of room."""
    ours = {settings.DATA_DIR, settings.STATIC_ROOT, settings.ERASURE_JOURNAL.parent}
    return sorted(ours | set(filter(None, [_database_directory()])))


def _database_directory() -> Path | None:
    """Return where a database on this machine keeps its files, if a role of ours may know it."""
    if settings.EMBEDDED:
        return place(settings.DATA_DIR).home
    if not _database_is_here():
        return None
    found: list[str] = []
    with suppress(DatabaseError, InterfaceError):
        found += _set(["data_directory"]).values()
    if not found and (url := os.environ.get("DATABASE_OWNER_URL")):
        with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=int(SECONDS_TO_ANSWER)) as owner:
            found += [row[0] for row in owner.execute(DATA_DIRECTORY)]
    with suppress(OSError):  # one that may not be looked into, or is another machine's behind a tunnel
        return next((Path(one) for one in found if Path(one).is_dir()), None)
    return None


def backups() -> str:
    """Say which backups are kept for longer than people are told, and whether new ones have ceased to come."""
    folder = settings.DATA_DIR / "backups"
    if not (old := too_old(folder)):
        made = [one.stat().st_mtime for one in folder.glob("*.age")]
        days = (time() - max(made)) / 86_400 if made else 0
        return f"The newest in {folder} is {days:.0f} days old. Make one: manage.py backup" if days > DAYS_NEW else ""
    return (
        f"{len(old)} in {folder} are older than {settings.BACKUP_DAYS} days, as long as people are told. Delete them."
    )


def _nearest(directory: Path) -> Path:
    """Return a directory, or what it will be made in."""
    return next(one for one in (directory, *directory.parents) if one.exists())


def _set(names: Iterable[str]) -> dict[str, str]:
    """Return what the database's settings of these names are, as far as it has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(names)])
        return dict(cursor.fetchall())


def encrypted() -> str:
    """Say which servers elsewhere are reached without TLS, or by a way that takes any certificate for theirs."""
    todo, databases = [], [connection.get_connection_params()]
    if url := os.environ.get("DATABASE_OWNER_URL"):
        owner = environment.database("DATABASE_OWNER_URL", url)
        databases.append({"host": owner.get("HOST")} | owner.get("OPTIONS", {}))
    if any(map(_is_bare, databases)):
        todo.append("End DATABASE_URL and DATABASE_OWNER_URL with ?sslmode=verify-full&sslrootcert=FILE")
    mail = settings.MAIL
    if mail and not mail["use_tls"] and not mail["use_ssl"] and not _is_here(mail["host"]):
        todo.append("Begin MAIL_URL with smtp+tls:// (port 587) or smtp+ssl:// (port 465)")
    return f"Whoever is on the way can read and change what goes. {'. '.join(todo)}." if todo else ""


def _is_bare(known: Mapping[str, Any]) -> bool:
    """Say whether a database elsewhere is reached by parameters that let somebody on the way stand in for it."""
    hosts = str(known.get("host") or os.environ.get("PGHOST", "")).split(",")
    mode = known.get("sslmode") or os.environ.get("PGSSLMODE", "")
    return mode != "verify-full" and not all(map(_is_here, hosts))


def _database_is_here() -> bool:
    """Say whether the database runs on this machine."""
    host = str(connection.get_connection_params().get("host") or os.environ.get("PGHOST", ""))
    return all(map(_is_here, host.split(",")))


def _is_here(host: str) -> bool:
    """Say whether a name is this machine's own: a socket in its files, or an address that leaves it nowhere."""
    if host in {"", "localhost"} or host.startswith(("/", "@")):
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False


def large() -> str:
    """Say which tables are too large to be rewritten every night, and were not for a month."""
    if not (found := mixing.long_ago()):
        return ""
    return (
        f"{', '.join(found)}: too large to be rewritten every night (MIX_MEGABYTES), so bytes of rows that went stay "
        "in their files. Once a month, in a quiet hour, run: manage.py mix --all. Who reads them waits meanwhile."
    )


def told() -> str:
    """Ask the site for a page as a browser would, and say what it fails to tell one."""
    url = settings.SITE_URL or f"http://127.0.0.1:{settings.PORT}"
    try:
        with urllib3.PoolManager(timeout=SECONDS_TO_ANSWER, retries=False) as pool:
            answer = pool.request("GET", f"{url}/rules/", headers={"Accept-Encoding": "gzip, br"}, redirect=False)
    except (HTTPError, ValueError) as error:
        return f"{url} does not answer ({type(error).__name__}). Start the site, or set SITE_URL to its address."
    if answer.status != 200:
        return f"{url}/rules/ answers with {answer.status}. Set SITE_URL to the address that browsers use."
    wrong = _untold(dict(answer.headers.items()), is_secure=url.startswith("https:"))
    return f"{'; '.join(wrong)}. Look at the proxy before the site: it must pass on every header." if wrong else ""


def _untold(headers: dict[str, str], *, is_secure: bool) -> list[str]:
    """Return what is wrong with the headers of a page."""
    said = {name.lower(): value for name, value in headers.items()}
    wrong = [
        f"{name} is {said.get(name.lower(), 'missing')}"
        for name, value in bare(page_policy()).items()
        if _parts(said.get(name.lower(), "")) != _parts(value) and (is_secure or not name.startswith("Strict"))
    ]
    if "content-encoding" in said:
        wrong.append("pages are compressed on the way, which can give their secrets away by their size: switch it off")
    return wrong


def _parts(value: str) -> list[str]:
    """Return the parts of a header, whose order means nothing."""
    return sorted(part.strip() for part in value.replace(";", ",").split(","))
