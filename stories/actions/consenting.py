"""What a writer allowed beside being published, taken back: at once, with no moderator and no new version."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from accounts import journal
from stories.actions.keys import check_key
from stories.actions.owning import written
from stories.consents import INDEX, QUOTE
from stories.lifecycle import State
from stories.models import Contribution, Publication, Revision
from stories.owners import Owner

PLACES = {INDEX: "engine_place", QUOTE: "quote_place"}


@transaction.atomic
def end_consent(contribution_id: UUID, *, code: str, owner: Owner) -> None:
    """Take back one of the wishes that a text was published with; asked twice, it stays taken back.

    It ends for every version, so that none which waits, or which its owner goes on from, brings it back: only one that
    they send later allows it again. Figures are not made anew for it. The journal notes it for what was sent, for a
    restored copy: a draft keeps its id when it is sent, and may allow it again.
    """
    check_key()
    contribution = written(contribution_id, owner)
    for revision in contribution.revisions.filter(consents__contains=[code]):
        if code in revision.allowed:
            _end(revision, [code])
            if revision.state != State.DRAFT:
                journal.note_if_possible(journal.CONSENT, revision.pk, code.encode())


@transaction.atomic
def end_consents_again(revision: Revision, codes: Iterable[str]) -> None:
    """Take back what the journal names, in a database that was restored."""
    Contribution.objects.select_for_update().get(pk=revision.contribution_id)
    _end(revision, codes)


def _end(revision: Revision, codes: Iterable[str]) -> None:
    """Let a version allow less. A draft, which nobody sent, simply no longer says it."""
    ended = set(codes)
    if revision.state == State.DRAFT:
        revision.consents = [code for code in revision.consents if code not in ended]
    else:
        revision.consents_ended = sorted({*revision.consents_ended, *ended})
    revision.save(update_fields=["consents", "consents_ended"])
    places = {PLACES[code]: None for code in ended if code in PLACES}
    if places:
        Publication.objects.filter(revision=revision).update(**places)
