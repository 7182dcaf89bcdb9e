"""What moderators do beside deciding: hand over, take note, look again, and choose what they read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from moderation.actions.leases import closed, free, held_case, renew
from moderation.actions.record import tell
from moderation.models import READ_WORDS, Case, Cause, Closing, Note, Place, Priority, Skip
from stories.actions import leave_message
from stories.lifecycle import State
from stories.models import Contribution, Revision


@transaction.atomic
def escalate(case_id: UUID, *, token: UUID, moderator: User, note: str = "") -> None:
    """Leave a case to two other people, with a word to them; raise Conflict without the lease."""
    case = held_case(case_id, token, moderator)
    if case.cause == Cause.SAMPLE:
        raise ValueError("a text that is read again to compare is nobody else's")
    if note:
        _note(case, moderator, text=note)
    case.needs, case.priority = 2, max(case.priority, Priority.RAISED)
    case.save(update_fields=["needs", "priority"])
    Skip.objects.get_or_create(case=case, moderator=moderator)
    tell("escalate", moderator, case=case.pk, revision=case.revision_id)
    free(case)


@transaction.atomic
def take_note(case_id: UUID, *, token: UUID, moderator: User, text: str = "", step: str = "") -> Note:
    """Write down for colleagues what was seen or done, the same once; raise Conflict without the lease."""
    case = held_case(case_id, token, moderator)
    known = case.notes.filter(moderator=moderator, text=text, step=step).first()
    return known or _note(case, moderator, text=text, step=step)


@transaction.atomic
def leave_word(case_id: UUID, *, text: str, token: UUID, moderator: User) -> None:
    """Leave the owner of a text a few words on its page while it waits; raise Conflict without the lease.

    They decide nothing. The same words again are left once.
    """
    revision = Case.objects.select_related("revision").get(pk=case_id).revision
    if not revision.messages.filter(text=text).exists():
        leave_message(revision, text)  # locks the text, so before the case
        tell("message", moderator, case=case_id, revision=revision.pk)
    held_case(case_id, token, moderator)


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
    """Take a case out of the hands of who holds it, so that somebody else may read it; raise Conflict when closed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.closing != Closing.OPEN:
        raise closed(case)
    free(case)
    tell("set_free", lead, case=case.pk, revision=case.revision_id)


@transaction.atomic
def reopen(revision_id: UUID, *, lead: User) -> Case | None:
    """Have a published, refused or removed version judged anew; None when it can be judged no more."""
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
        return known
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    case = Case(revision=revision, cause=cause, priority=Priority.RAISED, opened_hour=hour, enters_at=hour, due_at=hour)
    case.save(force_insert=True)
    tell("reopen", lead, case=case.pk, revision=revision.pk)
    return case


def choose(moderator: User, *, languages: Sequence[str], leaves: Sequence[str]) -> Place:
    """Keep which languages a moderator reads and which topics they leave to others."""
    place = Place.of(moderator)
    place.languages, place.leaves = list(languages), list(leaves)
    place.save()
    return place


def _note(case: Case, moderator: User, *, text: str = "", step: str = "") -> Note:
    note = Note(case=case, moderator=moderator, text=text, step=step, number=1 + case.notes.count())
    note.save(force_insert=True)
    return note
