"""What one press changes in a draft after screening: a passage that was found, or a warning that was offered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stories.actions.owning import locked
from stories.actions.texts import save_draft
from stories.lifecycle import State
from stories.models import Revision
from stories.noticed import Noticed, notice, offered_warning
from stories.owners import Owner
from stories.refusals import CHANGED, Changed, Refused
from stories.screening import fixed
from stories.text import clean
from stories.tried import NAME_MAX, TIP_MAX
from stories.words import Words, own_words

NO_ROOM = _("There is no room for these words, so nothing was changed. Please change the passage yourself.")


@transaction.atomic
def fix_passage(contribution_id: UUID, address: str, *, looked_at: str, owner: Owner) -> Revision:
    """Replace one passage (``Noticed.address``) in the draft, or add the warning that is offered, and nothing else.

    ``looked_at`` is the digest of the words in which it was seen: a draft that holds others by now is not
    touched, and neither is one in which nothing was found there: Changed.
    """
    contribution = locked(contribution_id, owner)
    draft = contribution.revisions.in_state(State.DRAFT).first()
    words = Words.of(draft) if draft else Words()
    noticed = notice(words)
    offered = offered_warning(words, noticed)
    if offered and address == offered.code and words.digest == looked_at:
        return save_draft(contribution_id, {"warnings": [*words.warnings, offered.code]}, owner=owner)
    found = next((one for one in noticed if one.address == address and one.replacement), None)
    if found is None or words.digest != looked_at:
        raise Changed(CHANGED)
    text_max = settings.TEXT_MAX if contribution.parent_id is None else settings.REPLY_MAX
    return save_draft(contribution_id, _with_fix(words, found, text_max), owner=owner)


def _with_fix(words: Words, found: Noticed, text_max: int) -> dict[str, Any]:
    """Return the one field that changes, whole."""
    text = clean(fixed(own_words(words)[found.field], found.finding))
    group, _dot, rest = found.field.partition(".")
    place, _dot, name = rest.partition(".")
    most = {"title": settings.TITLE_MAX, "text": text_max, "name": NAME_MAX, "tip": TIP_MAX}
    if len(text) > most[name or group]:
        raise Refused(NO_ROOM)
    if not rest:
        return {group: text}
    rows = [dict(row) for row in words.treatments]
    rows[int(place)][name] = text
    return {"treatments": rows}
