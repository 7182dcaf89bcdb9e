"""Whole sites with a server each, driven by their commands as an operator would."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from community import postgres
from tests.architecture.source import ROOT


@dataclass
class Site:
    """One site: its data directory, its server, and its environment."""

    data: Path
    server: postgres.Server = field(init=False)
    recipient: str = ""

    def __post_init__(self) -> None:
        self.place = postgres.place(self.data)
        self.server = postgres.Server(self.place)

    @property
    def environment(self) -> dict[str, str]:
        """Return what its commands run under."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        more = {"LOCAL_RUN": "1", "DATA_DIR": str(self.data), "BACKUP_RECIPIENT": self.recipient}
        return kept | more | {"SAMPLE_PERCENT": "0", "LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT)}

    def start(self, *command: str, limit: int = 0) -> subprocess.Popen[str]:
        """Start a command of manage.py; with a limit no file may grow above so many bytes, as on a full disk."""
        shell = f"ulimit -f {limit // 1024}; exec " if limit else "exec "
        words = ["/bin/bash", "-c", shell + '"$@"', "-", sys.executable, "manage.py", *command]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(words, cwd=ROOT, env=self.environment, text=True, **pipes)

    def manage(self, *command: str, limit: int = 0) -> tuple[int, str, str]:
        """Run a command to its end; return its status and what it said on both streams."""
        process = self.start(*command, limit=limit)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def run(self, script: str, *words: str) -> str:
        """Run a module of this folder under the site's settings."""
        command = [sys.executable, "-m", "tests.prove", script, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open(self) -> psycopg.Connection:
        """Connect as the owner."""
        return psycopg.connect(self.place.owner_url, autocommit=True)

    def digest(self) -> str:
        """Return a digest of every row of every table."""
        with self.open() as owner:
            names = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
            found = [
                (
                    name,
                    owner.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} AS t").fetchone(),
                )
                for (name,) in names
            ]
        return hashlib.sha256(repr(found).encode()).hexdigest()


@contextlib.contextmanager
def site(*, keys_of: Site | None = None) -> Iterator[Site]:
    """Give a site with an empty database whose server runs; with the keys of another one, or its own."""
    folder = Path(tempfile.mkdtemp(prefix="fernway-prove-"))
    made = Site(folder / "data")
    if keys_of is not None:
        shutil.copy(keys_of.data / "keys.env", made.data / "keys.env")
    try:
        made.server.start()
        yield made
    finally:
        made.server.stop()
        postgres.remove(made.data)
        shutil.rmtree(folder, ignore_errors=True)
