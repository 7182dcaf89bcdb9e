"""What a decision does to a text: it is published, or its owner is told why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from accounts import journal
from stories.actions.indexing import index
from stories.facets import facets_of
from stories.lifecycle import State, move, news_of
from stories.models import Contribution, Message, Outcome, Publication, Revision, Statement, Suppression, this_month
from stories.text import minutes
from stories.words import Words, signals_of, with_own_words


@transaction.atomic
def publish(revision: Revision, *, added_warnings: Sequence[str] = (), by_owner: bool = False) -> Publication:
    """Let readers see a revision that was approved; what it replaces is superseded.

    That is the live version, a proposal nobody answered, and what was refused or taken down before it. Called by a
    decision, or by its owner's yes to one, inside its transaction: the database refuses it without one.
    """
    contribution = revision.contribution
    judged_before = Q(state__in=[State.REFUSED, State.REMOVED], number__lt=revision.number)
    others = contribution.revisions.exclude(pk=revision.pk)
    for replaced in others.filter(Q(state__in=[State.APPROVED, State.PROPOSED]) | judged_before):
        if replaced.state == State.APPROVED:
            journal.note_if_possible(journal.DOWN, replaced.pk)
        supersede(replaced, by_owner=by_owner)
    if revision.state == State.REMOVED:
        note_up(revision)
    move(revision, State.APPROVED, by_owner=by_owner)
    publication = Publication.objects.filter(contribution=contribution).first()
    if publication is None:
        publication = Publication(
            contribution=contribution, parent_id=contribution.parent_id, position=_next_position()
        )
    publication.revision = revision
    publication.facets = [] if contribution.parent_id else facets_of(revision)
    publication.warnings = sorted({*revision.warnings, *added_warnings})
    publication.minutes = minutes(revision.text)
    publication.month = this_month()
    publication.engine_place = publication.position if revision.is_indexable else None
    publication.quote_place = publication.position if revision.is_quotable else None
    publication.save()
    index(publication)
    Suppression.objects.filter(contribution=contribution).exclude(revision=revision).delete()
    return publication


def supersede(revision: Revision, *, by_owner: bool = False) -> None:
    """End a version for a newer one; the journal says so once that is done: no restored copy shows it any more.

    Also of one that readers never saw: in an older copy it may wait, and be approved with what its owner took out.
    """
    move(revision, State.SUPERSEDED, by_owner=by_owner)
    transaction.on_commit(lambda: journal.note_if_possible(journal.REPLACED, revision.pk), robust=True)


@transaction.atomic
def remove(revision: Revision) -> None:
    """Take what readers see down after a report; answers that wait are told that their story is gone.

    What was proposed before, about it or about a change to it, is no way back. Called by a decision, inside its
    transaction: the database refuses it without one.
    """
    move(revision, State.REMOVED)
    journal.note_if_possible(journal.DOWN, revision.pk)
    unpublish(revision.contribution, but=Suppression.REPLACED)  # which no appeal shows again either
    for proposed in revision.contribution.revisions.in_state(State.PROPOSED):
        move(proposed, State.SUPERSEDED)


def note_up(revision: Revision) -> None:
    """Have the journal say, once this is done, that readers see a version again that was taken down.

    What takes one down is noted before it is done: between the two a restored copy rather hides too much.
    """
    # No partial: where it fails, Django tells the name of the function, and that has none.
    transaction.on_commit(lambda: _note_up(revision.contribution_id, revision.pk), robust=True)


@transaction.atomic
def _note_up(contribution_id: UUID, revision_id: UUID) -> None:
    Contribution.objects.select_for_update().get(pk=contribution_id)  # who hides it meanwhile has the last word
    if Publication.objects.filter(revision=revision_id, contribution__suppression=None).exists():
        journal.note_if_possible(journal.UP, revision_id)


def unpublish(contribution: Contribution, *, but: str = "") -> None:
    """Take a locked text off every page, and give those who wait to answer it their words back.

    What hides it goes as well, unless it does so on the ground named. The database closes what else is asked about its
    replies.
    """
    replies = list(contribution.replies.select_for_update(of=("self",)).order_by("pk"))  # before their cases close
    Publication.objects.filter(contribution=contribution).delete()
    Suppression.objects.filter(contribution=contribution).exclude(ground=but).delete()
    for reply in replies:
        for waiting in reply.revisions.in_state(State.WAITING):
            move(waiting, State.TAKEN_BACK)
        for proposed in reply.revisions.in_state(State.PROPOSED):
            move(proposed, State.SUPERSEDED)


def end(contribution: Contribution, *, by_owner: bool = False) -> None:
    """Take a locked text away everywhere and for good: every version of it that can still move is withdrawn."""
    for revision in contribution.revisions.alive():
        move(revision, State.DISCARDED if revision.state == State.DRAFT else State.WITHDRAWN, by_owner=by_owner)
    unpublish(contribution)


@transaction.atomic
def propose(revision: Revision, changed: Mapping[str, str], *, pk: UUID) -> Revision:
    """Write what a moderator would have in place of some of the owner's words; nobody reads it before their yes.

    Called by a decision that names ``pk``, inside its transaction. What waited becomes asked for a change; what is
    live stays. ``changed`` maps fields of ``own_words`` to the whole of each.
    """
    if revision.state == State.WAITING:
        move(revision, State.CHANGES_ASKED)
    newest = revision.contribution.revisions.order_by("-number").values_list("number", flat=True)[0]
    words = with_own_words(Words.of(revision), changed)
    proposal = Revision(pk=pk, contribution=revision.contribution, number=newest + 1, **asdict(words))
    proposal.state, proposal.redacts, proposal.signals = State.PROPOSED, revision, signals_of(words)
    proposal.save(force_insert=True)
    news_of(revision.contribution)
    return proposal


def answer(
    revision: Revision,
    *,
    case_id: UUID,
    outcome: Outcome,
    rules: Sequence[str] = (),
    passages: Sequence[tuple[str, int, int]] = (),
    text: str = "",
    told: bool = True,
    reported: bool = False,
) -> Statement:
    """Write the letter that tells an owner what was decided and why; not ``told`` yet while a second is to agree."""
    number = 1 + revision.statements.count()
    statement = Statement(revision=revision, case_id=case_id, outcome=outcome, rules=list(rules), text=text)
    statement.number, statement.told, statement.reported = number, told, reported
    statement.passages = [list(passage) for passage in passages]
    statement.save()
    return statement


@transaction.atomic
def leave_message(revision: Revision, text: str) -> Message:
    """Leave the owner of a version a few words on its page, which they and moderators read; they decide nothing."""
    news_of(Contribution.objects.select_for_update().get(pk=revision.contribution_id))
    message = Message(revision=revision, text=text, number=1 + revision.messages.count())
    message.save(force_insert=True)
    return message


def _next_position() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('stories_position')")
        ((position,),) = cursor.fetchall()
    return int(position)
