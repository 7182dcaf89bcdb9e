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
    the letters about one version; those of one decision are those of one case. A letter of the first of two people
    is not ``told`` until the second agrees. ``reported`` says that readers had reported the version.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="statements")
    case_id = models.UUIDField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    rules = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    passages: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    told = models.BooleanField(default=True)
    reported = models.BooleanField(default=False)
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
    """An owner's words against the letter of a refusal or a removal, once; somebody else decides.

    The database opens the case in which that is done, and writes its id here: its letter is the answer.
    """

    letter = models.OneToOneField(Statement, on_delete=models.CASCADE, primary_key=True)
    case_id = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.TextField()
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_why"),
            models.CheckConstraint(condition=Q(month__day=1), name="appeal_month"),
        )

    def __str__(self) -> str:
        return f"appeal about {self.pk}"


class Wait(models.Model):
    """What a version waits for while a case about it is open: a view of the database, made by moderation.

    ``too_few`` says that fewer people than it still needs are here who may decide about it.
    """

    revision = models.OneToOneField(Revision, on_delete=models.DO_NOTHING, primary_key=True)
    by_two = models.BooleanField()
    too_few = models.BooleanField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"wait of {self.pk}"
