"""A backup and its way back, in one process; tests/prove/test_drill.py does it with whole sites, and kills them."""

from __future__ import annotations

import io
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pyrage
import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from pyrage import x25519

from accounts import journal
from community import backup, environment, health_ground, restoring
from community.backup import Client, back_up
from community.local import OperatorError
from stories.models import Contribution, Revision
from tests import make
from tests.community.backups import crafted, kept, restore

# A restore wants the database for itself, and servers of the browser tests would hold connections to it.
pytestmark = pytest.mark.alone


def test_what_was_backed_up_comes_back_and_what_came_later_is_gone(as_owner: None, pair: Path, tmp_path: Path) -> None:
    owner, file = make.owner(), tmp_path / "kept.age"
    make.published(owner)
    out = io.StringIO()
    call_command("backup", "--to", str(file), stdout=out)
    assert "The keys of the site are not in it." in out.getvalue()
    before = kept()
    later = make.waiting()
    assert "Nothing was changed." in restore(file, pair, "--replace", "--dry-run")
    assert Revision.objects.filter(pk=later.pk).exists()
    said = restore(file, pair, "--replace")
    assert "as many as were there" in said
    assert "rows are as written" in said
    after = kept()
    assert after.pop("community_putback") != before.pop("community_putback"), "people are told of it"
    assert after == before
    assert Contribution.objects.owned_by(owner).count() == 1
    with pytest.raises(OperatorError, match="say --replace"):
        restore(file, pair)


def test_a_dry_run_beside_a_site_that_is_used_says_what_would_be_refused(
    as_owner: None, pair: Path, tmp_path: Path, web_login: Callable[[], psycopg.Connection[Any]], settings: Any
) -> None:
    file = tmp_path / "kept.age"
    back_up(file)
    before = kept()
    with web_login():
        said = restore(file, pair, "--dry-run")
        assert "The backup is whole and would be restored" in said
        assert "At this moment it would be refused: 1 others are connected" in said
    assert "would be refused: The database has tables." in restore(file, pair, "--dry-run")
    settings.ONE_ROLE = True
    with pytest.raises(OperatorError, match="or see to it that nothing starts the site and say --one-role"):
        restore(file, pair, "--replace")
    assert kept() == before
    assert "would be refused" not in restore(file, pair, "--replace", "--one-role", "--dry-run")


def test_an_old_or_unwritable_journal_is_refused(as_owner: None, pair: Path, tmp_path: Path, settings: Any) -> None:
    noted: Path = settings.ERASURE_JOURNAL
    for _ in range(2):
        journal.note(journal.TEXT, uuid4())
    file, lines = tmp_path / "kept.age", noted.read_text()
    back_up(file)
    before = kept()
    other = ["0" * journal.DIGITS] * 2
    for old in (lines[: len(lines) // 2], "\n".join(other)):
        noted.write_text(old)
        for _ in range(3):
            with pytest.raises(
                OperatorError, match="does not begin with the 2 that the backup knew: it is an old copy"
            ):
                restore(file, pair, "--replace")
        assert noted.read_text() == old
    noted.write_text(lines)
    with no_room():
        assert "would be restored" in restore(file, pair, "--dry-run"), "a mere look writes nothing"
    assert noted.read_text() == lines
    with no_room(), pytest.raises(OperatorError, match="cannot be written: let the site write it"):
        restore(file, pair, "--replace")
    assert kept() == before
    journal.note(journal.TEXT, uuid4())
    assert "stays so" in restore(file, pair, "--replace")


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file grow: who runs the tests may be root, whom no mode keeps out."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_old_backups_are_told_and_go_with_the_next_one(
    as_owner: None, pair: Path, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR, folder = tmp_path, tmp_path / "backups"
    folder.mkdir()
    days = {"young.age": settings.BACKUP_DAYS - 1, "old.age": settings.BACKUP_DAYS + 1, "note.txt": 999}
    days[".old.age.part"] = settings.BACKUP_DAYS + 1  # of a backup that was killed
    for name, age in days.items():
        (folder / name).touch()
        os.utime(folder / name, (0, time.time() - age * 86_400))
    assert health_ground.backups().startswith(f"2 in {folder} are older than {settings.BACKUP_DAYS} days")
    call_command("backup", "--to", str(tmp_path / "kept.age"), stdout=io.StringIO())
    assert {one.name for one in folder.iterdir()} == {"young.age", "note.txt"}
    assert health_ground.backups().startswith(f"The newest in {folder} is {settings.BACKUP_DAYS - 1} days old.")
    for hour in (1, 2):
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hour)):
            call_command("backup", stdout=io.StringIO())
    assert len(list(folder.glob("*.age"))) == 3, "two on one day"
    assert health_ground.backups() == ""


def test_differences_are_named(as_owner: None, pair: Path, tmp_path: Path) -> None:
    made = back_up(tmp_path / "kept.age")
    assert restoring.differences(made) == []
    make.published()
    assert {"stories_revision", "the end of the record"} <= set(restoring.differences(made))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stories_revision DISABLE TRIGGER revision_guard_change")
        assert "triggers and constraints" in restoring.differences(made)
        cursor.execute("ALTER TABLE stories_revision ENABLE TRIGGER revision_guard_change")
        assert "triggers and constraints" not in restoring.differences(made)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is no backup"), (b"PGDMP" * 99, "is no backup"), (None, "There is no file")],
)
def test_a_file_that_is_no_backup_is_one_sentence(
    content: bytes | None, sentence: str, pair: Path, tmp_path: Path
) -> None:
    file = tmp_path / "bad.age"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OperatorError, match=sentence):
        restoring.decrypt(file, restoring.read_identity(pair), restoring.Nowhere(), done=lambda _bytes: None)


def test_a_cut_file_another_pair_and_another_content_are_one_sentence(pair: Path, tmp_path: Path) -> None:
    file, identity = tmp_path / "bad.age", restoring.read_identity(pair)
    whole, other = crafted(pair), x25519.Identity.generate()
    for content, key, sentence in (
        (whole[:-1], identity, "is cut off or damaged"),
        (whole, other, "does not open"),
        (pyrage.encrypt(b"a\nb\nc", [identity.to_public()]), identity, "another version"),
        (pyrage.encrypt(b"abc", [identity.to_public()]), identity, "no backup of this site"),
        (pyrage.encrypt(b"a" * 5_000_000, [identity.to_public()]), identity, "no backup of this site"),
    ):
        file.write_bytes(content)
        with pytest.raises(OperatorError, match=sentence):
            restoring.decrypt(file, key, restoring.Nowhere(), done=lambda _bytes: None)
    file.write_text("no identity")
    with pytest.raises(OperatorError, match="no identity file"):
        restoring.read_identity(file)


def test_a_backup_needs_a_recipient_a_new_name_and_room(
    as_owner: None, pair: Path, tmp_path: Path, settings: Any
) -> None:
    file = tmp_path / "kept.age"
    file.write_bytes(b"before")
    with pytest.raises(OperatorError, match="Name another file, or say --replace"):
        back_up(file)
    for where, sentence in ((tmp_path / "none" / "b.age", "No such file"), (Path("/proc/b.age"), "cannot be written")):
        with pytest.raises(OperatorError, match=sentence):
            back_up(where)
    settings.BACKUP_RECIPIENT = ""
    with pytest.raises(OperatorError, match="make_keys --backup"):
        back_up(tmp_path / "other.age")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["erased", "identity", "kept.age"]
    assert file.read_bytes() == b"before"


def test_two_backups_at_once_to_one_file_are_refused(as_owner: None, pair: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.age"
    with backup._new_file(file), pytest.raises(OperatorError, match="Another backup is being written"):
        back_up(file)


def test_an_older_program_is_refused(db: None) -> None:
    program = Client.named("pg_dump")
    program.check()
    with pytest.raises(OperatorError, match="pg_dump is version 9 and the server"):
        Client(program.path, 9).check()


def test_a_recipient_that_is_none_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    env = environment.environ.Env()
    monkeypatch.setenv("BACKUP_RECIPIENT", "age1nobody")
    with pytest.raises(ImproperlyConfigured, match="begins with age1"):
        environment.recipient(env)
