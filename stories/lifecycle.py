"""The only table of moves a revision can make, and the only function that makes one.

The database holds the same table in a trigger; a test compares the two, pair by pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from stories.models import Contribution, Revision


class State(models.TextChoices):
    """Where a revision stands."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting to be read")
    CHANGES_ASKED = "changes_asked", _("A change was asked for")
    REFUSED = "refused", _("Not published")
    APPROVED = "approved", _("Published")
    REMOVED = "removed", _("Taken down")
    PROPOSED = "proposed", _("A change is proposed")
    TAKEN_BACK = "taken_back", _("Taken back")
    SUPERSEDED = "superseded", _("Replaced by a newer version")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISCARDED = "discarded", _("Discarded")


S = State
MOVES: dict[State, frozenset[State]] = {
    S.DRAFT: frozenset({S.WAITING, S.DISCARDED}),
    S.WAITING: frozenset({S.APPROVED, S.CHANGES_ASKED, S.REFUSED, S.TAKEN_BACK, S.WITHDRAWN}),
    S.CHANGES_ASKED: frozenset({S.SUPERSEDED, S.WITHDRAWN}),
    S.REFUSED: frozenset({S.APPROVED, S.SUPERSEDED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.SUPERSEDED, S.REMOVED, S.WITHDRAWN}),
    S.REMOVED: frozenset({S.APPROVED, S.SUPERSEDED, S.WITHDRAWN}),
    S.PROPOSED: frozenset({S.APPROVED, S.SUPERSEDED, S.WITHDRAWN}),
    S.TAKEN_BACK: frozenset(),
    S.SUPERSEDED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.DISCARDED: frozenset(),
}
FINAL = frozenset(state for state, targets in MOVES.items() if not targets)
ANSWERED = frozenset({S.CHANGES_ASKED, S.REFUSED, S.REMOVED})
FOR_OWNER = frozenset({S.CHANGES_ASKED, S.PROPOSED})  # what waits for its owner
UNDER_WAY = FOR_OWNER | {S.DRAFT, S.WAITING}  # what a newer version may come of


class IllegalMove(Exception):
    """The table of moves does not hold this move."""


class MovedMeanwhile(Exception):
    """Somebody else moved the revision between reading and writing."""


def move(revision: Revision, to: State, *, by_owner: bool = False) -> None:
    """Move a revision by compare-and-swap; raise IllegalMove or MovedMeanwhile and change nothing.

    Unless its owner does it, the text has news for them. A draft beside it is kept from now on as if it were changed.
    """
    if to not in MOVES[State(revision.state)]:
        raise IllegalMove(f"{revision.state} to {to}")
    rows = type(revision).objects.filter(pk=revision.pk, state=revision.state)
    month = timezone.now().date().replace(day=1)
    if rows.update(state=to, month=month) != 1:
        raise MovedMeanwhile(f"revision {revision.pk} is no longer {revision.state}")
    revision.state, revision.month = to, month
    type(revision).objects.filter(contribution=revision.contribution_id, state=State.DRAFT).update(month=month)
    if not by_owner:
        news_of(revision.contribution)


def news_of(contribution: Contribution) -> None:
    """Note that others changed where a text stands, until its owner looks."""
    type(contribution).objects.filter(pk=contribution.pk, is_seen=True).update(is_seen=False)
    contribution.is_seen = False
