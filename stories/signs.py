"""What readers left beside a text, as another reader may see it, and what somebody put aside to read.

A sign of one's own is never part of a number that one is shown: taking it off and putting it back tells nobody
how many others there are. A visitor's number has everybody in it, and none is shown below three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import get_language

import content
from stories.listing import BadCursor, Teaser, teasable, teaser
from stories.models import Publication, Reaction, SavedItem
from stories.owners import Owner

CHUNK = 2_000  # texts whose marks are worked out at a time
LEAST = 3  # fewer signs of one kind are not told


@dataclass(frozen=True)
class Sign:
    """One kind of sign beside one text: how many others left it (0 for too few to tell), and whether oneself did."""

    code: str
    label: str
    counted: str
    count: int
    is_mine: bool


@dataclass(frozen=True)
class Beside:
    """What stands beside a text; ``writer`` marks a member's forms and is empty for whoever may only look."""

    pk: UUID
    signs: list[Sign]
    writer: str = ""
    is_saved: bool = False

    @property
    def told(self) -> list[Sign]:
        """Return the signs that enough people left to tell how many."""
        return [sign for sign in self.signs if sign.count]


@dataclass(frozen=True)
class Saved:
    """One place in somebody's list; without a story when that one is no longer here."""

    pk: UUID
    story: Teaser | None
    writer: str


def codes() -> list[str]:
    """Return the codes of the signs that can be left."""
    return [one.code for one in _pack().reactions]


def beside(pks: Sequence[UUID], member: Owner | None) -> dict[UUID, Beside]:
    """Return what stands beside each text, in one query; for a member in two, with whether the first is saved."""
    marks = [member.once("reaction", pk) for pk in pks] if member else []
    rows = Reaction.objects.filter(contribution__in=pks).values_list("contribution_id", "kind")
    counted = rows.annotate(others=Count("pk", filter=~Q(mark__in=marks)), mine=Count("pk", filter=Q(mark__in=marks)))
    found = {(pk, kind): (others, mine) for pk, kind, others, mine in counted}
    saved = member is not None and SavedItem.objects.filter(mark=member.once("saved", pks[0])).exists()
    return {
        pk: Beside(
            pk=pk,
            signs=[_sign(one, *found.get((pk, one.code), ())) for one in _pack().reactions],
            writer=member.mark(pk) if member else "",
            is_saved=saved and pk == pks[0],
        )
        for pk in pks
    }


def saved_page(member: Owner, reader: Any, after: str = "") -> tuple[list[Saved], str]:
    """Return a page of a member's list, in the order of its random ids, and the cursor of the next page, if any."""
    items = SavedItem.objects.saved_by(member).order_by("pk")
    if after:
        items = items.filter(pk__gt=_place(after))
    rows = list(items.values_list("pk", "contribution_id")[: settings.STORIES_A_PAGE + 1])
    here = rows[: settings.STORIES_A_PAGE]
    readable = Publication.objects.readable_by(reader).filter(pk__in=[pk for _item, pk in here])
    stories = {row.pk: teaser(row) for row in teasable(readable)}
    more = str(here[-1][0]) if len(rows) > len(here) else ""
    return [Saved(pk, stories.get(pk), member.mark(pk)) for _item, pk in here], more


def marks_left(member: Owner) -> Iterator[list[bytes]]:
    """Yield the marks that a member's reactions would carry, for every text that has any, some at a time."""
    for texts in _reacted():
        yield [member.once("reaction", pk) for pk in texts]


def _reacted() -> Iterator[list[UUID]]:
    """Yield the texts that anybody left a sign on, in chunks, in the order of their random ids."""
    last = UUID(int=0)
    rows = Reaction.objects.order_by("contribution_id").values_list("contribution_id", flat=True).distinct()
    while texts := list(rows.filter(contribution_id__gt=last)[:CHUNK]):
        yield texts
        last = texts[-1]


def _place(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as error:
        raise BadCursor from error


def _sign(kind: content.Reaction, others: int = 0, mine: int = 0) -> Sign:
    return Sign(kind.code, kind.label, kind.counted, others if others >= LEAST else 0, is_mine=bool(mine))


def _pack() -> content.Pack:
    return content.load(get_language() or settings.LANGUAGE_CODE)
