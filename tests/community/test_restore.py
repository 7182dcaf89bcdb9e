"""The way back from a backup: what is refused, what is done again, and what is left when it is cut off."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
import time_machine
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts import keeping
from accounts.models import MailRound, Reminder, User
from accounts.weekly import begins_at, week_of
from community import health, replacing, restoring
from community.backup import back_up
from community.local import OperatorError
from moderation.actions.leading import close_account
from stories.actions import erase_text
from stories.models import Contribution, Revision
from tests import make
from tests.community.backups import crafted, kept, restore

# A restore wants the database for itself, and servers of the browser tests would hold connections to it.
pytestmark = pytest.mark.alone


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
        assert "would be restored" in restore(file, pair, "--replace", "--dry-run", "--without-seal")


def test_without_the_journal_nothing_is_restored_unless_that_is_said(
    as_owner: None, pair: Path, tmp_path: Path, settings: Any
) -> None:
    owner, file = make.owner(), tmp_path / "kept.age"
    text = make.published(owner)
    back_up(file)
    erase_text(text.pk, owner=owner)
    noted: Path = settings.ERASURE_JOURNAL
    before, kept_journal, readable = kept(), noted.read_text(), may_be_read()
    noted.unlink()
    with pytest.raises(OperatorError, match=r"The journal of erasures .* cannot be read: No such file"):
        restore(file, pair, "--replace")
    assert kept() == before
    said = restore(file, pair, "--replace", "--without-journal")
    assert "What was erased or withdrawn since IS BACK" in said
    assert said.endswith(f"{replacing.OWES}\n")
    assert make.TEXT in restored_text(text.pk, said)
    assert (told_of_restore(), may_be_read()) == (replacing.OWES, set()), "not even by the pages"
    noted.write_text(kept_journal)
    call_command("replay_erasures", "--dry-run", stdout=io.StringIO())
    assert (told_of_restore(), may_be_read()) == (replacing.OWES, set()), "only a whole replay ends it"
    call_command("replay_erasures", stdout=io.StringIO())
    assert (told_of_restore(), make.TEXT in restored_text(text.pk, said)) == ("", False)
    assert may_be_read() == readable
    said = restore(file, pair, "--replace")
    assert "What was erased or withdrawn since stays so." in said
    assert make.TEXT not in restored_text(text.pk, said)
    assert told_of_restore() == ""


def may_be_read() -> set[str]:
    """Return the tables that the site's own role may read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(%s, oid, 'SELECT')",
            [site.WEB_ROLE],
        )
        return {name for (name,) in cursor.fetchall()}


def told_of_restore() -> str:
    """Return what the readiness page says of restores."""
    (todo,) = [one.todo for one in health.look(health.READINESS) if one.subject == "Restore"]
    return todo


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
    keeping.switch_on(moved.user, address="new@quay.example", language="en")
    settings.ADDRESS_KEYS = [b"n" * 32, *settings.ADDRESS_KEYS]
    said = restore(file, pair, "--replace")
    assert "Reminders ended again: 2. Accounts of staff closed again: 1." in said
    assert list(Reminder.objects.all()) == [stays]
    assert set(User.objects.working_here()) == {lead}
    assert not User.objects.get(pk=leaver.pk).has_usable_password()


def _reminded() -> Reminder:
    user = make.member()
    keeping.switch_on(user, address=f"{user.pk}@quay.example", language="en")
    return Reminder.objects.select_related("user").get(user=user)


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
    for words in ("Passwords, recovery codes, second factors, passkeys", "Roles of who works here", "For six weeks"):
        assert words in said
    assert f"as they were on {day}" in said


def test_a_restore_that_is_owed_is_still_owed_after_another_failed(
    as_owner: None, pair: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, noted = tmp_path / "kept.age", settings.ERASURE_JOURNAL
    back_up(file)
    noted.unlink()
    restore(file, pair, "--replace", "--without-journal")
    noted.touch()
    monkeypatch.setattr(restoring, "differences", lambda _found: ["stories_revision"])
    with pytest.raises(OperatorError, match="Not all of the backup came back"):
        restore(file, pair, "--replace")
    assert (told_of_restore(), may_be_read()) == (replacing.OWES, set())
    monkeypatch.undo()
    restore(file, pair, "--replace")
    assert told_of_restore() == ""
    assert "stories_revision" in may_be_read()


def test_each_doubt_about_a_backup_has_a_word_of_its_own(
    as_owner: None, pair: Path, tmp_path: Path, settings: Any
) -> None:
    file, ours = tmp_path / "kept.age", settings.OWNERSHIP_KEYS
    back_up(file)
    settings.OWNERSHIP_KEYS = [b"n" * 32]
    for words, sentence in (([], "--without-keys"), (["--without-keys"], "--without-seal")):
        with pytest.raises(OperatorError, match=sentence):
            restore(file, pair, "--replace", "--dry-run", *words)
    with pytest.raises(OperatorError, match="are not those of this backup"):
        restore(file, pair, "--replace", "--dry-run", "--without-seal")
    assert "would be restored" in restore(file, pair, "--replace", "--dry-run", "--without-keys", "--without-seal")
    settings.OWNERSHIP_KEYS, settings.ADDRESS_KEYS = ours, [b"n" * 32]
    assert "would be restored" in restore(file, pair, "--replace", "--dry-run", "--without-keys")


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


def test_a_key_that_is_lost_spares_no_erasure(as_owner: None, pair: Path, tmp_path: Path, settings: Any) -> None:
    owner, file = make.owner(), tmp_path / "kept.age"
    text, ended = make.published(owner), _reminded()
    back_up(file)
    erase_text(text.pk, owner=owner)
    keeping.switch_off(ended.user)
    ours, settings.ADDRESS_KEYS = settings.ADDRESS_KEYS, [b"n" * 32]
    with pytest.raises(OperatorError, match="ADDRESS_KEYS do not fit, so second steps, codes or addresses cannot"):
        restore(file, pair, "--replace", "--without-keys")
    assert make.TEXT not in Revision.objects.get(contribution=text.pk).text
    settings.ADDRESS_KEYS = ours
    assert not Reminder.objects.exists(), "with the key put back it would go out again"


def test_a_migration_that_fails_puts_back_what_was_there(as_owner: None, pair: Path, tmp_path: Path) -> None:
    file, last = tmp_path / "kept.age", MigrationRecorder.Migration.objects.get(app="community", name="0003_mixing")
    MigrationRecorder(connection).record_unapplied(last.app, last.name)
    back_up(file)
    MigrationRecorder(connection).record_applied(last.app, last.name)
    make.published()
    before = kept()
    with pytest.raises(OperatorError, match=r"PostgreSQL refused it \(ProgrammingError\)\. Nothing was changed\."):
        restore(file, pair, "--replace")
    assert kept() == before
    assert not replacing.unfinished()


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
    for command in (["restore", "--dry-run"], ["restore", "--replace"], ["backup"], ["migrate"], ["mix"]):
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
