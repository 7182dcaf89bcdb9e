"""What owners do with their texts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import journal
from stories.actions.keys import check_key
from stories.actions.owning import hold_open, lock, locked, locked_or_new, tag_and_save, written
from stories.actions.publishing import end, supersede
from stories.consents import STATISTICS, staying
from stories.lifecycle import State, move
from stories.models import A_MEMBER, Contribution, Publication, Revision, this_month
from stories.owners import Owner
from stories.pause import check_pause
from stories.refusals import (
    BEING_READ,
    CHANGED,
    NO_REPLIES,
    OVERTAKEN,
    PROPOSAL_OPEN,
    TOO_MANY,
    VISITORS_FULL,
    WITHDRAWN,
    Changed,
    NotYours,
    Refused,
)
from stories.words import Words, signals_of

# Of the texts that need not, so many wait for long too: then a long wait is no sign of another text.
LONG_FOR_NOTHING = 0.25


@transaction.atomic
def save_draft(
    contribution_id: UUID,
    changes: Mapping[str, Any],
    *,
    owner: Owner,
    reply_to: UUID | None = None,
    seen: str | None = None,
) -> Revision:
    """Keep what was typed (fields of Words) in the draft of a text; text and draft are made when there is none.

    A new draft begins with the words of the version before it; what has to be agreed to is
    asked anew. ``reply_to`` is the story that a new reply answers. With ``seen``, the digest of these fields
    as the writer found them, a draft in which they became others since is not touched: Changed.
    """
    check_key()
    if reply_to is not None:
        hold_open(owner)
        _check_answerable(reply_to)
    contribution = locked_or_new(contribution_id, owner, reply_to=reply_to)
    if contribution.revisions.in_state(State.WAITING).exists():
        raise Refused(BEING_READ)
    if contribution.revisions.in_state(State.PROPOSED).exists():
        raise Refused(PROPOSAL_OPEN)
    _refuse_withdrawn(contribution)
    draft = _draft(contribution)
    before = Words.of(draft)
    words = before.changed(changes)
    is_stale = seen is not None and words != before and before.digest_of(changes) != seen
    if is_stale and contribution.revisions.in_state(State.DRAFT).exists():
        raise Changed(OVERTAKEN)
    for name, value in asdict(words).items():
        setattr(draft, name, value)
    draft.month = this_month()
    draft.save()
    return draft


def submit(contribution_id: UUID, *, owner: Owner, looked_at: Words | None = None) -> Revision:
    """Send the draft to be read; sent twice, it answers with what already waits.

    With ``looked_at`` a draft that holds other words by now is not sent: Changed. What was told for figures only
    goes when its writer did not say that it may be counted. One that is refused is kept from now on as if it were
    changed: who is told to come back finds it.
    """
    try:
        return _submit(contribution_id, owner, looked_at)
    except Refused:
        mine = Contribution.objects.owned_by(owner).filter(pk=contribution_id)
        Revision.objects.in_state(State.DRAFT).filter(contribution__in=mine).update(month=this_month())
        raise


@transaction.atomic
def _submit(contribution_id: UUID, owner: Owner, looked_at: Words | None) -> Revision:
    check_key()
    contribution = written(contribution_id, owner)
    draft = contribution.revisions.in_state(State.DRAFT).first()
    if draft is None:
        waiting = contribution.revisions.in_state(State.WAITING).first()
        if waiting is None:
            raise Refused(_("There is nothing here to send. Please open the text and write first."))
        return waiting
    _refuse_withdrawn(contribution)
    if contribution.revisions.in_state(State.PROPOSED).exists():
        raise Refused(PROPOSAL_OPEN)
    if looked_at is not None and Words.of(draft) != looked_at:
        raise Changed(CHANGED)
    if contribution.parent_id is not None:
        _check_answerable(contribution.parent_id)
    _check_caps(owner)
    check_pause(owner)
    _say_how_long(contribution, owner)
    for answered in contribution.revisions.answered():
        supersede(answered, by_owner=True)
    if STATISTICS not in draft.consents:
        kept = Words.of(draft).without_figures()
        draft.answers, draft.treatments = kept.given, list(kept.treatments)
    draft.signals = signals_of(draft)
    draft.save(update_fields=["answers", "treatments", "signals"])
    move(draft, State.WAITING, by_owner=True)
    return draft


@transaction.atomic
def take_back(contribution_id: UUID, *, owner: Owner) -> Revision:
    """Take a waiting text back into a new draft with the same words."""
    check_key()
    contribution = written(contribution_id, owner)
    waiting = contribution.revisions.in_state(State.WAITING).first()
    if waiting is None:
        raise Refused(_("This text is not waiting any more, so it cannot be taken back. Its state is below."))
    draft = _into_draft(waiting)
    journal.note_if_possible(journal.TAKEN_BACK, waiting.pk)
    return draft


@transaction.atomic
def take_back_again(waiting: Revision) -> None:
    """Take back what the journal names, in a database that was restored."""
    Contribution.objects.select_for_update().get(pk=waiting.contribution_id)
    _into_draft(waiting)


def _into_draft(waiting: Revision) -> Revision:
    move(waiting, State.TAKEN_BACK, by_owner=True)
    return draft_from(waiting)


def draft_from(revision: Revision) -> Revision:
    """Begin a draft with the words of a version of a locked text, above all that there is: a proposal may be newer."""
    newest = revision.contribution.revisions.order_by("-number").values_list("number", flat=True)[0]
    same = asdict(Words.of(revision))
    draft = Revision(contribution=revision.contribution, number=newest + 1, **same, why=revision.why)
    draft.save()
    return draft


@transaction.atomic
def withdraw(contribution_id: UUID, *, owner: Owner) -> None:
    """Take a text away everywhere, at once and for good; asked twice, it stays withdrawn.

    The journal of erasures notes it, so that a restored copy does not bring it back; when it cannot, this goes first.
    """
    check_key()
    contribution = written(contribution_id, owner)
    end(contribution, by_owner=True)
    journal.note_if_possible(journal.WITHDRAWN, contribution_id)


@transaction.atomic
def discard_draft(contribution_id: UUID, *, owner: Owner) -> None:
    """Delete a draft that was never sent; a text that was only ever a draft leaves nothing, also asked twice."""
    try:
        contribution = locked(contribution_id, owner)
    except NotYours:
        if Contribution.objects.filter(pk=contribution_id).exists():
            raise
        return
    contribution.revisions.in_state(State.DRAFT).delete()
    if not contribution.revisions.exists():
        contribution.delete()


@transaction.atomic
def adopt(contribution_id: UUID, *, receipt: Owner, account: Owner) -> None:
    """Move a text, and all others of the receipt in its thread, to an account; the code no longer opens them.

    Together, so that an author stays one in their own thread. Asked twice, they stay there.
    """
    check_key()
    hold_open(account)
    try:
        chosen = locked(contribution_id, receipt)
    except NotYours:
        locked(contribution_id, account)
        return
    mine = Contribution.objects.owned_by(receipt).in_thread_of(chosen).select_for_update(of=("self",))
    for contribution in mine.order_by(F("parent").asc(nulls_first=True), "pk"):
        contribution.from_receipt = False
        contribution.person_seal = account.seal_person(contribution.pk)
        contribution.voice = account.voice(contribution.parent_id or contribution.pk)
        tag_and_save(contribution, account)


@transaction.atomic
def set_replies(contribution_id: UUID, *, wanted: bool, owner: Owner) -> None:
    """Let others answer a story, or no longer; what was published under it stays."""
    contribution = written(contribution_id, owner)
    contribution.takes_replies = wanted
    contribution.save(update_fields=["takes_replies"])


def look_at(contribution_id: UUID, *, owner: Owner) -> None:
    """Note that the owner has looked: what others changed before this moment is no news any more."""
    Contribution.objects.owned_by(owner).unseen().filter(pk=contribution_id).update(is_seen=True)


@transaction.atomic
def mark_example(contribution: Contribution, *, owner: Owner) -> None:
    """Mark a text that ships with the software: shown as an example, counted nowhere."""
    Contribution.objects.owned_by(owner).filter(pk=contribution.pk).update(is_example=True)


def _refuse_withdrawn(contribution: Contribution) -> None:
    """Raise Refused when any version was withdrawn, whatever was begun before or after it."""
    if contribution.revisions.in_state(State.WITHDRAWN).exists():
        raise Refused(WITHDRAWN)


def _draft(contribution: Contribution) -> Revision:
    """Return the draft of a text; a new one holds the words of the newest version, with every warning it got."""
    begun = contribution.revisions.in_state(State.DRAFT).first()
    if begun is not None:
        return begun
    newest = contribution.revisions.order_by("-number").first()
    if newest is None:
        return Revision(contribution=contribution, number=1)
    # A proposal that was declined is not what its owner goes on from.
    last = contribution.revisions.exclude(state=State.SUPERSEDED, redacts__isnull=False).order_by("-number")[0]
    live = Publication.objects.filter(contribution=contribution).first()
    words = Words.of(last)
    warnings = list(dict.fromkeys([*words.warnings, *(live.warnings if live else ())]))
    words = replace(words, consents=staying(words.consents), warnings=warnings)
    return Revision(contribution=contribution, number=newest.number + 1, **asdict(words))


def _check_answerable(story_id: UUID) -> None:
    """Raise Refused when a story takes no reply: not public, or its author wants none."""
    story = lock(story_id)
    public = Publication.objects.readable_by(A_MEMBER).stories().filter(pk=story_id).exists()
    if story is None or not public or not story.takes_replies:
        raise Refused(NO_REPLIES)


def _say_how_long(contribution: Contribution, owner: Owner) -> None:
    """Tell the database, for this transaction, within how many minutes the text enters the queue; it draws the moment.

    Texts of one owner in different threads must not be decided one after the other, or the order would join them. An
    answer to what a moderator asked goes as fast as any.
    """
    minutes = settings.QUEUE_WAIT_MINUTES
    by_lot = secrets.SystemRandom().random() < LONG_FOR_NOTHING
    if not contribution.revisions.answered().exists() and (by_lot or _sent_another(contribution, owner)):
        minutes = max(minutes, settings.QUEUE_APART_HOURS * 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fernway.queue_wait_minutes', %s, true)", [str(minutes)])


def _sent_another(contribution: Contribution, owner: Owner) -> bool:
    """Say whether another text of this owner, in another thread, waits or was decided in the months of a long wait."""
    since = (timezone.now() - timedelta(hours=settings.QUEUE_APART_HOURS)).date().replace(day=1)
    others = Contribution.objects.owned_by(owner).exclude(pk__in=Contribution.objects.in_thread_of(contribution))
    sent = Revision.objects.exclude(state__in=[State.DRAFT, State.DISCARDED])
    return sent.filter(Q(state=State.WAITING) | Q(month__gte=since), contribution__in=others).exists()


def _check_caps(owner: Owner) -> None:
    """Raise Refused when too many texts wait: of this owner, or of all visitors together."""
    waiting = Revision.objects.in_state(State.WAITING)
    mine = waiting.filter(contribution__in=Contribution.objects.owned_by(owner)).count()
    if mine >= settings.OWNER_WAITING_CAP:
        raise Refused(TOO_MANY % {"count": mine})
    if owner.is_receipt:
        visitors = waiting.filter(contribution__from_receipt=True, contribution__is_example=False)[
            : settings.VISITOR_WAITING_CAP
        ]
        if len(visitors.values_list("pk")) >= settings.VISITOR_WAITING_CAP:
            raise Refused(VISITORS_FULL)
