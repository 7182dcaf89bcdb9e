"""Whether an error says that the database cannot be used at this moment."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

# While a restore is under way the site's role may use no table, and for a while there is none.
SHUT = frozenset({"42501", "42P01"})  # insufficient_privilege, undefined_table


def is_away(error: BaseException | None) -> bool:
    """Say whether an error, or what it came from, is that the database is not there or is shut."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError) or getattr(error, "sqlstate", None) in SHUT:
            return True
        error = error.__cause__ or error.__context__
    return False
