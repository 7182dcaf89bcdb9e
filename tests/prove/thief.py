"""What somebody holds who copied the database and its files: every row, where it lies, and what wrote it."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg

from community import programs

ALL = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
# The files of a table, of its indexes and of its long values.
FILES = """
SELECT relname, pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND (oid = %(t)s::regclass
OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %(t)s::regclass)
OR oid = (SELECT reltoastrelid FROM pg_class WHERE oid = %(t)s::regclass))
"""
LONG = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND attstorage = 'x' AND NOT attisdropped
"""
KEY = """
SELECT attname FROM pg_attribute JOIN pg_index ON indrelid = attrelid AND attnum = indkey[0]
WHERE attrelid = %s::regclass AND indisprimary
"""
OF_A_DAY = ("accounts_user", "accounts_session", "stories_contribution")
Row = dict[str, Any]


@dataclass
class Loot:
    """All rows with their features, by table: where they lie, their transactions, and what stands in each column."""

    tables: dict[str, list[Row]]

    def of_a_day(self) -> dict[str, dict[str, int]]:
        """Return the keys of accounts, visits and texts with the transactions that wrote them first."""
        return {
            name: {row["~key"].hex(): row["~oldest"] or row["~xmin"] for row in self.tables[name]} for name in OF_A_DAY
        }


def spooled(mails: list[tuple[str, list[str], bytes]], people: dict[str, int]) -> list[Row]:
    """Return mails as the rows of a table, each with the account that their order tells: it is that of its ids."""
    accounts = {number: bytes.fromhex(key) for key, number in people.items() if len(key) == 32}
    found = []
    for place, (_sender, (to,), wire) in enumerate(mails):
        number = int(to.partition("@")[0].rpartition(".")[2])
        found.append({"~place": place, "~key": None, "user_id": accounts[number], "to": to, "wire": wire.decode()})
    return found


def steal(admin: psycopg.Connection[Any], *names: str) -> Loot:
    """Copy everything, or only some tables, as it lies."""
    admin.execute("CHECKPOINT")
    ((folder,),) = admin.execute("SHOW data_directory").fetchall()
    names = names or tuple(name for (name,) in admin.execute(ALL).fetchall())
    return Loot({name: _rows(admin, name, Path(folder)) for name in names})


def _rows(admin: psycopg.Connection[Any], table: str, folder: Path) -> list[Row]:
    long = [name for (name,) in admin.execute(LONG, [table]).fetchall()]
    chunks = "".join(f', pg_column_toast_chunk_id("{name}")::text::bigint AS "~chunk {name}"' for name in long)
    told = admin.execute(f'SELECT xmin::text::bigint AS "~xmin", t.*{chunks} FROM "{table}" AS t')
    columns = [one.name for one in told.description or []]
    rows = [dict(zip(columns, row, strict=True)) for row in told.fetchall()]
    files = [(name, (folder / path).read_bytes()) for name, path in admin.execute(FILES, {"t": table}).fetchall()]
    ((key_name,),) = admin.execute(KEY, [table]).fetchall() or [("",)]
    for place, row in enumerate(rows):
        row["~place"], row["~key"] = place, plain(row.get(key_name))
        key = row["~key"]
        for name, data in files if isinstance(key, bytes) else []:
            row.update(_in_file(name, data, key, is_table=name == table))
    return rows


def _in_file(name: str, data: bytes, key: bytes, *, is_table: bool) -> Row:
    """Return where a row's key first lies in a file, and the oldest transaction of its copies, dead ones too."""
    found, at = [], data.find(key)
    while at >= 0:
        found.append(at)
        at = data.find(key, at + len(key))
    told: Row = {f"~at {name}": found[0] if found else None}
    if is_table:
        starts = [at - length for at in found for length in (24, 25, 32, 33) if data[at - length + 22] == length & ~1]
        told["~oldest"] = min((int.from_bytes(data[at : at + 4], "little") for at in starts), default=None)
    return told


def logged(admin: psycopg.Connection[Any], since: str) -> dict[str, set[int]]:
    """Return the transactions that put rows into each table since a place in the write-ahead log."""
    tables = admin.execute("SELECT pg_relation_filenode(oid), relname FROM pg_class WHERE relkind = 'r'").fetchall()
    ((folder, now),) = admin.execute("SELECT current_setting('data_directory'), pg_current_wal_flush_lsn()").fetchall()
    command = [programs.binaries(None) / "pg_waldump", "-p", f"{folder}/pg_wal", "-s", since, "-e", now]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    names, found = {str(number): name for number, name in tables}, defaultdict(set)
    for xid, number in re.findall(r"rmgr: Heap .* tx: +(\d+),.* desc: INSERT.* rel \d+/\d+/(\d+)", told):
        found[names.get(number, "")].add(int(xid))
    return dict(found)


def plain(value: Any) -> Any:
    """Return a value so that equal ones are equal in every table: an id as its bytes."""
    return value.bytes if hasattr(value, "bytes") else bytes(value) if isinstance(value, memoryview) else value


def digests(value: bytes) -> list[str]:
    """Return a value in hex, and what anybody can work out from it without a key."""
    return [value.hex(), *(hashlib.new(how, value).hexdigest() for how in ("md5", "sha1", "sha256"))]


def measures(rows: list[Row]) -> dict[str, list[Any]]:
    """Return what rows can be put in order by: values, sizes, how often a value comes; None where a row has none."""
    found: dict[str, list[Any]] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [plain(row.get(name)) for row in rows]
        if any(isinstance(one, (str, bytes, list, dict)) for one in values):
            found[f"size of {name}"] = [None if one is None else len(str(one)) for one in values]
            counts = Counter(str(one) for one in values)
            found[f"count of {name}"] = [counts[str(one)] for one in values]
        if not any(isinstance(one, (list, dict)) for one in values):
            found[name] = [_number(one) for one in values]
    return {name: values for name, values in found.items() if len(set(values)) > 1}


def _number(value: Any) -> float | None:
    """Return a value as a number that keeps its order."""
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return int.from_bytes(value[:16].ljust(16, b"\0"), "big")
    if isinstance(value, (datetime, date)):
        return float(datetime.fromisoformat(value.isoformat()).replace(tzinfo=None).toordinal()) + (
            value.hour / 24 + value.minute / 1440 if isinstance(value, datetime) else 0
        )
    return None if value is None else float(value)
