"""What happens to texts by the clock: answered ones that nobody goes on with end, and words go when their time is over.

Each text is done by itself, in no order that says anything: ids are random.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import journal
from stories.actions.owning import lock
from stories.actions.publishing import end, supersede
from stories.lifecycle import FINAL, FOR_OWNER, UNDER_WAY, State
from stories.models import (
    EMPTIED,
    Appeal,
    Contribution,
    Message,
    Publication,
    Revision,
    RevisionQuerySet,
    Statement,
    Suppression,
    this_month,
)
from stories.pause import hidden_months, months_after

Failed = list[Exception]


def run_out(failed: Failed) -> list[UUID]:
    """End the texts whose owner did not answer in time; return which."""
    chosen = _late().order_by("contribution_id").values_list("contribution_id", flat=True).distinct()
    hidden = _unreplaced().order_by("pk").values_list("pk", flat=True)
    return _each(chosen, _end, failed) + _each(hidden, _end_hidden, failed)


def _late() -> RevisionQuerySet:
    """Keep what was not answered in time, unless its owner is writing."""
    since = months_after(this_month(), -settings.ANSWER_MONTHS)
    fresh = Revision.objects.filter(contribution=OuterRef("contribution"), state=State.DRAFT, month__gte=since)
    return Revision.objects.in_state(*FOR_OWNER).filter(~Exists(fresh), month__lt=since)


@transaction.atomic
def _end(contribution_id: UUID) -> bool:
    """Withdraw a text; of one that is live, or may be appealed about, only what waited for its owner ends."""
    contribution = _locked(contribution_id)
    late = list(_late().filter(contribution=contribution))
    if contribution is None or not late or contribution.revisions.in_state(State.WAITING).exists():
        return False
    Revision.objects.filter(pk__in=[one.pk for one in late]).update(ran_out=True)
    if contribution.revisions.in_state(State.APPROVED, State.REFUSED, State.REMOVED).exists():
        for revision in late:
            supersede(revision)
        return True
    _over(contribution)
    return True


def _over(contribution: Contribution) -> None:
    """End a text, and have the journal say so once that is done: no restored copy shows it again."""
    end(contribution)
    transaction.on_commit(lambda: journal.note_if_possible(journal.ENDED, contribution.pk), robust=True)


def _unreplaced() -> QuerySet[Suppression]:
    """Keep what is hidden and waits for its owner alone, who could have sent a newer version all the time and did not.

    The time begins anew with whatever happens to the text, and when the story it answers can be answered again; the
    database sees to that. Under a story that is gone for good nothing can be sent any more, and it ends as well.
    """
    over = Suppression.objects.filter(month__lt=months_after(this_month(), -hidden_months()))
    asked = Q(state__in=UNDER_WAY) | Q(wait__isnull=False)
    somebodys = Revision.objects.alive().filter(asked, contribution=OuterRef("pk"))
    story = OuterRef("contribution__parent")
    is_there = Publication.objects.filter(pk=story, contribution__suppression=None, contribution__takes_replies=True)
    may_come_back = Revision.objects.alive().exclude(salt=EMPTIED).filter(contribution=story)
    due = Q(contribution__parent=None) | Exists(is_there) | ~Exists(may_come_back)
    return over.filter(~Exists(somebodys), due, revision__state=State.APPROVED)


@transaction.atomic
def _end_hidden(contribution_id: UUID) -> bool:
    """Withdraw a text that nobody shows again: what hid it was decided, or cannot be, and its owner is silent."""
    contribution = _locked(contribution_id)
    hidden = _unreplaced().filter(pk=contribution_id).first()
    if contribution is None or hidden is None:
        return False
    Revision.objects.filter(pk=hidden.revision_id).update(ran_out=True)
    _over(contribution)
    return True


def discard_old_drafts(failed: Failed) -> list[UUID]:
    """Delete the drafts that nobody changed for so long; return those of which texts.

    What was sent before them stays; a text that was only ever a draft leaves nothing.
    """
    chosen = _old_drafts().order_by("contribution_id").values_list("contribution_id", flat=True)
    return _each(chosen, _discard, failed)


def _old_drafts() -> RevisionQuerySet:
    """Keep drafts of long ago, unless something about their text waits for its owner: both have the longer time."""
    since = months_after(this_month(), -settings.DRAFT_MONTHS)
    asked = Revision.objects.in_state(*FOR_OWNER).filter(contribution=OuterRef("contribution"))
    return Revision.objects.in_state(State.DRAFT).filter(~Exists(asked), month__lt=since)


@transaction.atomic
def _discard(contribution_id: UUID) -> bool:
    contribution = _locked(contribution_id)
    deleted, _by_kind = _old_drafts().filter(contribution=contribution).delete()
    if contribution is not None and not contribution.revisions.exists():
        contribution.delete()
    return bool(deleted)


def empty(failed: Failed) -> list[UUID]:
    """Take the words out of the versions whose time is over; return which."""
    over = Q(state__in=FINAL, month__lt=months_after(this_month(), -settings.KEPT_MONTHS))
    unheard = Q(state__in=[State.REFUSED, State.REMOVED], month__lt=months_after(this_month(), -settings.APPEAL_MONTHS))
    told = Statement.objects.filter(revision=OuterRef("pk"), told=True)
    fresh = Exists(told.filter(month__gte=months_after(this_month(), -settings.KEPT_MONTHS)))
    chosen = Revision.objects.filter(over | unheard & ~fresh).exclude(salt=EMPTIED).filter(wait__isnull=True)
    return _each(chosen.order_by("pk").values_list("pk", flat=True), empty_version, failed)


@transaction.atomic
def empty_version(revision_id: UUID) -> bool:
    """Leave the row of a version and nothing in it; its letters, messages and appeals go after it.

    Says whether that was done: what waits for a decision is not emptied, and the database refuses what is too early.
    """
    state = Revision.objects.filter(pk=revision_id).values_list("state", flat=True).first()
    changed = Revision.objects.filter(pk=revision_id, state=state, wait__isnull=True).exclude(salt=EMPTIED)
    emptied = changed.update(
        salt=EMPTIED, title="", text="", role="", warnings=[], consents=[], answers={}, treatments=[], signals=[],
        hope=False, why="", consents_ended=[],
    )  # fmt: skip
    Appeal.objects.filter(letter__revision=revision_id, letter__revision__salt=EMPTIED).delete()
    Statement.objects.filter(revision=revision_id, revision__salt=EMPTIED).delete()
    Message.objects.filter(revision=revision_id, revision__salt=EMPTIED).delete()
    Suppression.objects.filter(revision=revision_id, revision__salt=EMPTIED).delete()
    return bool(emptied)


def _each(chosen: Iterable[UUID], act: Callable[[UUID], bool], failed: Failed) -> list[UUID]:
    """Return what it was done to. One that somebody holds, or that cannot be, keeps none after it waiting."""
    done = []
    for pk in list(chosen):
        try:
            if act(pk):
                done.append(pk)
        except DatabaseError as error:
            failed.append(error)
    return done


def _locked(contribution_id: UUID) -> Contribution | None:
    """Lock a text after the story it answers, as every act does; None when its owner threw it away meanwhile."""
    parent = Contribution.objects.filter(pk=contribution_id).values_list("parent_id", flat=True).first()
    if parent is not None:
        lock(parent)
    return Contribution.objects.select_for_update().filter(pk=contribution_id).first()
