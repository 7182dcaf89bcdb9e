"""A backup and its way back, in one process; tests/prove/test_drill.py does it with whole sites, and kills them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from pyrage import x25519

from community import backup, environment, restoring
from community.backup import FIRST_LINE, Client, Manifest, back_up
from community.local import OperatorError
from stories.models import Contribution, Revision
from tests import make
from tests.community.test_mixing import rows

# A restore wants the database for itself, and servers of the browser tests would hold connections to it.
pytestmark = pytest.mark.alone

EMPTY: dict[str, Any] = {
    "postgres": 1, "program": 1, "migrations": [], "counts": {}, "head": [0, ""], "guards": "", "keys": {},
}  # fmt: skip


@pytest.fixture
def pair(settings: Any, tmp_path: Path) -> Path:
    """Name a recipient, and return the file that opens what it gets."""
    made = x25519.Identity.generate()
    settings.BACKUP_RECIPIENT = str(made.to_public())
    file = tmp_path / "identity"
    file.write_text(f"# a note\n{made}\n")
    return file


@pytest.fixture
def as_owner(key_known: None, transactional_db: None) -> Iterator[None]:
    """Connect as the operator's commands do."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        # Servers of tests before this one may still hold theirs; a restore wants to be alone.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{site.WEB_ROLE}"')


def restore(file: Path, pair: Path, *options: str) -> str:
    """Run the command and return what it said."""
    out = io.StringIO()
    call_command("restore", "--from", str(file), "--identity", str(pair), *options, stdout=out)
    return out.getvalue()


def kept() -> dict[str, Any]:
    """Return a digest of each table that a backup holds."""
    passing = ("session", "limit", "procrastinate")
    return {name: found for name, found in rows().items() if not any(word in name for word in passing)}


def crafted(pair: Path, **changes: Any) -> bytes:
    """Return a whole backup that says other things of itself, and has no dump."""
    recipient = x25519.Identity.from_str(pair.read_text().split("\n")[1]).to_public()
    return pyrage.encrypt(FIRST_LINE + Manifest(**EMPTY | changes).line + b"PGDMP", [recipient])


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
    assert kept() == before
    assert Contribution.objects.owned_by(owner).count() == 1
    with pytest.raises(OperatorError, match="say --replace"):
        restore(file, pair)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "did not take the backup"),
        ({"postgres": 99}, "PostgreSQL 99, newer than"),
        ({"migrations": [["stories", "9999_later"]]}, "newer version of the site"),
        ({"keys": {"ownership": "00"}}, "OWNERSHIP_KEYS are not those of this backup"),
    ],
)
def test_what_cannot_be_restored_changes_nothing(
    changes: dict[str, Any], sentence: str, as_owner: None, pair: Path, tmp_path: Path
) -> None:
    make.published()
    before, file = kept(), tmp_path / "bad.age"
    file.write_bytes(crafted(pair, **changes))
    with pytest.raises(OperatorError, match=sentence) as refused:
        restore(file, pair, "--replace")
    assert "\n" not in str(refused.value)
    assert kept() == before


def test_what_did_not_come_back_whole_is_put_back(
    as_owner: None, pair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept.age"
    back_up(file)
    text = make.published()
    before = kept()
    monkeypatch.setattr(restoring, "differences", lambda _found: ["stories_revision"])
    with pytest.raises(OperatorError, match=r"Not all of the backup came back \(stories_revision\)"):
        restore(file, pair, "--replace")
    assert kept() == before
    assert Contribution.objects.filter(pk=text.pk).exists()


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
    assert sorted(one.name for one in tmp_path.iterdir()) == ["identity", "kept.age"]
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
