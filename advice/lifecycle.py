"""Where a version of an article may go: the only table of moves. The same table is in advice/migrations."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from advice.models import State, Version

MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.WAITING, State.LIVE, State.DISCARDED}),
    State.WAITING: frozenset({State.DRAFT, State.LIVE}),
    State.LIVE: frozenset({State.SUPERSEDED}),
    State.SUPERSEDED: frozenset(),
    State.DISCARDED: frozenset(),
}


class MoveError(Exception):
    """A version is not where it would have to be for a move: somebody else was faster."""


def move(version: Version, to: State, *, day: date, by: User | None) -> None:
    """Move a version by compare-and-swap; raise MoveError when it stands somewhere else by now."""
    if to not in MOVES[State(version.state)]:
        raise MoveError
    moved = Version.objects.filter(pk=version.pk, state=version.state).update(state=to, changed_on=day, moved_by=by)
    if moved != 1:
        raise MoveError
    version.state, version.changed_on, version.moved_by = to, day, by
