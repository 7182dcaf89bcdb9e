"""Whether the links that the site gives still answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

# A link that failed once may answer the next day: nobody is told before it failed for two.
QUIET = timedelta(days=2)


class LinkQuerySet(models.QuerySet["Link"]):
    """Links by what is to be done about them."""

    def failing(self, day: date) -> Self:
        """Return those that have not answered for two days, the longest first."""
        return self.filter(failing_since__lte=day - QUIET).order_by("failing_since", "url")

    def due(self, day: date) -> Self:
        """Return those that were not asked on that day, never asked ones first."""
        waiting = Q(checked_on=None) | Q(checked_on__lt=day)
        return self.filter(waiting).order_by(models.F("checked_on").asc(nulls_first=True), "pk")

    def asked(self, urls: Iterable[str]) -> dict[str, date | None]:
        """Return those of these links that were asked, each with the first day of its silence, or None."""
        rows = self.filter(url__in=list(urls)).exclude(checked_on=None)
        return dict(rows.values_list("url", "failing_since"))

    def silent_since(self, urls: Iterable[str], day: date) -> dict[str, date]:
        """Return since when those of these links that are failing have not answered."""
        rows = self.failing(day).filter(url__in=list(urls)).values_list("url", "failing_since")
        return {url: since for url, since in rows if since is not None}


class Link(models.Model):
    """One address elsewhere that a page of this site names. ``trouble`` says in a code what went wrong last.

    ``checked_on`` is the day on which it was last asked, ``answered_on`` the last day on which it answered,
    ``failing_since`` the first of the days since when it has not, or None.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.CharField(max_length=500, unique=True)
    checked_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    failing_since = models.DateField(null=True)
    trouble = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager[Link]] = models.Manager.from_queryset(LinkQuerySet)()

    def __str__(self) -> str:
        return f"link {self.pk}"
