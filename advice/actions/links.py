"""What is noted about the links that the site names: who is asked, and whether they answered. Nothing of the answer."""

from __future__ import annotations

import time
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from advice.links import Checker
from advice.models import Link
from advice.named import named_links


@transaction.atomic
def collect_links() -> None:
    """Keep a row for every link that is named, and none for one that nobody names any more."""
    named = named_links()
    Link.objects.exclude(url__in=named).delete()
    known = set(Link.objects.values_list("url", flat=True))
    Link.objects.bulk_create([Link(url=url) for url in named if url not in known], ignore_conflicts=True)


def check_links(*, today: date, checker: Checker, seconds: float) -> int:
    """Ask the links that were not asked today, one at least, until the seconds are over; return how many were asked.

    No transaction waits for a host, and what is cut off goes on where it stopped.
    """
    collect_links()
    end, asked = time.monotonic() + seconds, 0
    for pk, url in Link.objects.due(today).values_list("pk", "url"):
        note(pk, checker.trouble(url), today=today)
        asked += 1
        if time.monotonic() >= end:
            break
    return asked


def note(link_id: UUID, trouble: str, *, today: date) -> None:
    """Note what came of asking a link; the first day of a silence stays until it answers again."""
    row = Link.objects.filter(pk=link_id)
    if trouble:
        row.update(checked_on=today, trouble=trouble, failing_since=Coalesce("failing_since", Value(today)))
    else:
        row.update(checked_on=today, trouble="", answered_on=today, failing_since=None)
