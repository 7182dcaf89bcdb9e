"""One week's reminders, sent a few at a time until all had theirs. Nothing of it reaches a log but counts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from accounts import keeping
from accounts.keys import SealError
from accounts.mailing import TROUBLE, server
from accounts.models import MailRound, Reminder
from accounts.weekly import begins_at, mail_to, week_of

CLOSING = 421  # the server's word for: not now, and not over this connection

logger = logging.getLogger(__name__)


def go_on(now: datetime, *, seconds: float, stopping: Callable[[], bool]) -> tuple[int, int]:
    """Send reminders until the week's round is over, the time is up or somebody asks to stop.

    Each is counted before it is tried, so at most once; a server that fails ends this run, and the next goes on
    after it. Returns how many went out, and how many did not.
    """
    week = week_of(now.date())
    if not settings.MAIL or now < begins_at(week) or not _is_open(now):
        return 0, 0
    until, sent, failed = time.monotonic() + seconds, 0, 0
    try:
        with server() as connection:
            while time.monotonic() < until and not stopping():
                reminder = keeping.take_next(week)
                if reminder is None:
                    break
                failed += 1  # until it went
                if _went(connection, reminder):
                    sent, failed = sent + 1, failed - 1
    except TROUBLE as error:
        logger.warning("the mail server ended a round: %s", type(error).__name__)
    if sent or failed:
        logger.info("weekly reminders: %d sent, %d not", sent, failed)
    return sent, failed


def end_this_week(now: datetime) -> None:
    """Send no more of a week's reminders when some may be out already, in a database that was restored."""
    if now >= begins_at(week_of(now.date())):
        keeping.end_round(week_of(now.date()))


def _is_open(now: datetime) -> bool:
    """Say whether there is anybody to send to this week, so that the server is not troubled for nothing."""
    is_over = MailRound.objects.filter(week=week_of(now.date()), is_over=True).exists()
    return not is_over and Reminder.objects.exists()


def _went(connection: BaseEmailBackend, reminder: Reminder) -> bool:
    """Send one; say no when only this one cannot be sent, and raise what concerns the others too."""
    try:
        mail = mail_to(reminder.user_id, reminder.opened_address, reminder.language)
        return connection.send_messages([mail.message()]) == 1
    except SMTPRecipientsRefused as refused:
        if any(code == CLOSING for code, _words in refused.recipients.values()):
            raise
        return False
    except (SealError, ValueError):
        return False
