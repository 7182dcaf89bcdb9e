"""What a decision does to a text: it is published, or its owner is told why not."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from stories.actions.indexing import index
from stories.facets import facets_of
from stories.lifecycle import State, move
from stories.models import Outcome, Publication, Revision, Statement, this_month
from stories.text import minutes


@transaction.atomic
def publish(revision: Revision, *, added_warnings: Sequence[str] = ()) -> Publication:
    """Let readers see a revision that was approved; the live one it replaces is superseded.

    Called by a decision, inside its transaction: the database refuses it without one.
    """
    contribution = revision.contribution
    for live in contribution.revisions.in_state(State.APPROVED):
        move(live, State.SUPERSEDED)
    move(revision, State.APPROVED)
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
    return publication


def answer(
    revision: Revision,
    *,
    outcome: Outcome,
    rules: Sequence[str] = (),
    passages: Sequence[tuple[str, int, int]] = (),
    text: str = "",
) -> Statement:
    """Write the letter that tells an owner what was decided and why."""
    statement = Statement(revision=revision, outcome=outcome, rules=list(rules), text=text)
    statement.passages = [list(passage) for passage in passages]
    statement.save()
    return statement


def _next_position() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('stories_position')")
        ((position,),) = cursor.fetchall()
    return int(position)
