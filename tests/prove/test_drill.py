"""The drill: a backup is made while people write, comes back on a clean server, and everything is found again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pyrage
import pytest
from pyrage import x25519

from community.manifest import FIRST_LINE
from tests.architecture.source import ROOT
from tests.prove.drilling import (
    BAD,
    MOMENTS,
    Drill,
    fill_up,
    holds_the_first,
    kill_server,
    kill_when,
    until,
    wait_for,
)
from tests.prove.sites import Site, site

pytestmark = pytest.mark.prove


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
        command = [sys.executable, "-m", "tests.prove", "filling", "post", str(folder / "posted")]
        poster = subprocess.Popen(command, cwd=ROOT, env=full.environment)
        try:
            until(lambda: (folder / "posted").read_text().count("\n") > 20)
            before = (folder / "posted").read_text().count("\n")
            status, _out, err = full.manage("backup", "--to", str(folder / "kept.age"))
            assert (status, poster.poll()) == (0, None), err
            assert (folder / "posted").read_text().count("\n") > before, "people went on writing meanwhile"
        finally:
            poster.kill()
            poster.wait()
        assert full.run("filling", "find", str(folder / "noted")) == "", "the check itself"
        full.run("filling", "go_on", str(folder / "posted"))
        yield Drill(full, folder, folder / "kept.age", folder / "identity", before)


@pytest.fixture(scope="module")
def restored(drill: Drill) -> Iterator[Site]:
    """Bring the backup back on a clean server that has the same keys, and the journal of erasures."""
    with site(keys_of=drill.site) as clean:
        assert "The journal of erasures" in drill.restore(to=clean)[2]
        shutil.copy(drill.site.data / "erased", clean.data / "erased")
        status, out, err = drill.restore(to=clean)
        assert status == 0, err
        assert "All " in out
        assert "as many as were there" in out
        yield clean


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
    restored.run("filling", "find", str(drill.folder / "noted"))
    assert int(restored.run("filling", "find_posted", str(drill.folder / "posted"))) >= drill.posted - 2
    assert not holds_the_first(restored), "it was erased after the backup was made"
    assert restored.run("filling", "second", str(drill.folder / "posted")) == "taken_back draft", (
        "it was replaced since"
    )


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
    fill_up(drill.site)
    process = drill.site.start("backup", "--to", str(drill.backup), "--replace")
    until(lambda: part.exists() and part.stat().st_size > 500_000)
    kill_server(drill.site)
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


def test_a_backup_that_is_ended_leaves_no_file(drill: Drill) -> None:
    """By the system, or by a disk that is full: neither half a file under its name, nor the half one beside it."""
    new, part = drill.folder / "new.age", drill.folder / ".new.age.part"
    fill_up(drill.site)
    process = drill.site.start("backup", "--to", str(new))
    until(lambda: part.exists() and part.stat().st_size > 500_000)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 1
    assert (new.exists(), part.exists()) == (False, False)
    status, _out, err = drill.site.manage("backup", "--to", str(new), limit=100 * 1024)
    assert (status, err.count("\n")) == (1, 1)
    assert "cannot be written" in err
    assert (new.exists(), part.exists()) == (False, False)


def test_a_backup_is_not_overwritten_unless_that_is_said(drill: Drill) -> None:
    kept = drill.backup.read_bytes()
    status, _out, err = drill.site.manage("backup", "--to", str(drill.backup))
    assert (status, err.count("\n"), drill.backup.read_bytes()) == (1, 1, kept)
    assert "--replace" in err


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
        status, _out, err = drill.restore("--without-keys", "--without-seal", "--without-journal", to=stranger)
        assert status == 1
        assert "nobody can post, and the site stays shut until this was run: manage.py replay_erasures" in err
        assert holds_the_first(stranger)
        assert not may_read(stranger), "what was erased is there again, so nobody reads it"
        assert "WRONG  Restore: A backup was brought back" in stranger.manage("doctor")[1]
        assert "the site is shut" in stranger.manage("migrate")[2]
        assert "the site is shut" in stranger.manage("work")[2]
        assert "does not fit this database" in stranger.manage("replay_erasures")[2]
        assert not may_read(stranger)
        status, out, _err = stranger.manage("replay_erasures", "--without-journal")
        assert (status, "stays as it was then" in out) == (0, True)
        assert may_read(stranger)
        assert "WRONG  Ownership key" in stranger.manage("doctor")[1]


def may_read(one: Site) -> bool:
    """Say whether the site's own role may read texts."""
    with psycopg.connect(one.place.web_url, autocommit=True) as web:
        try:
            web.execute("SELECT 1 FROM stories_revision")
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable):
            return False
    return True


@pytest.mark.parametrize("moment", MOMENTS)
def test_postgresql_that_dies_while_a_backup_comes_back_loses_nothing(
    moment: str, drill: Drill, restored: Site
) -> None:
    before, words = restored.digest(), ["--from", str(drill.backup), "--identity", str(drill.identity)]
    process = restored.start("restore", *words, "--replace")
    wait_for(moment, process, restored)
    kill_server(restored)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err.count("\n")) == (1, 1), err
    assert "The database went away. Start it, and put back what was there: manage.py restore --put-back" in err
    restored.server.stop()
    restored.server.start()
    assert not may_read(restored)
    assert "WRONG  Restore: A restore is under way or was cut off" in restored.manage("doctor")[1]
    assert restored.manage("restore", "--put-back")[0] == 0
    assert restored.digest() == before
    assert may_read(restored)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_nothing_goes_on_until_what_was_there_is_put_back(moment: str, drill: Drill, restored: Site) -> None:
    before, words = restored.digest(), ["--from", str(drill.backup), "--identity", str(drill.identity)]
    kill_when(moment, restored.start("restore", *words, "--replace"), restored)
    half = restored.digest()
    assert half != before, "it was killed too late to prove anything"
    with psycopg.connect(restored.place.web_url, autocommit=True) as web:
        # Nothing is there yet, or nothing that the site may read.
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)) as refused:
            web.execute("SELECT 1 FROM stories_revision")
        status, _out, err = restored.manage("restore", "--put-back")
        assert (status, err.count("\n")) == (1, 1), "somebody is connected"
    assert (refused.type is psycopg.errors.InsufficientPrivilege) == (moment == "before it is ready")
    restored.recipient = drill.site.recipient
    new = str(drill.folder / "new.age")
    tried = [["restore", *words, "--dry-run"], ["restore", *words, "--replace"], ["backup", "--to", new], ["migrate"]]
    for command in tried:
        status, _out, err = restored.manage(*command)
        assert (status, err.count("\n")) == (1, 1), err
        assert "manage.py restore --put-back" in err
    assert "WRONG  Restore: A restore is under way or was cut off" in restored.manage("doctor")[1]
    assert restored.digest() == half
    assert restored.manage("restore", "--put-back")[0] == 0
    assert restored.digest() == before
    with psycopg.connect(restored.place.web_url) as web:
        web.execute("SELECT 1 FROM stories_revision")


def test_after_that_a_restore_does_all_of_it(drill: Drill, restored: Site) -> None:
    assert drill.restore("--replace", to=restored)[0] == 0
    restored.run("filling", "find", str(drill.folder / "noted"))
