"""The only date that a member's row holds."""

from __future__ import annotations

from datetime import date

from django.utils import timezone


def this_month() -> date:
    """Return the first day of the month: the finest date a member's row may hold."""
    return timezone.now().date().replace(day=1)
