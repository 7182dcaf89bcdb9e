"""What tests of backups and of their way back share."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyrage
from django.core.management import call_command
from pyrage import x25519

from community.manifest import FIRST_LINE, Manifest, Seals
from tests.community.test_mixing import rows

EMPTY: dict[str, Any] = {
    "made_on": "2026-11-01", "postgres": 1, "program": 1, "migrations": [], "counts": {}, "head": [0, ""],
    "guards": "", "keys": {},
}  # fmt: skip


def restore(file: Path, pair: Path, *options: str) -> str:
    """Run the command and return what it said."""
    out = io.StringIO()
    call_command("restore", "--from", str(file), "--identity", str(pair), *options, stdout=out)
    return out.getvalue()


def kept() -> dict[str, Any]:
    """Return a digest of each table that a backup holds."""
    passing = ("session", "limit", "procrastinate")
    return {name: found for name, found in rows().items() if not any(word in name for word in passing)}


def crafted(pair: Path, *, seal: bytes = b"", **changes: Any) -> bytes:
    """Return a whole backup that says other things of itself, and has no dump."""
    recipient = x25519.Identity.from_str(pair.read_text().split("\n")[1]).to_public()
    seals, content = Seals(), FIRST_LINE + Manifest(**EMPTY | changes).line + b"PGDMP"
    seals.take(content)
    return pyrage.encrypt(content + (seal or seals.newest()), [recipient])
