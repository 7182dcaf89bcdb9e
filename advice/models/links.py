"""Whether the links that the site gives still answer."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


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

    objects: ClassVar[models.Manager[Link]] = models.Manager()

    def __str__(self) -> str:
        return f"link {self.pk}"
