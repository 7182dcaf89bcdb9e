"""What an owner answers to a decision: yes to a proposal, no to it, or an appeal."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stories.actions.keys import check_key
from stories.actions.owning import written
from stories.actions.publishing import publish, supersede
from stories.consents import staying
from stories.happened import letter_to_appeal
from stories.lifecycle import State, move
from stories.models import Acceptance, Appeal, Contribution, Publication, Revision, Wait
from stories.owners import Owner
from stories.pause import can_appeal
from stories.refusals import Changed, Refused
from stories.words import Words

NO_PROPOSAL = _("There is no proposal to answer here any more. What stands now is below.")
READ_AGAIN = _("Somebody reads your published text again just now. You can answer yes when they have decided about it.")
NOT_OPEN = _("There is nothing to appeal against here any more. What stands now is below.")
ASKED = _("You have asked already for somebody else to decide, in the words that stand with your text.")
TOO_LATE = _("An appeal is possible for six months after a decision, and they are over. You can write a new version.")


@transaction.atomic
def accept(contribution_id: UUID, *, proposal: UUID, owner: Owner) -> Publication:
    """Publish the very words that a moderator proposed; said twice, they are published once.

    Raises Changed when another proposal, or none, is open by now, and Refused while a case about what readers see is
    open: whoever proposed these words knew nothing of it, and only a decision ends it.
    """
    check_key()
    contribution = written(contribution_id, owner)
    live = Publication.objects.filter(contribution=contribution, revision=proposal).first()
    if live is not None:
        return live
    proposed = _open(contribution, proposal)
    shown = Publication.objects.filter(contribution=contribution).first()
    if shown is not None and Wait.objects.filter(pk=shown.revision_id).exists():
        raise Refused(READ_AGAIN)
    Acceptance(revision=proposed).save(force_insert=True)
    for answered in contribution.revisions.in_state(State.CHANGES_ASKED):
        supersede(answered, by_owner=True)
    return publish(proposed, added_warnings=shown.warnings if shown else (), by_owner=True)


@transaction.atomic
def decline(contribution_id: UUID, *, proposal: UUID, owner: Owner, own_words: bool, why: str = "") -> Revision:
    """Say no to a proposal and go on writing: from one's own words, or from those proposed. Said twice, it is one no.

    A change that was begun before is what goes on. ``why`` goes with one's own words, to whoever reads them. Raises
    Changed when another proposal, or none, is open by now.
    """
    check_key()
    contribution = written(contribution_id, owner)
    begun = contribution.revisions.in_state(State.DRAFT).first()
    if begun is not None and contribution.revisions.in_state(State.SUPERSEDED).filter(pk=proposal).exists():
        return begun
    proposed = _open(contribution, proposal)
    move(proposed, State.SUPERSEDED, by_owner=True)
    if begun is not None:
        begun.why = why if own_words else ""
        begun.save(update_fields=["why"])
        return begun
    words = Words.of(proposed.redacts if own_words and proposed.redacts else proposed)
    draft = Revision(contribution=contribution, number=proposed.number + 1, **asdict(words))
    draft.consents, draft.why = list(staying(words.consents)), why if own_words else ""
    draft.save()
    return draft


@transaction.atomic
def appeal(contribution_id: UUID, *, text: str, owner: Owner) -> Appeal:
    """Ask that somebody else decides about a refused or removed version; sent twice, it is asked once.

    It is once a decision. The database opens a case. Raises Refused when there is nothing to appeal against, or not
    any more, or when it was asked in other words before.
    """
    check_key()
    contribution = written(contribution_id, owner)
    revision = contribution.revisions.in_state(State.REFUSED, State.REMOVED).order_by("-number").first()
    letter = letter_to_appeal(revision) if revision is not None else None
    if revision is None or letter is None:
        raise Refused(NOT_OPEN)
    known = Appeal.objects.filter(letter=letter).first()
    if known is not None:
        if known.text != text:
            raise Refused(ASKED)
        return known
    if not can_appeal(revision):
        raise Refused(TOO_LATE)
    if contribution.parent_id and not Publication.objects.filter(pk=contribution.parent_id).exists():
        raise Refused(NOT_OPEN)
    told = Appeal(letter=letter, text=text)
    told.save(force_insert=True)
    return told


def _open(contribution: Contribution, proposal: UUID) -> Revision:
    proposed = contribution.revisions.in_state(State.PROPOSED).select_related("redacts").filter(pk=proposal).first()
    if proposed is None:
        raise Changed(NO_PROPOSAL)
    return proposed
