"""What moderators chose for themselves, and the words that a lead put in place of the content pack's."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Place(models.Model):
    """A moderator's own place: the languages they read (none: all), the topics they leave to others.

    ``decided`` counts the decisions of ``day`` for the daily cap, and nothing else; it is never shown to others.
    """

    moderator = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    leaves = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    day = models.DateField(null=True, blank=True)
    decided = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"place of {self.pk}"

    @classmethod
    def of(cls, moderator: User) -> Place:
        """Return a moderator's place, an empty one when nothing was chosen yet."""
        return cls.objects.filter(pk=moderator.pk).first() or cls(moderator=moderator)


class Wording(models.Model):
    """A text that staff wrote: a house rule in other words, or a template of a letter.

    ``fields`` maps names ("title", "text", "reason") to words. A template's gaps stand in square brackets.
    """

    class Kind(models.TextChoices):
        """What the words are for."""

        RULE = "rule", _("House rule")
        TEMPLATE = "template", _("Template of a letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    fields: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "code", "language"], name="wording_once"),
            models.CheckConstraint(condition=Q(kind__in=["rule", "template"]), name="wording_kind_known"),
        )

    def __str__(self) -> str:
        return f"wording {self.pk}"
