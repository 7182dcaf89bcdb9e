"""Proof 4: the words of somebody who erased everything are in no copy, log or file after the documented steps.

On a cluster of its own, with its files read byte by byte. Where they are before the steps is found as well: that is the
control, without which a search that finds nothing would prove nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from community import programs
from community.place import ADMIN, Place, place
from community.postgres import Server, remove
from tests.environment import ROOT

PG_DUMP = programs.binaries(None) / "pg_dump"
SHELL = ("manage.py", "shell", "--verbosity", "0", "--command")
Found = set[str]


@dataclass
class Site:
    """A site on a cluster of its own."""

    where: Place
    log: Path

    def run(self, *command: str) -> None:
        """Run a command of the site, its output added to the log."""
        ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_AS_OWNER", "TEST_GROUND"}}
        places = {"DATA_DIR": str(self.where.data_dir), "STATIC_ROOT": str(settings.STATIC_ROOT)}
        environment = {**ours, "LOCAL_RUN": "1", **places}
        with self.log.open("ab") as out:
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out, check=True)

    def sql(self, *statements: str) -> list[Any]:
        """Do statements as the server's administrator; return the rows of the last."""
        with psycopg.connect(self.where.url(ADMIN), autocommit=True) as admin:
            for statement in statements:
                done = admin.execute(statement)
            return list(done.fetchall()) if done.description else []

    def dump(self) -> bytes:
        return subprocess.run([PG_DUMP, self.where.url(ADMIN)], capture_output=True, check=True).stdout

    def files(self, *folders: str) -> bytes:
        """Return all files of the cluster under these folders, as they are on the disk."""
        self.sql("CHECKPOINT")
        paths = [path for folder in folders for path in (self.where.home / "data" / folder).rglob("*")]
        return b"\0".join(path.read_bytes() for path in paths if path.is_file())

    def logs(self) -> bytes:
        """Return what the site and PostgreSQL wrote down, and whatever else lies in the site's own folder."""
        own = [
            path for path in self.where.data_dir.rglob("*") if path.is_file() and self.where.home not in path.parents
        ]
        return b"\0".join(path.read_bytes() for path in [self.log, *own] if "static" not in path.parts)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    where = place(tmp_path / "data")
    try:
        with Server(where):
            made = Site(where, tmp_path / "site.log")
            made.run("manage.py", "migrate", "--verbosity", "0")
            made.run("manage.py", "remember_key")
            yield made
    finally:
        remove(where.data_dir)


def found(words: list[str], held: bytes) -> Found:
    return {word for word in words if word.encode() in held}


@pytest.mark.prove
def test_what_was_erased_is_nowhere_after_the_steps(site: Site, tmp_path: Path) -> None:
    kept = tmp_path / "planted.json"
    site.run(*SHELL, f"from tests.prove import leaver; leaver.plant({str(kept)!r})")
    told = json.loads(kept.read_text())
    words, never, raw = told["words"], told["never"], bytes.fromhex(told["secret"])
    hexed = [told["secret"], *told["marks"]]
    site.sql("ANALYZE")  # as it happens by itself: the planner's samples hold words too

    # The control: before it is erased, all of it is found in a copy and in the files.
    assert found(words, site.dump()) == set(words)
    assert found(hexed, site.dump()) == set(hexed)
    assert found(words, site.files("base")) == set(words)
    assert raw in site.files("base")

    site.run(*SHELL, "from tests.prove import leaver; leaver.erase()")
    assert found([*words, *hexed], site.dump()) == set()
    left = {"at once": found(words, site.files("base"))}
    assert left["at once"], "the search finds what is there"
    site.sql("VACUUM")
    left["after VACUUM"] = found(words, site.files("base"))
    tables = [name for (name,) in site.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    site.sql(*(f'VACUUM (FULL, ANALYZE) "{name}"' for name in tables))
    left["after VACUUM FULL"] = found(words, site.files("base", "global"))
    site.sql("VACUUM FULL pg_statistic")
    left["in the end"] = found(words, site.files("base", "global"))
    left["in the write-ahead log"] = found(words, site.files("pg_wal"))
    assert left["in the end"] == set(), left
    assert left["in the write-ahead log"], "which docs/operations.md says"
    assert raw not in site.files("base", "global")
    assert found([*words, *hexed], site.logs()) == set()
    everywhere = site.dump() + site.files("base", "global", "pg_wal") + site.logs()
    assert found(never, everywhere) == set()
