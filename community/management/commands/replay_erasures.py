"""Forgetting again, after a backup was brought back, what was erased or ended since it was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts import journal, keeping
from accounts.models import User
from advice.actions import end_label_again, ended_labels
from community import replacing
from community.backup import reachable
from community.local import OperatorError
from community.management.commands.index_stories import with_progress
from moderation.actions.erasing import forget_reports
from moderation.actions.leading import close_again
from moderation.actions.reports import hide_again
from stories.actions import (
    check_keys,
    end_consents_again,
    end_text_again,
    erase_account,
    erase_again,
    remember_newest_key,
    renew_draft,
    replace_again,
    take_back_again,
    withdraw_again,
)
from stories.erased import (
    Found,
    accounts,
    consents_ended,
    drafts,
    ended,
    reminders,
    replaced,
    staff,
    taken_back,
    taken_down,
    texts,
    withdrawn,
)


class Lost(OperatorError):
    """The journal is gone, or the key that reads it: when that is for good, the site may be opened without."""


class Command(BaseCommand):
    """Compare every account, text and reminder with the journal of erasures, and do again what it names."""

    help = "Erase again what the journal of erasures names, which opens the site after a backup was restored."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what it may do beside."""
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--dry-run", action="store_true", help="say how much it would be, and change nothing")
        either.add_argument(
            "--without-journal",
            action="store_true",
            help="open the site although the journal, or its key, is lost for good: what was erased since stays public",
        )
        either.add_argument(
            "--old-journal",
            action="store_true",
            help="do what an old copy of the journal names, its newest one being lost for good: the rest stays public",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it in a site that somebody may open."""
        with reachable():
            _refuse_others()
            if options["without_journal"]:
                self._go_on_without()
            else:
                noted = _read()
                if not options["old_journal"]:
                    _refuse_old(noted)
                self._replay(noted, dry=options["dry_run"])

    def _go_on_without(self) -> None:
        """Open the site as it is; whoever can do better is told to."""
        if not replacing.owes_replay():
            raise OperatorError("Nothing was brought back here that the journal of erasures is still needed for.")
        try:
            _read()
        except Lost as lost:
            replacing.settle_replay()
            self.stdout.write(f"{lost} What was erased, withdrawn or taken down since the backup stays as it was then.")
        else:
            raise OperatorError("The journal of erasures can be read, so run this without --without-journal.")

    def _replay(self, noted: journal.Journal, *, dry: bool) -> None:
        """Accounts first: what an account leaves behind is found by its secret."""

        def erase(user: User) -> None:
            erase_account(user, keeps=lambda pk: not noted.holds(journal.TEXT, pk), also=forget_reports, again=True)

        if not dry:
            remember_newest_key()  # the copy may be older than the key
        people = _again("Accounts", accounts(noted), erase, dry=dry)
        words = _again("Texts", texts(noted), lambda text: erase_again(text.pk), dry=dry)
        # Before anything becomes a draft with the words, and what was allowed, of a version that the journal names.
        unallowed = _again("Consents", consents_ended(noted), lambda one: end_consents_again(*one), dry=dry)
        _again("Drafts", drafts(noted), renew_draft, dry=dry)
        over = _again("Ended", ended(noted), lambda text: end_text_again(text.pk), dry=dry)
        back = _again("Withdrawn", withdrawn(noted), lambda text: withdraw_again(text.pk), dry=dry)
        unsent = _again("Taken back", taken_back(noted), take_back_again, dry=dry)
        old = _again("Replaced", replaced(noted), replace_again, dry=dry)
        hidden = _again("Taken down", taken_down(noted), hide_again, dry=dry)
        mails = _again("Reminders", reminders(noted), lambda one: keeping.switch_off(one.user), dry=dry)
        closed = _again("Staff", staff(noted), close_again, dry=dry)
        labels = _again("Labels", ended_labels(noted), end_label_again, dry=dry)
        if not dry:
            replacing.settle_replay()
        done = "would be erased again" if dry else "were erased again"
        self.stdout.write(
            f"Accounts that {done}: {people}. Texts beside theirs: {words}. Withdrawn again: {back}. "
            f"Ended again: {over}. "
            f"Reminders ended again: {mails}. Accounts of staff closed again: {closed}. Taken back again: {unsent}. "
            f"Hidden until a moderator decides: {hidden}. "
            f"Replaced again, or hidden until a newer version comes: {old}. Labels ended again: {labels}. "
            f"Versions with a consent ended again: {unallowed}."
        )


def _refuse_others() -> None:
    """Refuse who could not open the site: erased again for nobody, it would stay shut."""
    if replacing.owes_replay() and not replacing.may_open():
        raise OperatorError("Only the owner of the tables can open the site again: set DATABASE_OWNER_URL.")


def _refuse_old(noted: journal.Journal) -> None:
    """Refuse a journal that lacks what the backup knew: what was erased before it was made would be public too."""
    if not noted.goes_on_from(known := replacing.known_journal()):
        raise OperatorError(
            f"The journal {settings.ERASURE_JOURNAL} does not begin with the {known.split()[0]} lines that the backup "
            "knew: it is an old copy, or another. Put its newest one there, or when that is lost for good say "
            "--old-journal. Nothing was erased."
        )


def _read() -> journal.Journal:
    """Return the journal, when it can be read under keys that fit; Lost when it is not there, or they do not."""
    if "OWNERSHIP_KEYS" in check_keys():
        raise Lost("OWNERSHIP_KEYS does not fit this database. Nothing was erased.")
    try:
        return journal.read()
    except FileNotFoundError as error:
        raise Lost(f"There is no journal {settings.ERASURE_JOURNAL}. Nothing was erased.") from error
    except OSError as error:
        raise OperatorError(f"The journal {settings.ERASURE_JOURNAL} cannot be read: {error.strerror}.") from error


def _again(subject: str, found: Found[Any], erase: Callable[[Any], None], *, dry: bool) -> int:
    """Erase what is found, with a bar on a terminal; return how much it was."""
    count = 0

    def work(advance: Callable[[int], None]) -> None:
        nonlocal count
        for looked_at, one in found.rows:
            if one is not None:
                count += 1
                if not dry:
                    erase(one)
            advance(looked_at)

    with_progress(subject, found.total, work)
    return count
