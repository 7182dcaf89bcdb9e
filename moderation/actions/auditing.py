"""What is kept about the record itself: its end of each day, and whether it was found whole."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncWeek

from moderation.checking import verify
from moderation.models import Anchor, Head, Tally

RECORD = "record"
DAYS_TOLD = 7


def publish_head(*, today: date) -> Anchor | None:
    """Keep the end of the record as today's, once a day; None while nothing is in it.

    Of the weeks before, one end each is left: which row was the last of a day would tell when a text was decided.
    """
    head = Head.objects.filter(pk=1).first()
    if head is None:
        return None
    kept, _is_new = Anchor.objects.get_or_create(day=today, defaults={"number": head.number, "seal": head.seal})
    by_week = Anchor.objects.annotate(week=TruncWeek("day"))
    later = by_week.filter(week=OuterRef("week"), day__gt=OuterRef("day"))
    by_week.filter(Exists(later), day__lt=today - timedelta(days=DAYS_TOLD)).delete()
    return kept


def check_record(*, today: date) -> None:
    """Read the whole record and keep what was found."""
    found = verify()
    cells = {"rows": found.rows, "sign": str(found.sign or ""), "number": found.number}
    Tally.objects.update_or_create(code=RECORD, defaults={"cells": cells, "refreshed_on": today})
