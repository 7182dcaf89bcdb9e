"""What the drill is done with: the site and its backup, files that are no good, and the moments of a kill."""

from __future__ import annotations

import base64
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pyrage
from django.test import override_settings
from pyrage import x25519

from community.manifest import FIRST_LINE, Manifest, Seals
from tests.prove.sites import Site

FILLER = """
    CREATE TABLE filler AS
    SELECT sha512(n::text::bytea) || sha512((-n)::text::bytea) AS b FROM generate_series(1, 300000) AS n
"""


@dataclass
class Drill:
    """A site with everything in it, its backup, and what opens that."""

    site: Site
    folder: Path
    backup: Path
    identity: Path
    posted: int

    def restore(
        self, *options: str, to: Site | None = None, file: Path | None = None, **how: int
    ) -> tuple[int, str, str]:
        """Run the command that brings a backup back."""
        words = ["restore", "--from", str(file or self.backup), "--identity", str(self.identity), *options]
        return (to or self.site).manage(*words, **how)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


def holds_the_first(made: Site) -> bool:
    """Say whether a site has a word of the text that was posted first."""
    with made.open() as owner:
        found = owner.execute("SELECT 1 FROM stories_revision WHERE text LIKE '%Number 1000 of those%'").fetchone()
    return found is not None


def crafted(drill: Drill, *, by: str = "", **changes: object) -> bytes:
    """Return a whole backup that says other things of itself, sealed by the site or by another key."""
    values = {"made_on": "2026-11-01", "postgres": 18, "program": 18, "migrations": [], "counts": {}}
    values |= {"head": [0, ""], "guards": "", "keys": {}}
    made = Manifest(**values | changes)
    (ours,) = [line for line in (drill.site.data / "keys.env").read_text().splitlines() if "OWNERSHIP" in line]
    with override_settings(OWNERSHIP_KEYS=[base64.urlsafe_b64decode(by or ours.partition("=")[2])]):
        seals, content = Seals(), FIRST_LINE + made.line + b"PGDMP"
    seals.take(content)
    return pyrage.encrypt(content + seals.newest(), [x25519.Recipient.from_str(drill.site.recipient)])


BAD: dict[str, tuple[Callable[[Drill, bytes], bytes], str]] = {
    "cut at the end": (lambda _drill, whole: whole[:-20], "is cut off or damaged"),
    "cut in the middle": (lambda _drill, whole: whole[: len(whole) // 2], "is cut off or damaged"),
    "cut at once": (lambda _drill, whole: whole[:50], "is no backup, or its beginning is damaged"),
    "empty": (lambda _drill, _whole: b"", "is no backup, or its beginning is damaged"),
    "one bit": (lambda _drill, whole: _flipped(whole), "is cut off or damaged"),
    "another kind of file": (lambda _drill, _whole: b"PGDMP" * 500, "is no backup"),
    "something else inside": (
        lambda drill, _whole: pyrage.encrypt(b"a\nb\nc", [x25519.Recipient.from_str(drill.site.recipient)]),
        "another version of the site",
    ),
    "nothing inside": (
        lambda drill, _whole: pyrage.encrypt(b"abc", [x25519.Recipient.from_str(drill.site.recipient)]),
        "is no backup of this site",
    ),
    "newer site": (
        lambda drill, _whole: crafted(drill, migrations=[["stories", "9999_later"]]),
        "newer version of the",
    ),
    "newer server": (lambda drill, _whole: crafted(drill, postgres=99), "PostgreSQL 99, newer than"),
    "newer program": (lambda drill, _whole: crafted(drill, program=99), "PostgreSQL 99, newer than"),
    "other keys": (lambda drill, _whole: crafted(drill, keys={"ownership": "00"}), "OWNERSHIP_KEYS are not those"),
    "made by somebody else": (
        lambda drill, _whole: crafted(drill, by="c3Ry" * 8),
        "Nothing proves that this site made",
    ),
    "no dump behind": (lambda drill, _whole: crafted(drill), "did not take the backup"),
    "for somebody else": (
        lambda _drill, _whole: pyrage.encrypt(FIRST_LINE, [x25519.Identity.generate().to_public()]),
        "does not open",
    ),
}


def _flipped(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]


# Watched from another database: a connection to this one would itself be in the way. Beside the command's own
# connection there is one more as long as PostgreSQL's program puts the backup in.
PUTTING_IN = (
    "SELECT count(*) > 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname <> current_database()"
)


def kill_when(moment: str, process: subprocess.Popen[str], watched: Site) -> None:
    """Kill a restore while PostgreSQL's program puts the backup in, or when that is done and the rest is not."""
    with psycopg.connect(watched.place.owner_url, dbname="postgres", autocommit=True) as beside:
        for wanted in (True,) if moment == "while it is put in" else (True, False):
            while process.poll() is None and beside.execute(PUTTING_IN).fetchone() != (wanted,):
                time.sleep(0.005)
    assert process.poll() is None, "it came to its end before"
    process.kill()
    process.communicate()
    time.sleep(1)  # what it started ends by itself
