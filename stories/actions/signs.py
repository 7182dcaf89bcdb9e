"""What readers leave on a text: a kind sign, or a place for it in their own list."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stories.actions.keys import check_key
from stories.actions.owning import hold_open
from stories.models import Publication, Reaction, SavedItem
from stories.owners import Owner
from stories.refusals import Refused

FREE_TAGS = 24  # so many of an owner's tags for saved items stay free: a drawn one is soon a free one
SAVED_FULL = _("Your list holds as many stories as it can. Please take one off it first.")


@transaction.atomic
def react(publication: Publication, *, kind: str, owner: Owner) -> None:
    """Leave a sign (a code of the pack) on a text; one left before becomes this one, and the same stays as it is."""
    check_key()
    hold_open(owner)
    sign = Reaction(contribution_id=publication.pk, kind=kind, mark=owner.once("reaction", publication.pk))
    Reaction.objects.bulk_create([sign], update_conflicts=True, unique_fields=["mark"], update_fields=["kind"])


@transaction.atomic
def undo(contribution_id: UUID, *, owner: Owner) -> None:
    """Take an owner's sign off a text, also one that nobody can read any more; asked twice, it stays off."""
    check_key()
    Reaction.objects.filter(mark=owner.once("reaction", contribution_id)).delete()


@transaction.atomic
def save_for_later(publication: Publication, *, owner: Owner) -> None:
    """Put a text on an owner's list, once; raise Refused when the list is full."""
    check_key()
    hold_open(owner)
    mark = owner.once("saved", publication.pk)
    while not SavedItem.objects.filter(mark=mark).exists():
        taken = {bytes(tag) for tag in SavedItem.objects.saved_by(owner).values_list("owner_tag", flat=True)}
        if len(taken) >= settings.OWNER_WINDOW - FREE_TAGS:
            raise Refused(SAVED_FULL)
        item = SavedItem(contribution_id=publication.pk, owner_tag=_free_tag(owner, taken), mark=mark)
        # The same press at the same moment may have taken the mark, another one the tag: the next look tells.
        SavedItem.objects.bulk_create([item], ignore_conflicts=True)


@transaction.atomic
def unsave(contribution_id: UUID, *, owner: Owner) -> None:
    """Take a text off an owner's list, also one that nobody can read any more; asked twice, it stays off."""
    check_key()
    SavedItem.objects.filter(mark=owner.once("saved", contribution_id)).delete()


def _free_tag(owner: Owner, taken: set[bytes]) -> bytes:
    while (tag := owner.draw_saved_tag()) in taken:
        pass
    return tag
