"""Who reads what: a case is taken, held, given back or passed on."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from moderation.models import Case, Closing, Decision, Skip
from stories.actions.owning import lock
from stories.models import Contribution

LEAVING = timedelta(seconds=60)
CLOSE_ENOUGH = timedelta(milliseconds=5)  # browsers count in milliseconds


class Conflict(Exception):
    """A decision that comes too late, or without the lease; ``decision`` is the one that stands, if any."""

    def __init__(self, reason: str, case: Case, decision: Decision | None = None) -> None:
        super().__init__(reason)
        self.reason, self.case, self.decision = reason, case, decision


@transaction.atomic
def claim_next(*, moderator: User) -> Case | None:
    """Take the next case: the one already held, else the first that is due; None when nothing waits."""
    one_at_a_time(moderator)
    held = Case.objects.open().held_by(moderator).next_first().first()
    if held is not None:
        return held
    case = Case.objects.claimable_by(moderator).next_first().select_for_update(skip_locked=True, of=("self",)).first()
    return None if case is None else lease(case, moderator)


@transaction.atomic
def claim(case_id: UUID, *, moderator: User) -> Case:
    """Take this very case again, as after a lease ran out; raise Conflict when it is gone or held.

    Another one that this moderator holds goes back to the queue: each holds one at a time.
    """
    one_at_a_time(moderator)
    case = Case.objects.entered().select_for_update(of=("self",)).get(pk=case_id)
    if case.closing != Closing.OPEN:
        raise closed(case)
    if case.is_held and case.lease_by_id != moderator.pk:
        raise Conflict("held", case)
    if not Case.objects.for_eyes_of(moderator).filter(pk=case_id).exists():
        raise Conflict("not_yours", case)
    for other in Case.objects.open().held_by(moderator).exclude(pk=case_id).select_for_update(of=("self",)):
        free(other)
    return lease(case, moderator)


@transaction.atomic
def renew(case_id: UUID, *, token: UUID, moderator: User) -> Case:
    """Hold a case for another fifteen minutes; raise Conflict when the lease is not this one."""
    case = held_case(case_id, token, moderator)
    case.lease_until = _lease_end()
    case.save(update_fields=["lease_until"])
    return case


@transaction.atomic
def release(case_id: UUID, *, token: UUID, moderator: User) -> None:
    """Give a case back to the queue; raise Conflict when the lease is not this one."""
    free(held_case(case_id, token, moderator))


@transaction.atomic
def leave(case_id: UUID, *, until: datetime, token: UUID, moderator: User) -> None:
    """Let a case go a minute after its page was left, so that a reload keeps it; raise Conflict as above.

    ``until`` is the end of the lease as that page knew it. When the lease was renewed since, another page
    is open on it, and nothing changes.
    """
    case = held_case(case_id, token, moderator)
    if case.lease_until is None or case.lease_until - CLOSE_ENOUGH > until:
        return
    case.lease_until = timezone.now() + LEAVING
    case.save(update_fields=["lease_until"])


@transaction.atomic
def skip(case_id: UUID, *, token: UUID, moderator: User) -> None:
    """Pass a case on to somebody else; it does not come back to this moderator."""
    case = held_case(case_id, token, moderator)
    Skip.objects.get_or_create(case=case, moderator=moderator)
    free(case)


def one_at_a_time(moderator: User) -> None:
    """Let one claim of a moderator wait for the other, with a lock that marks no row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"claim {moderator.pk}"])


def locked_with_text(case_id: UUID) -> Case:
    """Lock a text, after the story it answers, and then its case: as everything does that moves or hides a text."""
    owned = Case.objects.only("revision__contribution__parent_id").select_related("revision__contribution")
    contribution = owned.get(pk=case_id).revision.contribution
    if contribution.parent_id is not None:
        lock(contribution.parent_id)  # who withdraws a story locks its replies after it
    Contribution.objects.select_for_update().get(pk=contribution.pk)
    return Case.objects.select_for_update(of=("self",)).select_related("revision__contribution").get(pk=case_id)


def held_case(case_id: UUID, token: UUID, moderator: User) -> Case:
    """Lock a case that a moderator holds; raise Conflict when the lease is not this one."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    check_lease(case, token, moderator)
    return case


def check_lease(case: Case, token: UUID, moderator: User) -> None:
    """Raise Conflict when a locked case is closed, or not held under this token."""
    if case.closing != Closing.OPEN:
        raise closed(case)
    if not case.is_held:
        raise Conflict("expired", case)
    if case.lease_by_id != moderator.pk or case.lease_token != token:
        raise Conflict("held", case)


def closed(case: Case) -> Conflict:
    """Return what is told to who comes after a case was closed."""
    return Conflict(case.closing, case, Decision.objects.of_case(case).last())


def _lease_end() -> datetime:
    return timezone.now() + timedelta(minutes=settings.LEASE_MINUTES)


def lease(case: Case, moderator: User) -> Case:
    """Put a locked case into somebody's hands."""
    case.lease_by, case.lease_token, case.lease_until = moderator, uuid.uuid4(), _lease_end()
    case.save(update_fields=["lease_by", "lease_token", "lease_until"])
    return case


def free(case: Case) -> None:
    """Give a locked case back to the queue."""
    case.lease_by = case.lease_token = case.lease_until = None
    case.save(update_fields=["lease_by", "lease_token", "lease_until"])
