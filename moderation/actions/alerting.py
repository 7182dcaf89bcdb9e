"""Telling those who asked for it that somebody may be in danger: by one neutral mail, once a case."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import at_work
from accounts.keys import SealError
from accounts.mailing import TROUBLE, note, server
from accounts.models import User
from moderation.models import Case, Place, Priority

logger = logging.getLogger(__name__)


def alert() -> int:
    """Send a mail to whoever asked for it when an urgent case is new and in nobody's hands; return how many went out.

    A mail that cannot be sent is not sent later: what is urgent stands on the board, and none goes out twice.
    """
    cases = _take() if settings.MAIL else []
    return sum(_send(person) for person in at_work() if cases and _is_for(person, cases))


@transaction.atomic
def _take() -> Sequence[UUID]:
    """Mark the cases that nobody was told of, so that no other worker tells of them too."""
    urgent = Case.objects.open().free().filter(priority=Priority.URGENT, is_alerted=False, decisions=None)
    cases = list(urgent.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    Case.objects.filter(pk__in=cases).update(is_alerted=True)
    return cases


def _is_for(person: User, cases: Sequence[UUID]) -> bool:
    """Say whether one of the cases is for this person: in a language they read, and not left to others."""
    return Case.objects.filter(pk__in=cases).for_eyes_of(person).wanted_by(person).exists()


def _send(person: User) -> int:
    """Send a mail that says nothing; return 1 when it went out."""
    try:
        address = Place.of(person).opened_address
        if not address:
            return 0
        link = settings.SITE_URL + reverse("moderation:queue")
        with server() as connection:
            return int(connection.send_messages([note(_("A note"), f"{link}\n", to=address)]))
    except (SealError, *TROUBLE) as error:
        logger.error("a note was not sent: %s", type(error).__name__)
        return 0
