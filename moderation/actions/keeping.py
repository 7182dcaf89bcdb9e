"""What moderators wrote about a text goes with its words."""

from __future__ import annotations

from django.db import transaction

from moderation.models import Case, Note, Redaction, Report, Skip
from stories.actions.forgetting import empty, run_out
from stories.models import Revision


def forget_texts() -> int:
    """End what nobody answered, empty what was kept long enough, and forget what was written about it."""
    run_out()
    emptied = empty()
    _forget_beside()
    return len(emptied)


@transaction.atomic
def _forget_beside() -> None:
    """Remove the notes, the proposed words and the reports about versions that have no words any more.

    Who passed on a case is forgotten as soon as it is closed.
    """
    gone = Revision.objects.emptied()
    Note.objects.filter(case__revision__in=gone).delete()
    Redaction.objects.filter(case__revision__in=gone).delete()
    Report.objects.filter(revision__in=gone).delete()
    Skip.objects.filter(case__in=Case.objects.closed()).delete()
