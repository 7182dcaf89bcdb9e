from __future__ import annotations

from contextlib import nullcontext
from itertools import product
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection

from stories.lifecycle import FINAL, MOVES, IllegalMove, MovedMeanwhile, State, move
from stories.models import Revision
from tests import make

# The truth table, written out by hand from the design: from -> to.
ALLOWED = {
    ("draft", "waiting"),
    ("draft", "discarded"),
    ("waiting", "approved"),
    ("waiting", "changes_asked"),
    ("waiting", "refused"),
    ("waiting", "taken_back"),
    ("waiting", "withdrawn"),
    ("changes_asked", "superseded"),
    ("changes_asked", "withdrawn"),
    ("refused", "approved"),
    ("refused", "superseded"),
    ("refused", "withdrawn"),
    ("approved", "superseded"),
    ("approved", "removed"),
    ("approved", "withdrawn"),
    ("removed", "approved"),
    ("removed", "superseded"),
    ("removed", "withdrawn"),
    ("proposed", "approved"),
    ("proposed", "superseded"),
    ("proposed", "withdrawn"),
}
PAIRS = [(old, new) for old, new in product(State.values, State.values)]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_moves_are_the_table(old: str, new: str) -> None:
    assert (State(new) in MOVES[State(old)]) == ((old, new) in ALLOWED)


def test_final_states_are_the_four_ends() -> None:
    assert {"taken_back", "superseded", "withdrawn", "discarded"} == FINAL


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_database_holds_the_same_table(old: str, new: str) -> None:
    """Compare the trigger with the table, with the other guards out of the way."""
    revision = make.draft(title="A way", text=make.TEXT)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE stories_revision DISABLE TRIGGER USER")
        # It stands for a proposal too, of which there is none without the version that it is about.
        start = "UPDATE stories_revision SET state = %s, redacts_id = id WHERE id = %s"
        cursor.execute(start, [old, revision.pk])
        cursor.execute("ALTER TABLE stories_revision ENABLE TRIGGER revision_guard_change")
        legal = old == new or (old, new) in ALLOWED
        with nullcontext() if legal else pytest.raises(IntegrityError) as refused:
            cursor.execute("UPDATE stories_revision SET state = %s WHERE id = %s", [new, revision.pk])
    if not legal:
        assert isinstance(refused.value.__cause__, psycopg.errors.CheckViolation)


@pytest.mark.django_db
def test_move_refuses_what_the_table_does_not_hold() -> None:
    revision = make.draft()
    with pytest.raises(IllegalMove):
        move(revision, State.APPROVED)
    assert Revision.objects.get(pk=revision.pk).state == State.DRAFT


@pytest.mark.django_db
def test_move_notices_that_somebody_was_first() -> None:
    revision = make.waiting()
    stale: Any = Revision.objects.get(pk=revision.pk)
    move(revision, State.TAKEN_BACK)
    with pytest.raises(MovedMeanwhile):
        move(stale, State.WITHDRAWN)
    assert Revision.objects.get(pk=revision.pk).state == State.TAKEN_BACK
