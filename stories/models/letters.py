"""What a decision says to an owner, and what the owner answers."""

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
    """What a moderator can decide: about a waiting text, about a published one, about an appeal."""

    APPROVE = "approve", _("Published")
    ASK_CHANGES = "ask_changes", _("A change was asked for")
    PROPOSE = "propose", _("A change is proposed")
    REFUSE = "refuse", _("Not published")
    KEEP = "keep", _("Stays as it is")
    REMOVE = "remove", _("Taken down")
    UPHOLD = "uphold", _("The decision stands")


SILENT = (Outcome.APPROVE, Outcome.KEEP)  # no rule and no reason need be told


class Statement(models.Model):
    """What the owner of a text is told about a decision: a letter, written once, never changed.

    ``passages`` is a list of [field, start, end] in characters of the revision's title or text. ``number`` counts
    the letters about one version. A letter of the first of two people is not ``told`` until the second agrees.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="statements")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    rules = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    passages: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    told = models.BooleanField(default=True)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["revision", "number"], name="statement_number_unique"),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="statement_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=SILENT) | (Q(rules__len__gt=0) & ~Q(text="")),
                name="statement_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"statement {self.pk}"


class Message(models.Model):
    """A few words of a moderator to the owner of a text, who reads them beside it. No decision, and no answer to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="messages")
    text = models.TextField()
    number = models.PositiveSmallIntegerField(default=1)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["revision", "number"], name="message_number_unique"),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.CheckConstraint(condition=Q(month__day=1), name="message_month"),
        )

    def __str__(self) -> str:
        return f"message {self.pk}"


class Acceptance(models.Model):
    """The owner's yes to the very words that a moderator proposes; without it they are published nowhere."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True)
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(month__day=1), name="acceptance_month"),)

    def __str__(self) -> str:
        return f"acceptance of {self.pk}"


class Appeal(models.Model):
    """An owner's words against a refusal or a removal, once a version; somebody else decides."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True)
    text = models.TextField()
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_why"),
            models.CheckConstraint(condition=Q(month__day=1), name="appeal_month"),
        )

    def __str__(self) -> str:
        return f"appeal about {self.pk}"
