"""What happens to texts by the clock: answered ones that nobody goes on with end, and words go when their time is over.

Each text is done by itself, in no order that says anything: ids are random.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from stories.actions.publishing import unpublish
from stories.lifecycle import FINAL, State, move
from stories.models import EMPTIED, Appeal, Contribution, Message, Revision, RevisionQuerySet, Statement, this_month
from stories.pause import months_after

ANSWERS = (State.CHANGES_ASKED, State.PROPOSED)


def run_out() -> int:
    """End the texts whose owner did not answer in time; return how many there were."""
    chosen = _late().order_by("contribution_id").values_list("contribution_id", flat=True).distinct()
    return sum(_end(pk) for pk in list(chosen))


def _late() -> RevisionQuerySet:
    """Keep what was not answered in time, unless its owner is writing."""
    since = months_after(this_month(), -settings.ANSWER_MONTHS)
    fresh = Revision.objects.filter(contribution=OuterRef("contribution"), state=State.DRAFT, month__gte=since)
    return Revision.objects.in_state(*ANSWERS).filter(~Exists(fresh), month__lt=since)


@transaction.atomic
def _end(contribution_id: UUID) -> bool:
    """Withdraw a text; of one that is live, or may be appealed about, only what waited for its owner ends."""
    contribution = _locked(contribution_id)
    late = list(_late().filter(contribution=contribution))
    if not late or contribution.revisions.in_state(State.WAITING).exists():
        return False
    Revision.objects.filter(pk__in=[one.pk for one in late]).update(ran_out=True)
    if contribution.revisions.in_state(State.APPROVED, State.REFUSED, State.REMOVED).exists():
        for revision in late:
            move(revision, State.SUPERSEDED)
        return True
    unpublish(contribution)
    for revision in contribution.revisions.alive():
        move(revision, State.DISCARDED if revision.state == State.DRAFT else State.WITHDRAWN)
    return True


def discard_old_drafts() -> int:
    """Delete the drafts that nobody changed for so long; return how many there were.

    What was sent before them stays; a text that was only ever a draft leaves nothing.
    """
    chosen = _old_drafts().order_by("contribution_id").values_list("contribution_id", flat=True)
    return sum(_discard(pk) for pk in list(chosen))


def _old_drafts() -> RevisionQuerySet:
    return Revision.objects.in_state(State.DRAFT).filter(month__lt=months_after(this_month(), -settings.DRAFT_MONTHS))


@transaction.atomic
def _discard(contribution_id: UUID) -> bool:
    contribution = _locked(contribution_id)
    deleted, _by_kind = _old_drafts().filter(contribution=contribution).delete()
    if not contribution.revisions.exists():
        contribution.delete()
    return bool(deleted)


def empty() -> list[UUID]:
    """Take the words out of the versions whose time is over; return which."""
    over = Q(state__in=FINAL, month__lt=months_after(this_month(), -settings.KEPT_MONTHS))
    unheard = Q(state__in=[State.REFUSED, State.REMOVED], month__lt=months_after(this_month(), -settings.APPEAL_MONTHS))
    told = Statement.objects.filter(revision=OuterRef("pk"), told=True)
    fresh = Exists(told.filter(month__gte=months_after(this_month(), -settings.KEPT_MONTHS)))
    chosen = Revision.objects.filter(over | unheard & ~fresh).exclude(salt=EMPTIED).filter(wait__isnull=True)
    return [pk for pk in chosen.order_by("pk").values_list("pk", flat=True) if empty_version(pk)]


@transaction.atomic
def empty_version(revision_id: UUID) -> bool:
    """Leave the row of a version and nothing in it; its letters, messages and appeals go after it.

    Says whether that was done: what waits for a decision is not emptied, and the database refuses what is too early.
    """
    state = Revision.objects.values_list("state", flat=True).get(pk=revision_id)
    changed = Revision.objects.filter(pk=revision_id, state=state, wait__isnull=True).exclude(salt=EMPTIED)
    emptied = changed.update(
        salt=EMPTIED, title="", text="", role="", warnings=[], consents=[], answers={}, treatments=[], signals=[],
        hope=False, why="",
    )  # fmt: skip
    Appeal.objects.filter(letter__revision=revision_id, letter__revision__salt=EMPTIED).delete()
    Statement.objects.filter(revision=revision_id, revision__salt=EMPTIED).delete()
    Message.objects.filter(revision=revision_id, revision__salt=EMPTIED).delete()
    return bool(emptied)


def _locked(contribution_id: UUID) -> Contribution:
    """Lock a text after the story it answers, as every act does."""
    parent = Contribution.objects.values_list("parent_id", flat=True).get(pk=contribution_id)
    if parent is not None:
        Contribution.objects.select_for_update(no_key=True).get(pk=parent)
    return Contribution.objects.select_for_update().get(pk=contribution_id)
