"""Which articles changed last, for the feed and the map of the site."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from advice.models import Version, VersionQuerySet


def changed_articles(language: str = "") -> VersionQuerySet:
    """Return the live articles, of one language or all, the last changed first."""
    rows = Version.objects.live().order_by("-changed_on", "pk")
    return rows.in_language(language) if language else rows


def moment_of(day: date) -> datetime:
    """Return the beginning of a day, for formats that have moments only."""
    return datetime.combine(day, time.min, tzinfo=UTC)
