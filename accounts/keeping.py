"""What an account keeps beside its ways in: how pages look, what was agreed to, and where the weekly reminder goes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from psycopg.errors import ForeignKeyViolation

from accounts import journal
from accounts.documents import DOCUMENTS, REMINDER, Document, to_agree_to
from accounts.keys import SealError
from accounts.models import Consent, Edition, MailRound, Reminder, User, sealed_address

OF_AN_ACCOUNT = "_fk_accounts_user_id"  # how Django names each constraint that asks for an account


class ClosedMeanwhile(Exception):
    """The account was erased, or closed, since the request began, so nothing may be written to it any more."""


def says_closed(error: BaseException) -> bool:
    """Say whether something failed since an account is not there any more: not found, or refused by the database."""
    cause = error.__cause__
    names_it = isinstance(cause, ForeignKeyViolation) and str(cause.diag.constraint_name).endswith(OF_AN_ACCOUNT)
    return names_it or isinstance(error, (ClosedMeanwhile, User.DoesNotExist))


def is_open(user: User | AnonymousUser) -> bool:
    """Say whether an account can be used at this moment."""
    return user.pk is not None and User.objects.filter(pk=user.pk, is_active=True).exists()


def hold_open(user: User) -> None:
    """Lock an account's row until the transaction ends; raise ClosedMeanwhile when it is not open any more, or gone."""
    if not User.objects.select_for_update().filter(pk=user.pk, is_active=True).exists():
        raise ClosedMeanwhile


def keep_look(user: User, *, theme: str | None = None, language: str | None = None) -> None:
    """Keep in which look and language an account reads; None leaves the one as it is."""
    chosen = {name: value for name, value in (("theme", theme), ("language", language)) if value is not None}
    User.objects.filter(pk=user.pk, is_active=True).update(**chosen)


@transaction.atomic
def agree(user: User, seen: Iterable[tuple[str, str]]) -> None:
    """Keep that somebody agreed to what they are asked, in the versions that they saw; others are passed over."""
    hold_open(user)
    shown = set(seen)
    _agree(user, [one for one in to_agree_to(user) if (one.code, one.version) in shown])


@transaction.atomic
def ask_anew(document: str) -> None:
    """Count that the words of a document were changed here so that everybody is asked anew at their next sign-in."""
    Edition.objects.get_or_create(document=document)
    Edition.objects.filter(document=document).update(number=F("number") + 1)


@transaction.atomic
def switch_on(user: User, *, address: str, language: str) -> None:
    """Send the weekly reminder to an address from now on; pressed twice, it is one.

    Another address is another reminder, with an id of its own: what the journal says of the old one ends it alone.
    It goes out in the language in which its owner saw it.
    """
    hold_open(user)
    _end(user, unless=address)
    reminder = Reminder.objects.filter(user=user).first() or Reminder(user=user)
    reminder.address, reminder.language = sealed_address(reminder.pk, address), language
    reminder.save()
    _agree(user, [DOCUMENTS[REMINDER]])


@transaction.atomic
def switch_off(user: User) -> None:
    """Delete the address, and that its use was agreed to."""
    _end(user)
    Consent.objects.filter(user=user, document=REMINDER).delete()


def switch_off_by_mail(account: UUID) -> None:
    """Do the same for whoever has a mail of this account, an old one too; one that is off already stays so."""
    user = User.objects.filter(pk=account).first()
    if user is not None:
        switch_off(user)


@transaction.atomic
def take_next(week: date) -> Reminder | None:
    """Return the next reminder of a week's round, counted as sent before it is, so that none goes out twice.

    They go in the order of their ids, which are random, to who agreed to them as they are now. None when the round
    is over.
    """
    MailRound.objects.get_or_create(week=week)
    mail_round = MailRound.objects.select_for_update().get(week=week)
    if mail_round.is_over:
        return None
    agreed = {"user__consents__document": REMINDER, "user__consents__version": DOCUMENTS[REMINDER].version}
    left = Reminder.objects.filter(user__is_active=True, **agreed).order_by("pk")
    following = (left.filter(pk__gt=mail_round.after) if mail_round.after else left).first()
    mail_round.after = following.pk if following else None
    mail_round.is_over = following is None
    mail_round.save(update_fields=["after", "is_over"])
    return following


def end_round(week: date) -> None:
    """Send nobody any more of a week's mails: how far they went is not known."""
    MailRound.objects.update_or_create(week=week, defaults={"after": None, "is_over": True})


def is_noted(reminder: Reminder, noted: journal.Journal) -> bool:
    """Say whether the journal names a reminder with the address that it has, or may: no key opens that."""
    with suppress(SealError):
        return noted.holds(journal.REMINDER, reminder.pk, reminder.opened_address.encode())
    return True


def _end(user: User, *, unless: str = "") -> None:
    """Delete an account's reminder, and note in the journal where it goes no more; unless it is this address."""
    for reminder in Reminder.objects.filter(user=user):
        with suppress(SealError):
            if (address := reminder.opened_address) == unless:
                continue
            journal.note_if_possible(journal.REMINDER, reminder.pk, address.encode())
        reminder.delete()


def _agree(user: User, documents: Iterable[Document]) -> None:
    month = timezone.now().date().replace(day=1)
    rows = [Consent(user=user, document=one.code, version=one.version, month=month) for one in documents]
    Consent.objects.bulk_create(rows, ignore_conflicts=True)
