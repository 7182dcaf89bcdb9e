"""What a moderator sends beside a decision: the lease it is under, and words to colleagues or to the writer."""

from __future__ import annotations

import uuid
from datetime import datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from moderation.forms.redaction import TOO_LONG
from stories.text import clean

NO_WORDS = _("Please write a few words first.")


class LeaseForm(forms.Form):
    """The lease under which somebody acts; ``leaving`` is its end as known to a page that is being left."""

    token = forms.UUIDField()
    leaving = forms.DateTimeField(required=False)

    @property
    def held(self) -> uuid.UUID:
        """Return the token, or one that opens nothing when none was sent."""
        self.is_valid()
        token: uuid.UUID = self.cleaned_data.get("token", uuid.UUID(int=0))
        return token

    @property
    def left(self) -> datetime | None:
        """Return the end of the lease as the page knew it, when the page sent this as it was left."""
        self.is_valid()
        end: datetime | None = self.cleaned_data.get("leaving")
        return end


def fitting(words: str) -> str:
    """Return words cleaned as all words here are; raise ValidationError for more than fit."""
    text = clean(words)
    if len(text) > settings.NOTE_MAX:
        raise ValidationError(TOO_LONG, params={"count": len(text), "most": settings.NOTE_MAX})
    return text


def said(typed: QueryDict, name: str) -> str:
    """Return a note or a message, whole; raise ValidationError when there is none, or when it does not fit."""
    text = fitting(typed.get(name, ""))
    if not text:
        raise ValidationError(NO_WORDS)
    return text
