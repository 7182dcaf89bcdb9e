"""The letter to an owner about a decision."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stories.models.months import this_month
from stories.models.texts import Revision


class Outcome(models.TextChoices):
    """What a moderator can decide about a waiting text."""

    APPROVE = "approve", _("Published")
    ASK_CHANGES = "ask_changes", _("A change was asked for")
    REFUSE = "refuse", _("Not published")


class Statement(models.Model):
    """What the owner of a text is told about a decision: a letter, written once, never changed.

    ``passages`` is a list of [field, start, end] in characters of the revision's title or text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="statements")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    rules = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    passages: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="statement_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.APPROVE) | (Q(rules__len__gt=0) & ~Q(text="")),
                name="statement_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"statement {self.pk}"
