"""What moderators wrote about a text goes with its words; the database sees to that."""

from __future__ import annotations

from moderation.models import Case, Skip
from stories.actions.forgetting import empty, run_out


def forget_texts() -> int:
    """End what nobody answered, empty what was kept long enough, and forget who passed on a case that is closed."""
    run_out()
    emptied = empty()
    Skip.objects.filter(case__in=Case.objects.closed()).delete()
    return len(emptied)
