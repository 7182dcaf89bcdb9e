"""Counting people, and removing what has run out."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.keys import SealError
from accounts.models import Invitation
from accounts.sessions import SessionStore
from community.models import Counter
from stories.models import A_MEMBER, Publication
from stories.owners import person_of

CHUNK = 2_000
DAYS_TOLD = 30  # an invitation that has run out says so for so long

logger = logging.getLogger(__name__)


def count_people() -> None:
    """Count the different people behind the public stories when enough has moved; write only the number.

    A number that moved with every story would show whether its author had written before.
    """
    moves = Counter.objects.filter(name="shared_moves").values_list("value", flat=True).first() or 0
    if moves < settings.PERSON_COUNT_STEP:
        return
    try:
        people = _people()
    except SealError:
        logger.error("people were not counted: the ownership key does not fit this database")
        return
    _write_people(people, counted_moves=moves)


def sweep() -> None:
    """Remove what has run out: sessions of past weeks, invitations, and limits on guessing."""
    SessionStore.clear_expired()
    Invitation.objects.filter(expires_on__lt=timezone.now().date() - timedelta(days=DAYS_TOLD)).delete()
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [timezone.now()])  # noqa: S608 - a setting


@transaction.atomic
def _write_people(people: int, *, counted_moves: int) -> None:
    """Write the number and take off the moves it covers, unless another worker did so meanwhile."""
    covered = Counter.objects.filter(name="shared_moves", value__gte=counted_moves)
    if covered.update(value=F("value") - counted_moves) == 1:
        Counter.objects.update_or_create(name="shared", defaults={"value": people})


def _people() -> int:
    """Return how many different person tags the public stories carry; raise SealError under a wrong key."""
    public = Publication.objects.readable_by(A_MEMBER).stories().filter(contribution__is_example=False)
    sealed = public.values_list("contribution_id", "contribution__person_seal")
    return len({person_of(pk, bytes(seal)) for pk, seal in sealed.iterator(chunk_size=CHUNK)})
