"""What readers tell about a published text."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from stories.models import Revision, this_month


class Report(models.Model):
    """What a reader tells about a published text. Whose it is cannot be seen: the mark makes it once a reader.

    ``weight`` is worked out from the reporter's own texts at this moment, in points; ``is_grave`` says that a rule
    is among the reasons whose break can harm somebody at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reports")
    rules = ArrayField(models.CharField(max_length=30))
    text = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField()
    is_grave = models.BooleanField(default=False)
    mark = models.BinaryField(unique=True)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(rules__len__gt=0), name="report_has_reason"),
            models.CheckConstraint(condition=Q(month__day=1), name="report_month"),
        )

    def __str__(self) -> str:
        return f"report {self.pk}"
