"""A backup and its way back, in one process; tests/prove/test_drill.py does it with whole sites, and kills them."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
import time_machine
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pyrage import x25519

from accounts import keeping
from accounts.models import MailRound, Reminder, User
from accounts.weekly import begins_at, week_of
from community import backup, environment, health, health_ground, replacing, restoring
from community.backup import Client, back_up
from community.local import OperatorError
from community.manifest import FIRST_LINE, Manifest, Seals
from moderation.actions.leading import close_account
from stories.actions import erase_text
from stories.models import Contribution, Revision
from tests import make
from tests.community.test_mixing import rows

# A restore wants the database for itself, and servers of the browser tests would hold connections to it.
pytestmark = pytest.mark.alone

EMPTY: dict[str, Any] = {
    "made_on": "2026-11-01", "postgres": 1, "program": 1, "migrations": [], "counts": {}, "head": [0, ""],
    "guards": "", "keys": {},
}  # fmt: skip


@pytest.fixture
def pair(settings: Any, tmp_path: Path) -> Path:
    """Name a recipient, and return the file that opens what it gets."""
    made = x25519.Identity.generate()
    settings.BACKUP_RECIPIENT = str(made.to_public())
    file = tmp_path / "identity"
    file.write_text(f"# a note\n{made}\n")
    return file


@pytest.fixture(autouse=True)
def noted(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a journal of erasures of one's own, with nothing in it yet."""
    settings.ERASURE_JOURNAL = tmp_path_factory.mktemp("journal") / "erased"
    settings.ERASURE_JOURNAL.touch()
    return Path(settings.ERASURE_JOURNAL)


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


def crafted(pair: Path, *, seal: bytes = b"", **changes: Any) -> bytes:
    """Return a whole backup that says other things of itself, and has no dump."""
    recipient = x25519.Identity.from_str(pair.read_text().split("\n")[1]).to_public()
    seals, content = Seals(), FIRST_LINE + Manifest(**EMPTY | changes).line + b"PGDMP"
    seals.update(content)
    return pyrage.encrypt(content + (seal or seals.newest()), [recipient])


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
        ({"seal": b"s" * 32}, "Nothing proves that this site made this backup"),
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


def test_a_backup_is_sealed_by_the_site_that_made_it(as_owner: None, pair: Path, tmp_path: Path, settings: Any) -> None:
    file, ours = tmp_path / "kept.age", settings.OWNERSHIP_KEYS
    back_up(file)
    settings.OWNERSHIP_KEYS = [b"n" * 32, *ours]
    assert "would be restored" in restore(file, pair, "--replace", "--dry-run"), "under an older key"
    content = pyrage.decrypt(file.read_bytes(), [restoring.read_identity(pair)])
    recipient = restoring.read_identity(pair).to_public()
    for changed in (content.replace(b'"made_on": "20', b'"made_on": "19'), content[:-40] + b"a" + content[-39:]):
        file.write_bytes(pyrage.encrypt(changed, [recipient]))
        with pytest.raises(OperatorError, match="Nothing proves that this site made"):
            restore(file, pair, "--replace", "--dry-run")
        assert "would be restored" in restore(file, pair, "--replace", "--dry-run", "--without-keys")


def test_without_the_journal_nothing_is_restored_unless_that_is_said(
    as_owner: None, pair: Path, tmp_path: Path, noted: Path
) -> None:
    owner, file = make.owner(), tmp_path / "kept.age"
    text = make.published(owner)
    back_up(file)
    erase_text(text.pk, owner=owner)
    before, kept_journal = kept(), noted.read_text()
    noted.unlink()
    with pytest.raises(OperatorError, match=r"The journal of erasures .* cannot be read: No such file"):
        restore(file, pair, "--replace")
    assert kept() == before
    assert make.TEXT in restored_text(text.pk, restore(file, pair, "--replace", "--without-journal"))
    noted.write_text(kept_journal)
    assert make.TEXT not in restored_text(text.pk, restore(file, pair, "--replace"))


def restored_text(pk: Any, said: str) -> str:
    """Return the words of a text after a restore that was told."""
    assert "as many as were there" in said
    return Revision.objects.get(contribution=pk).text


def test_what_was_ended_since_stays_ended(as_owner: None, pair: Path, tmp_path: Path, settings: Any) -> None:
    lead, leaver = make.moderator(role="lead"), make.moderator()
    stays, ended, moved = (_reminded() for _ in range(3))
    file = tmp_path / "kept.age"
    back_up(file)
    close_account(leaver.pk, lead=lead)
    keeping.switch_off(ended.user)
    keeping.switch_on(moved.user, reminder_id=moved.pk, address="new@quay.example", language="en")
    settings.ADDRESS_KEYS = [b"n" * 32, *settings.ADDRESS_KEYS]
    said = restore(file, pair, "--replace")
    assert "Reminders ended again: 2. Accounts of staff closed again: 1." in said
    assert list(Reminder.objects.all()) == [stays]
    assert set(User.objects.working_here()) == {lead}
    assert not User.objects.get(pk=leaver.pk).has_usable_password()


def _reminded() -> Reminder:
    user, pk = make.member(), uuid4()
    keeping.switch_on(user, reminder_id=pk, address=f"{pk}@quay.example", language="en")
    return Reminder.objects.select_related("user").get(pk=pk)


def test_a_week_of_mails_that_had_begun_is_not_begun_again(as_owner: None, pair: Path, tmp_path: Path) -> None:
    file, week = tmp_path / "kept.age", week_of(timezone.now().date())
    back_up(file)
    for now, is_over in ((begins_at(week) - timedelta(minutes=1), False), (begins_at(week), True)):
        with time_machine.travel(now):
            restore(file, pair, "--replace")
        assert MailRound.objects.filter(week=week, is_over=True).exists() == is_over


def test_it_says_what_comes_back_and_what_to_tell_people(as_owner: None, pair: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.age"
    day = back_up(file).made_on
    said = restore(file, pair, "--replace")
    for words in ("Passwords, recovery codes, second factors, passkeys", "Roles of who works here", "Tell people:"):
        assert words in said
    assert f"as they were on {day}" in said


def test_a_record_that_was_changed_is_not_brought_back_unless_that_is_said(
    as_owner: None, pair: Path, tmp_path: Path
) -> None:
    make.published()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE moderation_entry SET act = 'invite' WHERE number = 1")
        cursor.execute("ALTER TABLE moderation_entry ENABLE TRIGGER USER")
    file = tmp_path / "kept.age"
    back_up(file)
    later = make.waiting()
    before = kept()
    with pytest.raises(OperatorError, match=r"Row 1 was changed.* Nothing was changed\.$"):
        restore(file, pair, "--replace")
    assert kept() == before
    assert "Row 1 was changed" in restore(file, pair, "--replace", "--with-broken-record")
    assert not Revision.objects.filter(pk=later.pk).exists()


def test_after_a_restore_that_was_cut_off_nothing_goes_on_but_putting_back(
    as_owner: None, pair: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kept.age"
    back_up(file)
    make.published()
    before = kept()
    with pytest.raises(OperatorError, match="nothing to put back"):
        call_command("restore", "--put-back")
    replacing._set_aside()  # and the process is killed
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stories_half (id int)")
        cursor.execute("SELECT has_table_privilege(%s, 'stories_half', 'SELECT')", [site.WEB_ROLE])
        assert cursor.fetchone() == (False,), "what is half ready is for nobody"
    for command in (["restore", "--dry-run"], ["restore", "--replace"], ["backup"], ["migrate"]):
        words = ["--from", str(file), "--identity", str(pair)] if command[0] == "restore" else []
        with pytest.raises(OperatorError, match="restore --put-back"):
            call_command(*command, *words, stdout=io.StringIO())
    assert [one.todo for one in health.look(health.READINESS) if one.subject == "Restore"] == [replacing.CUT_OFF]
    call_command("restore", "--put-back", stdout=io.StringIO())
    assert kept() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'stories_revision', 'SELECT')", [site.WEB_ROLE])
        assert cursor.fetchone() == (True,)
    assert [one.todo for one in health.look(health.READINESS) if one.subject == "Restore"] == [""]


def test_old_backups_are_told_and_go_with_the_next_one(
    as_owner: None, pair: Path, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR, folder = tmp_path, tmp_path / "backups"
    folder.mkdir()
    days = {"young.age": settings.BACKUP_DAYS - 1, "old.age": settings.BACKUP_DAYS + 1, "note.txt": 999}
    for name, age in days.items():
        (folder / name).touch()
        os.utime(folder / name, (0, time.time() - age * 86_400))
    assert health_ground.backups().startswith(f"1 in {folder} are older than {settings.BACKUP_DAYS} days")
    call_command("backup", "--to", str(tmp_path / "kept.age"), stdout=io.StringIO())
    assert {one.name for one in folder.iterdir()} == {"young.age", "note.txt"}
    assert health_ground.backups() == ""


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
