"""What moderators wrote about a text goes with its words; the database sees to that."""

from __future__ import annotations

from moderation.models import Case, Skip
from stories.actions.forgetting import discard_old_drafts, empty, run_out


def forget_texts() -> int:
    """Do to texts what is due by the clock, and forget who passed on a case that is closed; return how many went.

    A text that somebody holds stops nothing else: what went wrong is raised at the end, and the next night tries again.
    """
    failed: list[Exception] = []
    emptied = empty(failed)
    run_out(failed)
    discard_old_drafts(failed)
    Skip.objects.filter(case__in=Case.objects.closed()).delete()
    if failed:
        raise ExceptionGroup("some texts could not be forgotten", failed)
    return len(emptied)
