"""What moderation forgets when somebody erases their account."""

from __future__ import annotations

from moderation.models import Report
from moderation.own_reports import marks_left
from stories.owners import Owner


def forget_reports(owner: Owner) -> None:
    """Take the words out of what an owner reported; that a rule was named stays, for whoever decides about it."""
    for marks in marks_left(owner):
        Report.objects.filter(mark__in=marks).exclude(text="").update(text="")
