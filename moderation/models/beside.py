"""What moderators leave with a case: other words for its text, and notes to each other."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from moderation.models.cases import Case
from stories.models import this_month


class Redaction(models.Model):
    """The words that a moderator would have in place of the owner's, until they are offered or the case closes.

    ``words`` maps the name of a field (``stories.words.own_words``) to the whole of it. ``is_grave`` says that more
    than a name, a place or a contact was put in general words, so that two people decide.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="redaction")
    words: models.JSONField[Any, Any] = models.JSONField()
    is_grave = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"redaction of case {self.pk}"


class Note(models.Model):
    """What moderators tell each other about a case; the owner never reads it.

    ``step`` is the code of a step of the crisis checklist that was done, or empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)
    number = models.PositiveSmallIntegerField()
    month = models.DateField(default=this_month)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="note_number_unique"),
            models.CheckConstraint(condition=~Q(text="") | ~Q(step=""), name="note_says_something"),
            models.CheckConstraint(condition=Q(month__day=1), name="note_month"),
        )

    def __str__(self) -> str:
        return f"note {self.pk}"
