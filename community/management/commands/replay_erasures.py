"""Forgetting again, after a backup was brought back, what was erased or ended since it was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import journal, keeping
from accounts.models import User
from community.actions import settle_replay
from community.management.commands.index_stories import with_progress
from moderation.actions.erasing import forget_reports
from moderation.actions.leading import close_again
from stories.actions import (
    check_keys,
    erase_account,
    erase_again,
    remember_newest_key,
    take_back_again,
    withdraw_again,
)
from stories.erased import Found, accounts, reminders, staff, taken_back, texts, withdrawn


class Command(BaseCommand):
    """Compare every account, text and reminder with the journal of erasures, and do again what it names."""

    help = "Erase again what the journal of erasures names: after a backup was restored, before the site starts."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one option."""
        parser.add_argument("--dry-run", action="store_true", help="say how much it would be, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Accounts first: what an account leaves behind is found by its secret."""
        if "OWNERSHIP_KEYS" in check_keys():
            raise CommandError("OWNERSHIP_KEYS does not fit this database. Nothing was erased.")
        try:
            noted = journal.read()
        except FileNotFoundError as error:
            raise CommandError(f"There is no journal {settings.ERASURE_JOURNAL}. Nothing was erased.") from error
        except OSError as error:
            raise CommandError(f"The journal {settings.ERASURE_JOURNAL} cannot be read: {error.strerror}.") from error

        def erase(user: User) -> None:
            erase_account(user, keeps=lambda pk: not noted.holds(journal.TEXT, pk), also=forget_reports)

        dry = options["dry_run"]
        if not dry:
            remember_newest_key()  # the copy may be older than the key
        people = _again("Accounts", accounts(noted), erase, dry=dry)
        words = _again("Texts", texts(noted), lambda text: erase_again(text.pk), dry=dry)
        back = _again("Withdrawn", withdrawn(noted), lambda text: withdraw_again(text.pk), dry=dry)
        drafts = _again("Taken back", taken_back(noted), take_back_again, dry=dry)
        mails = _again("Reminders", reminders(noted), lambda one: keeping.switch_off(one.user), dry=dry)
        closed = _again("Staff", staff(noted), close_again, dry=dry)
        if not dry:
            settle_replay()
        done = "would be erased again" if dry else "were erased again"
        self.stdout.write(
            f"Accounts that {done}: {people}. Texts beside theirs: {words}. Withdrawn again: {back}. "
            f"Reminders ended again: {mails}. Accounts of staff closed again: {closed}. Taken back again: {drafts}."
        )


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
