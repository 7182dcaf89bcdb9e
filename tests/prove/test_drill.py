"""The drill: a backup is made while people write, comes back on a clean server, and everything is found again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pyrage
import pytest
from pyrage import x25519

from community.backup import FIRST_LINE, Manifest
from tests.architecture.source import ROOT
from tests.prove.sites import Site, site

pytestmark = pytest.mark.prove
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


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """Fill a site, and back it up while somebody goes on posting."""
    folder = tmp_path_factory.mktemp("drill")
    with site() as full:
        assert full.manage("migrate", "--verbosity", "0")[0] == 0
        assert full.manage("remember_key")[0] == 0
        full.run("filling", "fill", str(folder / "noted"))
        told = full.manage("make_keys", "--backup", str(folder / "identity"))[1]
        full.recipient = told.strip().partition("=")[2]
        (folder / "posted").touch()
        command = [sys.executable, "-m", "tests.prove.filling", "post", str(folder / "posted")]
        poster = subprocess.Popen(command, cwd=ROOT, env=full.environment)
        try:
            _until(lambda: (folder / "posted").read_text().count("\n") > 20)
            before = (folder / "posted").read_text().count("\n")
            status, _out, err = full.manage("backup", "--to", str(folder / "kept.age"))
            assert (status, poster.poll()) == (0, None), err
            assert (folder / "posted").read_text().count("\n") > before, "people went on writing meanwhile"
        finally:
            poster.kill()
            poster.wait()
        yield Drill(full, folder, folder / "kept.age", folder / "identity", before)


@pytest.fixture(scope="module")
def restored(drill: Drill) -> Iterator[Site]:
    """Bring the backup back on a clean server that has the same keys."""
    with site(keys_of=drill.site) as clean:
        status, out, err = drill.restore(to=clean)
        assert status == 0, err
        assert "All " in out
        assert "as many as were there" in out
        yield clean


def _until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


def test_a_backup_is_for_its_owner_and_holds_no_key(drill: Drill) -> None:
    assert drill.backup.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in drill.folder.iterdir() if "part" in one.name] == []
    pair = x25519.Identity.from_str(drill.identity.read_text().splitlines()[-1])
    content = pyrage.decrypt(drill.backup.read_bytes(), [pair])
    assert content.startswith(FIRST_LINE)
    for line in (drill.site.data / "keys.env").read_text().splitlines():
        assert line.partition("=")[2].encode() not in content
    assert drill.site.place.passwords["fernway_web"].encode() not in content


def test_every_text_tag_decision_and_count_is_found_again(drill: Drill, restored: Site) -> None:
    assert drill.site.run("filling", "find", str(drill.folder / "noted")) == "", "the check itself"
    restored.run("filling", "find", str(drill.folder / "noted"))
    assert int(restored.run("filling", "find_posted", str(drill.folder / "posted"))) >= drill.posted


def test_the_guards_and_rights_are_there_again(restored: Site) -> None:
    with psycopg.connect(restored.place.web_url, autocommit=True) as web:
        for refused in ("DELETE FROM moderation_entry", "TRUNCATE stories_revision", "CREATE TABLE one (id int)"):
            with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)):
                web.execute(refused)
        assert web.execute("SELECT count(*) FROM accounts_session").fetchone() == (0,)
    said = restored.manage("doctor")[1]
    for subject in ("Migrations", "Ownership key", "Other keys", "Roles of the database", "Record of decisions"):
        assert f"ok     {subject}\n" in said
    assert restored.manage("mix")[0] == 0


def test_postgresql_that_dies_leaves_the_old_backup(drill: Drill) -> None:
    kept, part = drill.backup.read_bytes(), drill.folder / ".kept.age.part"
    with drill.site.open() as owner:
        owner.execute("DROP TABLE IF EXISTS filler")
        owner.execute(FILLER)
    process = drill.site.start("backup", "--to", str(drill.backup), "--replace")
    _until(lambda: part.exists() and part.stat().st_size > 500_000)
    server = drill.site.server.pid
    assert server is not None
    os.killpg(server, signal.SIGKILL)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.count("\n") == 1
    assert "no backup was written" in err
    assert drill.backup.read_bytes() == kept
    assert not part.exists()
    drill.site.server.stop()
    drill.site.server.start()
    drill.site.run("filling", "find_posted", str(drill.folder / "posted"))


def test_a_full_disk_leaves_the_old_backup(drill: Drill) -> None:
    kept = drill.backup.read_bytes()
    status, _out, err = drill.site.manage("backup", "--to", str(drill.backup), "--replace", limit=100 * 1024)
    assert (status, err.count("\n")) == (1, 1)
    assert "cannot be written" in err
    assert drill.backup.read_bytes() == kept
    assert not (drill.folder / ".kept.age.part").exists()


def test_a_backup_is_not_overwritten_unless_that_is_said(drill: Drill) -> None:
    kept = drill.backup.read_bytes()
    status, _out, err = drill.site.manage("backup", "--to", str(drill.backup))
    assert (status, err.count("\n"), drill.backup.read_bytes()) == (1, 1, kept)
    assert "--replace" in err


def crafted(drill: Drill, **changes: object) -> bytes:
    """Return a whole backup that says other things of itself."""
    values = {"postgres": 18, "program": 18, "migrations": [], "counts": {}, "head": [0, ""], "guards": "", "keys": {}}
    made = Manifest(**values | changes)  # type: ignore[arg-type]
    return pyrage.encrypt(FIRST_LINE + made.line + b"PGDMP", [x25519.Recipient.from_str(drill.site.recipient)])


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
    "no dump behind": (lambda drill, _whole: crafted(drill), "did not take the backup"),
    "for somebody else": (
        lambda _drill, _whole: pyrage.encrypt(FIRST_LINE, [x25519.Identity.generate().to_public()]),
        "does not open",
    ),
}


def _flipped(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_one_sentence_and_changes_nothing(kind: str, drill: Drill, restored: Site) -> None:
    make, sentence = BAD[kind]
    file, before = drill.folder / "bad.age", restored.digest()
    file.write_bytes(make(drill, drill.backup.read_bytes()))
    status, _out, err = drill.restore("--replace", to=restored, file=file)
    assert (status, err.count("\n")) == (1, 1), err
    assert sentence in err
    assert restored.digest() == before


def test_a_database_with_tables_or_in_use_is_refused(drill: Drill, restored: Site) -> None:
    before = restored.digest()
    status, _out, err = drill.restore(to=restored)
    assert (status, err.count("\n")) == (1, 1)
    assert "say --replace" in err
    with psycopg.connect(restored.place.web_url):
        status, _out, err = drill.restore("--replace", to=restored)
    assert (status, err.count("\n")) == (1, 1)
    assert "stop the web server and the worker" in err
    assert restored.digest() == before


def test_a_dry_run_says_what_would_be_done(drill: Drill, restored: Site) -> None:
    before = restored.digest()
    status, out, _err = drill.restore("--replace", "--dry-run", to=restored)
    assert status == 0
    assert "Nothing was changed." in out
    assert restored.digest() == before


def test_without_its_keys_a_backup_comes_back_when_that_is_said(drill: Drill) -> None:
    with site() as stranger:
        status, _out, err = drill.restore(to=stranger)
        assert (status, err.count("\n")) == (1, 1)
        assert "OWNERSHIP_KEYS and SESSION_KEYS and ADDRESS_KEYS are not those" in err
        status, _out, err = drill.restore("--without-keys", to=stranger)
        assert status == 1
        assert "nobody can post" in err
        assert "WRONG  Ownership key" in stranger.manage("doctor")[1]


def test_killed_in_the_middle_what_was_there_comes_back(drill: Drill, restored: Site) -> None:
    before = restored.digest()
    words = ["restore", "--from", str(drill.backup), "--identity", str(drill.identity), "--replace"]
    process = restored.start(*words)

    def aside() -> bool:
        with restored.open() as owner:
            return bool(owner.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'replaced'").fetchone())

    # Watched from another database: a connection to this one would itself be in the way. Beside the command's own
    # connection there is one more when PostgreSQL's program has begun.
    under_way = (
        "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname <> current_database()"
        " HAVING count(*) > 1"
    )
    with psycopg.connect(restored.place.owner_url, dbname="postgres", autocommit=True) as beside:
        while process.poll() is None and not beside.execute(under_way).fetchone():
            time.sleep(0.02)
    process.kill()
    process.communicate()
    assert aside(), "it was killed too late to prove anything"
    time.sleep(1)
    drill.restore("--replace", "--dry-run", to=restored)
    assert not aside()
    assert restored.digest() == before
    assert drill.restore("--replace", to=restored)[0] == 0
    restored.run("filling", "find", str(drill.folder / "noted"))
