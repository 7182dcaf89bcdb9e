"""Bringing a backup back."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.management.commands import migrate
from django.utils import timezone

from accounts import journal, rounds
from community import replacing, restoring
from community.actions import tell_of_restore
from community.backup import reachable
from community.local import OperatorError
from community.management.commands.backup import with_bytes
from community.manifest import Manifest
from moderation.checking import verify
from stories.actions import check_keys

OPTIONS = {
    "--replace": "put it in the place of the tables that are there",
    "--dry-run": "only look, and say what would be done",
    "--without-keys": "restore although the keys are not those of the backup",
    "--without-seal": "restore although nothing proves that this site made the backup: what is in it runs as the owner",
    "--without-journal": "restore although the journal of erasures is lost or old: the site stays shut at first",
    "--one-role": "replace tables although the site connects as their owner",
    "--with-broken-record": "restore although the record of decisions in it is not as it was written",
}
COMES_BACK = """
These are again as they were on {day}, when the backup was made:
- Passwords, recovery codes, second factors, passkeys. One that was changed because somebody else knew it opens again.
- Roles of who works here, and invitations: a lead puts them right. Accounts that were closed since stay closed.
- Texts, decisions and choices: what came later is gone. What was erased or withdrawn since {erased}.
- What is not in the journal, when it is a copy: who erased or withdrew after it was copied has to do it again.
- Texts that were taken down, hidden or changed since are as they were before that. What the journal names of them is
  hidden: with a case, until a moderator has decided, or when its writer had changed it, until a newer version comes.
  What the journal does not name is public again.
- Weekly reminders, but those that were ended or went elsewhere since, or that no key opens. The rest of this week's
  mails are not sent.
For six weeks the pages on which people sign in, get back in and find their texts say that the site went back to {day}.
Tell those who ask, too.
"""


class Command(BaseCommand):
    """Look a backup through, put it into the database, look whether all came back, and forget again what was erased."""

    help = (
        "Bring a backup back into the database of DATABASE_OWNER_URL, all of it or nothing; the site must be stopped."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, what opens it, and what may be done."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--from", type=Path, metavar="FILE", dest="file", help="the backup")
        what.add_argument(
            "--put-back", action="store_true", help="put back what was there before a restore that was cut off"
        )
        parser.add_argument("--identity", type=Path, default=Path(), metavar="FILE", help="what opens the backup")
        for name, words in OPTIONS.items():
            parser.add_argument(name, action="store_true", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how far it is; each thing that is wrong is one sentence, and nothing is changed then."""
        with reachable():
            if options["put_back"]:
                replacing.put_back()
                self.stdout.write("What was there before the restore is back.")
            else:
                self._restore(options["file"], restoring.read_identity(options["identity"]), options)

    def _restore(self, file: Path, identity: restoring.Identity, options: dict[str, Any]) -> None:
        with with_bytes("Looking", _size(file)) as done:
            opened = restoring.decrypt(file, identity, restoring.Nowhere(), done=done)
        program = restoring.check(opened, without_keys=options["without_keys"], without_seal=options["without_seal"])
        says = opened.says
        if not options["without_journal"]:
            _check_journal(says.journal, writes=not options["dry_run"])
        refused = restoring.in_the_way(replace=options["replace"], one_role=options["one_role"])
        rows = f"{sum(says.counts.values())} rows of {len(says.counts)} tables, as of {says.made_on}"
        if options["dry_run"]:
            self.stdout.write(f"The backup is whole and would be restored: {rows}. Nothing was changed.")
            if refused:
                self.stdout.write(f"At this moment it would be refused: {refused}")
            return
        if refused:
            raise OperatorError(refused)
        with replacing.aside():
            with with_bytes("Restoring", _size(file)) as done:
                restoring.fill(file, identity, program, meant=opened, done=done)
            self._make_ready(says, options)
        shut = replacing.shut()
        self.stdout.write(f"Restored: {rows}, as many as were there.")
        self.stdout.write(COMES_BACK.format(day=says.made_on, erased="IS BACK" if shut else "stays so"))
        if wrong := check_keys():
            raise OperatorError(f"{' and '.join(wrong)} do not fit{_consequence(wrong)}: put the right keys back.")
        self.stdout.write(shut or "Start the site, and run: manage.py doctor")

    def _make_ready(self, says: Manifest, options: dict[str, Any]) -> None:
        """Bring the tables up to date and forget again what was erased since, where that can be done.

        It comes before what was there goes: what fails here fails all of the restore.
        """
        call_command(migrate.Command(), verbosity=0, interactive=False)
        record = verify()
        if record.sign and not options["with_broken_record"]:
            raise OperatorError(f"The record of decisions: {record.sentence} Nothing was changed.")
        self.stdout.write(f"The record of decisions: {record.sentence}")
        now = timezone.now()
        rounds.end_this_week(now)
        tell_of_restore(date.fromisoformat(says.made_on), today=now.date())
        replacing.owe_replay(says.journal)
        if not options["without_journal"] and "OWNERSHIP_KEYS" not in check_keys():
            call_command("replay_erasures", stdout=self.stdout)


def _check_journal(known: str, *, writes: bool) -> None:
    """Refuse to bring back what people erased: the backup knew these lines of the journal."""
    try:
        noted = journal.read()
        if not noted.goes_on_from(known):
            raise OperatorError(
                f"The journal of erasures {settings.ERASURE_JOURNAL} has {len(noted.lines)} lines, and does not begin "
                f"with the {known.split()[0]} that the backup knew: it is an old copy, or another. Put its newest one "
                "there, or say --without-journal. Nothing was changed."
            )
        if writes:
            journal.try_writing()
    except journal.JournalError as error:
        raise OperatorError(
            f"The journal of erasures {settings.ERASURE_JOURNAL} cannot be written: let the site write it. "
            "Nothing was changed."
        ) from error
    except OSError as error:
        raise OperatorError(
            f"The journal of erasures {settings.ERASURE_JOURNAL} cannot be read: {error.strerror}. Put its newest copy "
            "there (an empty file when nobody ever erased anything), or say --without-journal. Nothing was changed."
        ) from error


def _consequence(wrong: list[str]) -> str:
    if "OWNERSHIP_KEYS" not in wrong:
        return ", so second steps, codes or addresses cannot be opened"
    return ", so nobody can post, and the site stays shut until this was run: manage.py replay_erasures"


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
