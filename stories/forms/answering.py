"""What an owner answers to a decision: one of three to a proposal, and a few sentences for an appeal."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.forms.fields import WordsField

LEAST = 20  # characters of an appeal: a sentence


class Choice(models.TextChoices):
    """What can be answered to a proposal."""

    ACCEPT = "accept", _("Publish it like this")
    CHANGE = "change", _("Change it myself")
    OWN = "own", _("Keep my own words")


class ProposalForm(forms.Form):
    """One of three buttons, the very proposal that its page showed, and a word on why one keeps one's own words."""

    proposal = forms.UUIDField()
    choice = forms.ChoiceField(choices=Choice.choices)
    why = WordsField(required=False, max_length=settings.WHY_MAX, widget=forms.Textarea)


class AppealForm(forms.Form):
    """Why somebody else should decide, in the owner's words."""

    text = WordsField(
        label=_("Why should it be decided otherwise?"),
        help_text=_(
            "A sentence is enough. Whoever reads it sees your text, the decision and these words, and not who you are. "
            "Please write nothing here that tells it."
        ),
        error_messages={"required": _("Please write in a sentence what you see otherwise.")},
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_text(self) -> str:
        """Refuse what says nothing yet, and more than fits."""
        text: str = self.cleaned_data["text"]
        if not text:
            raise ValidationError(_("Please write in a sentence what you see otherwise."))
        if len(text) < LEAST:
            raise ValidationError(
                _("Please say a little more, at least %(least)s characters, so that somebody can look into it."),
                params={"least": LEAST},
            )
        if len(text) > settings.NOTE_MAX:
            raise ValidationError(
                _("This has %(count)s characters, and %(most)s fit. Nothing was cut. Please shorten it."),
                params={"count": f"{len(text):,}", "most": f"{settings.NOTE_MAX:,}"},
            )
        return text
