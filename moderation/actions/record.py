"""What is told to the record besides decisions, which the database tells itself."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User


def tell(act: str, by: User, *, case: UUID | None = None, revision: UUID | None = None, **details: Any) -> None:
    """Add a row about an act; no words of a member belong into ``details``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT moderation_tell(%s, %s, %s, %s, %s)", [act, case, revision, by.pk, json.dumps(details)])
