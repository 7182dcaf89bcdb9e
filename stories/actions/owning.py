"""Locks on an owner's texts, and the tags by which only the owner finds them."""

from __future__ import annotations

from uuid import UUID

import psycopg
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from stories.models import Contribution
from stories.owners import Owner
from stories.refusals import NotYours, Refused


def locked(contribution_id: UUID, owner: Owner) -> Contribution:
    """Return the owner's contribution, locked, its story before it; raise NotYours when there is none."""
    hold_open(owner)
    return _locked(contribution_id, owner)


def written(contribution_id: UUID, owner: Owner) -> Contribution:
    """Return the owner's contribution, locked, for its owner to write on it: its tag moves to the newest key."""
    return _moved(locked(contribution_id, owner), owner)


def _moved(contribution: Contribution, owner: Owner) -> Contribution:
    """Let a text be found under the newest key alone. Its voice stays: readers know its owner by the name it gives."""
    if not owner.is_newest(bytes(contribution.owner_tag)):
        contribution.person_seal = owner.seal_person(contribution.pk)
        tag_and_save(contribution, owner)
    return contribution


def _locked(contribution_id: UUID, owner: Owner) -> Contribution:
    mine = Contribution.objects.owned_by(owner).filter(pk=contribution_id)
    parent = mine.values_list("parent_id", flat=True).first()
    if parent is not None:
        lock(parent)
    contribution = mine.select_for_update(of=("self",)).first()
    if contribution is None:
        raise NotYours(_("There is no such text."))
    return contribution


def lock(story_id: UUID) -> Contribution | None:
    """Return a story that somebody answers, locked against its withdrawal; None when there is none."""
    return Contribution.objects.select_for_update(no_key=True).filter(pk=story_id, parent=None).first()


def locked_or_new(contribution_id: UUID, owner: Owner, *, reply_to: UUID | None = None) -> Contribution:
    """Return the owner's contribution, locked; make it when nobody has that id."""
    hold_open(owner)
    try:
        return _moved(_locked(contribution_id, owner), owner)
    except NotYours:
        if Contribution.objects.filter(pk=contribution_id).exists():
            # Somebody else's, or made by the same form in this very moment: only a second look tells.
            return _locked(contribution_id, owner)
    contribution = Contribution(
        pk=contribution_id,
        parent_id=reply_to,
        from_receipt=owner.is_receipt,
        person_seal=owner.seal_person(contribution_id),
        voice=owner.voice(reply_to or contribution_id),
    )
    try:
        tag_and_save(contribution, owner, new=True)
    except IntegrityError:  # the same form, sent twice at the same moment: the other one made it
        return _locked(contribution_id, owner)
    return contribution


def tag_and_save(contribution: Contribution, owner: Owner, *, new: bool = False) -> None:
    """Save under a free tag of the owner; raise Refused when the window is full."""
    others = Contribution.objects.owned_by(owner).exclude(pk=contribution.pk)
    taken = {bytes(tag) for tag in others.values_list("owner_tag", flat=True)}
    if len(taken) >= settings.OWNER_WINDOW:
        raise Refused(_("You have as many texts here as one person can have. Please withdraw one first."))
    while True:
        contribution.owner_tag = owner.draw_tag()
        if contribution.owner_tag in taken:
            continue
        try:
            with transaction.atomic():
                contribution.save(force_insert=new)
        except IntegrityError as error:
            if constraint(error) != "contribution_tag_unique":
                raise
        else:
            return


def hold_open(owner: Owner) -> None:
    """Raise NotYours when an account was erased since this request began; until the transaction ends, it is not.

    Asked before any row of a text is locked, as erasing does. No row of the account is locked: that would be a mark
    on it, made as the text is.
    """
    if owner.account is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [owner.lock])
        if not User.objects.filter(pk=owner.account, is_active=True).exists():
            raise NotYours(_("There is no such text."))


def constraint(error: IntegrityError) -> str:
    """Return the name of the constraint that refused a row, or nothing."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""
