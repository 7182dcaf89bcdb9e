"""What tests about time share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from stories.models import Revision, this_month
from stories.pause import months_after

Age = Callable[[Revision, int], None]


@pytest.fixture
def age(owner_connection: psycopg.Connection[Any]) -> Age:
    """Let a test say for how many months a version, its letters and what hides it have stood where they stand."""

    def aged(revision: Revision, months: int) -> None:
        month = months_after(this_month(), -months)
        beside = ("stories_statement", "stories_suppression")
        for table, key in (("stories_revision", "id"), *((table, "revision_id") for table in beside)):
            owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner_connection.execute(f"UPDATE {table} SET month = %s WHERE {key} = %s", [month, revision.pk])
            owner_connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return aged
