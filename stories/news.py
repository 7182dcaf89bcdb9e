"""What others changed about an owner's texts since the owner last looked: said once after a sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.arriving import NEWS
from stories.own_texts import standings_of, told_of
from stories.owners import Owner
from stories.standing import Standing

NAMED = 5  # texts that the line leads to; the list marks the others


@dataclass(frozen=True)
class News:
    """How many texts stand otherwise than when their owner last looked, and the first of them."""

    count: int
    texts: Sequence[Standing]


def news_once(request: HttpRequest, owners: Sequence[Owner]) -> News | None:
    """Return what is new for who has just come in; None when nothing is, or when it was said already."""
    if not request.session.pop(NEWS, False):
        return None
    unseen = [one for owner in owners for one in told_of(owner).unseen().order_by("-month", "pk")]
    return News(len(unseen), standings_of(unseen[:NAMED])) if unseen else None
