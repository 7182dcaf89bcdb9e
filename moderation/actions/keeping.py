"""What moderators wrote about a text goes with its words; the database sees to that."""

from __future__ import annotations

from moderation.models import Case, Skip
from stories.actions.forgetting import discard_old_drafts, empty, run_out


def forget_texts() -> int:
    """Do to texts what is due by the clock, and forget who passed on a case that is closed; return how many went."""
    discard_old_drafts()
    run_out()
    emptied = empty()
    Skip.objects.filter(case__in=Case.objects.closed()).delete()
    return len(emptied)
