"""What moderators do beside deciding: hand over, take note, look again, and choose what they read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from moderation.actions.leases import (
    Conflict,
    check_lease,
    closed,
    free,
    held_case,
    lease,
    locked_with_text,
    one_at_a_time,
    renew,
)
from moderation.actions.record import tell
from moderation.models import READ_WORDS, Case, Cause, Closing, Decision, Note, Place, Priority, Skip, sealed_address
from stories.actions import leave_message
from stories.lifecycle import State
from stories.models import Contribution, Revision


@transaction.atomic
def escalate(case_id: UUID, *, token: UUID, moderator: User, note: str = "") -> None:
    """Leave a case to two other people, who read it next, with a word to them; raise Conflict without the lease."""
    case = locked_with_text(case_id)  # with a report, a change to the same text needs two people too
    check_lease(case, token, moderator)
    if case.cause == Cause.SAMPLE:
        raise ValueError("a text that is read again to compare is nobody else's")
    case.needs = 2
    case.priority, case.due_at = max(case.priority, Priority.RAISED), min(case.due_at, _hour())
    case.save(update_fields=["needs", "priority", "due_at"])
    Skip.objects.update_or_create(case=case, moderator=moderator, defaults={"to_others": True})
    if note:
        _note(case, moderator, text=note)
    tell("escalate", moderator, case=case.pk, revision=case.revision_id)
    free(case)


@transaction.atomic
def take_note(case_id: UUID, *, token: UUID, moderator: User, text: str = "", step: str = "") -> Note:
    """Write down for colleagues what was seen or done, the same once; raise Conflict without the lease."""
    case = held_case(case_id, token, moderator)
    return _note(case, moderator, text=text, step=step)


@transaction.atomic
def leave_word(case_id: UUID, *, text: str, token: UUID, moderator: User) -> None:
    """Leave the owner of a text a few words on its page while it waits; raise Conflict without the lease.

    They decide nothing. The same words again are left once.
    """
    case = locked_with_text(case_id)
    check_lease(case, token, moderator)
    if not case.revision.messages.filter(text=text).exists():
        leave_message(case.revision, text)
        tell("message", moderator, case=case.pk, revision=case.revision_id)


@transaction.atomic
def read_words(case_id: UUID, *, token: UUID, moderator: User) -> Case:
    """Show a moderator who chose to propose words those that another person proposes; raise Conflict without the lease.

    The record keeps that they had chosen before they saw them, so that agreement is counted from that.
    """
    case = renew(case_id, token=token, moderator=moderator)
    tell(READ_WORDS, moderator, case=case.pk, revision=case.revision_id)
    return case


@transaction.atomic
def set_free(case_id: UUID, *, lead: User) -> None:
    """Take a case out of the hands of who holds it, for somebody else to read; raise Conflict when closed."""
    case = _open(case_id)
    _take_away(case)
    tell("set_free", lead, case=case.pk, revision=case.revision_id)


@transaction.atomic
def give(case_id: UUID, *, to: User, lead: User) -> Case:
    """Put a case into the hands of somebody who may judge it; raise Conflict when it is closed or they may not.

    It is a lease like any other: when they do not come in time, the case is back in the queue. Nobody is given a
    second one beside the one they read.
    """
    one_at_a_time(to)
    case = _open(case_id)
    if case.is_held_by(to):
        return case
    if not Case.objects.for_eyes_of(to).filter(pk=case_id).exists():
        raise Conflict("not_yours", case)
    if Case.objects.open().held_by(to).exists():
        raise Conflict("held", case)
    _take_away(case)
    tell("give", lead, case=case.pk, revision=case.revision_id, account=str(to.pk))
    return lease(case, to)


@transaction.atomic
def offer_again(case_id: UUID, *, lead: User) -> None:
    """Offer a case once more to who passed it on, not to who left it to two others; raise Conflict when closed."""
    case = _open(case_id)
    case.skips.filter(to_others=False).delete()
    tell("offer_again", lead, case=case.pk, revision=case.revision_id)


def _open(case_id: UUID) -> Case:
    case = Case.objects.entered().select_for_update(of=("self",)).get(pk=case_id)
    if case.closing != Closing.OPEN:
        raise closed(case)
    return case


def _take_away(case: Case) -> None:
    """Free a locked case; who held it does not get it again with the next press."""
    if case.is_held and case.lease_by is not None:
        Skip.objects.get_or_create(case=case, moderator=case.lease_by)
    free(case)


@transaction.atomic
def reopen(revision_id: UUID, *, lead: User, note: str = "") -> Case | None:
    """Have a published, refused or removed version judged anew by others, with a word to them; None when it cannot."""
    revision = Revision.objects.get(pk=revision_id)
    Contribution.objects.select_for_update().get(pk=revision.contribution_id)
    revision.refresh_from_db(fields=["state"])
    cause = {State.APPROVED: Cause.REPORT, State.REFUSED: Cause.APPEAL, State.REMOVED: Cause.APPEAL}.get(
        State(revision.state)
    )
    if cause is None or not revision.can_be_judged_anew:
        return None
    known = Case.objects.filter(revision=revision, closing=Closing.OPEN).exclude(cause=Cause.SAMPLE).first()
    if known is not None:
        if note:
            _note(known, lead, text=note)
        return known
    hour = _hour()
    case = Case(revision=revision, cause=cause, priority=Priority.RAISED, opened_hour=hour, enters_at=hour, due_at=hour)
    if Case.objects.filter(revision=revision, closing=Closing.DECIDED, needs=2).exists():
        case.needs = 2  # what two decided is not left to one
    case.save(force_insert=True)
    if cause == Cause.REPORT:  # of an appeal the database knows it
        judges = Decision.objects.filter(revision=revision).values_list("moderator", flat=True).distinct()
        Skip.objects.bulk_create(Skip(case=case, moderator_id=one, to_others=True) for one in judges)
    if note:
        _note(case, lead, text=note)
    tell("reopen", lead, case=case.pk, revision=revision.pk)
    return case


def choose(moderator: User, *, languages: Sequence[str], leaves: Sequence[str], address: str = "") -> Place:
    """Keep which languages a moderator reads, which topics they leave to others, and where to tell them of danger.

    Nothing else of their place is touched: a decision may be counted there at this moment.
    """
    chosen = {"languages": list(languages), "leaves": list(leaves), "address": sealed_address(moderator, address)}
    place, _is_new = Place.objects.update_or_create(pk=moderator.pk, defaults=chosen)
    return place


def _hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _note(case: Case, moderator: User, *, text: str = "", step: str = "") -> Note:
    """Keep a note, or that a step was done, the same once; the record has that it was, and no words."""
    known = case.notes.filter(moderator=moderator, text=text, step=step).first()
    if known is not None:
        return known
    note = Note(case=case, moderator=moderator, text=text, step=step, number=1 + case.notes.count())
    note.save(force_insert=True)
    done = {"step": step} if step else {}
    tell("step" if step else "note", moderator, case=case.pk, revision=case.revision_id, **done)
    return note
