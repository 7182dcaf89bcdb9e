"""Which articles changed last, for the feed and the map of the site."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils.feedgenerator import Atom1Feed

from advice.models import Version, VersionQuerySet

EMPTY = datetime(2026, 1, 1, tzinfo=UTC)  # an empty feed was never updated


class SteadyFeed(Atom1Feed):
    """An Atom feed (RFC 4287) whose dates are days or months: no finer one exists, and none is invented."""

    def latest_post_date(self) -> datetime:
        """Return the newest date, and a fixed day when there is nothing, so that equal feeds are equal bytes."""
        return super().latest_post_date() if self.items else EMPTY


def changed_articles(language: str = "") -> VersionQuerySet:
    """Return the live articles, of one language or all, the last changed first."""
    rows = Version.objects.live().order_by("-changed_on", "pk")
    return rows.in_language(language) if language else rows


def moment_of(day: date) -> datetime:
    """Return the beginning of a day, for formats that have moments only."""
    return datetime.combine(day, time.min, tzinfo=UTC)
