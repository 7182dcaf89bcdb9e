"""What moderators chose for themselves."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

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
