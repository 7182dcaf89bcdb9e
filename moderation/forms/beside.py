"""What a moderator sends beside a decision: the lease it is under, a note, a step, a message."""

from __future__ import annotations

import uuid
from datetime import datetime

from django import forms
from django.conf import settings

from stories.text import clean


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


class BesideForm(forms.Form):
    """Words to colleagues or to the writer, cut where no more fit; or a step that was done."""

    note = forms.CharField(required=False)
    message = forms.CharField(required=False)
    step = forms.CharField(required=False)

    def one(self, name: str) -> str:
        """Return one of them, cleaned; empty when it was not sent."""
        self.is_valid()
        return clean(self.cleaned_data.get(name, ""))[: settings.NOTE_MAX]
