"""What a backup says of itself, and the seal that says which site made it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts import journal
from accounts.keys import derive
from moderation.models import Head
from stories.models import KeyCheck

FIRST_LINE = b"fernway backup 3\n"
SEAL, SEAL_BYTES = "backup", 32
# Visits, limits, and what is being done at this moment: of no use later, and not to come back.
PASSING = ("accounts_session", "accounts_limit", "community_mix", "procrastinate_jobs", "procrastinate_events",
           "procrastinate_periodic_defers", "procrastinate_workers")  # fmt: skip
GUARDS = """
    SELECT c.relname || '.' || t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND t.tgenabled = 'O'
    UNION ALL SELECT c.relname || '.' || o.conname FROM pg_constraint AS o JOIN pg_class AS c ON c.oid = o.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND o.convalidated AND o.contype <> 'n'
"""
TABLES = """
    SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


class Seals:
    """The seal of what goes by, under each ownership key: who has none of them cannot make a backup for this site."""

    def __init__(self) -> None:
        keys: Sequence[bytes] = settings.OWNERSHIP_KEYS
        self._seals = [hmac.new(derive(key, SEAL), digestmod=hashlib.sha256) for key in keys]

    def take(self, part: bytes) -> None:
        """Take a part of the backup."""
        for mac in self._seals:
            mac.update(part)

    def newest(self) -> bytes:
        """Return the 32 bytes that a new backup ends with."""
        return self._seals[0].digest()

    def fit(self, seal: bytes) -> bool:
        """Say whether a backup that ends with these bytes was made by this site, under whichever of its keys."""
        return any(hmac.compare_digest(one.digest(), seal) for one in self._seals)


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself, and what must be found after it was restored."""

    made_on: str
    postgres: int
    program: int
    migrations: list[list[str]]
    counts: dict[str, int]
    head: list[Any]
    guards: str
    keys: dict[str, str] = field(default_factory=dict)
    journal: str = ""

    @property
    def line(self) -> bytes:
        """Return it as it is written."""
        return json.dumps(asdict(self)).encode() + b"\n"


def manifest(program: int) -> Manifest:
    """Return what the database holds now, within the transaction of the caller."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        counts = {name: _counted(cursor, name) for (name,) in cursor.fetchall() if name not in PASSING}
        cursor.execute(GUARDS)
        guards = sorted(name for (name,) in cursor.fetchall())
        version = cursor.connection.info.server_version // 10_000
    head = Head.objects.filter(pk=1).first()
    return Manifest(
        made_on=timezone.now().date().isoformat(),
        postgres=version,
        program=program,
        migrations=sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations()),
        counts=counts,
        head=[head.number, bytes(head.seal).hex()] if head else [0, ""],
        guards=hashlib.sha256("\n".join(guards).encode()).hexdigest(),
        keys={row.purpose: bytes(row.value).hex() for row in KeyCheck.objects.all()},
        journal=_noted(),
    )


def _noted() -> str:
    """Return what the journal of erasures holds: one that does not go on from it later is an old copy."""
    with suppress(OSError):
        return journal.read().known()
    return ""


def _counted(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name from the catalogue
    return int(cursor.fetchone()[0])
