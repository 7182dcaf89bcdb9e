"""What a member reported, found by marks that only the site's key makes: for the member's own archive, and to erase."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from moderation.models import Report
from stories.owners import Owner

CHUNK = 2_000  # versions whose marks are worked out at a time


def reports_of(owner: Owner) -> Iterator[Report]:
    """Yield what an owner told about others' texts, each with the version it is about, without its words."""
    for marks in marks_left(owner):
        rows = Report.objects.filter(mark__in=marks).select_related("revision")
        yield from rows.defer("revision__title", "revision__text").order_by("pk")


def marks_left(owner: Owner) -> Iterator[list[bytes]]:
    """Yield the marks that an owner's reports would carry, for every version that has any, some at a time."""
    last = UUID(int=0)
    rows = Report.objects.order_by("revision_id").values_list("revision_id", flat=True).distinct()
    while versions := list(rows.filter(revision_id__gt=last)[:CHUNK]):
        yield [owner.once("report", pk) for pk in versions]
        last = versions[-1]
