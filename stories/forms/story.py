"""The step on which the story itself is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stories.forms.fields import TYPED_MAX, StepForm, WordsField, line
from stories.guide import STORY


class StoryForm(StepForm):
    """A title and the words."""

    step = STORY

    title = WordsField(
        most=settings.TITLE_MAX,
        label=_("Title"),
        help_text=_("A few words are enough."),
        error_messages={"required": _("Please give your story a title. A few words are enough.")},
        widget=line(settings.TITLE_MAX),
    )
    text = WordsField(
        most=settings.TEXT_MAX,
        label=_("Your story"),
        help_text=_(
            "Leave out names and places. Leave an empty line between paragraphs. "
            "About eight thousand words fit; a longer story can come in parts."
        ),
        error_messages={"required": _("Please write your story here.")},
        widget=forms.Textarea(attrs={"dir": "auto", "autocomplete": "off", "rows": 14, "maxlength": TYPED_MAX}),
    )

    def clean_title(self) -> str:
        """Refuse a title that is longer than a line."""
        title: str = self.cleaned_data["title"]
        if len(title) > settings.TITLE_MAX:
            raise ValidationError(
                _(
                    "Your title has %(count)s characters, and %(most)s fit. Please shorten it: "
                    "until then the draft holds its beginning only."
                ),
                params={"count": len(title), "most": settings.TITLE_MAX},
            )
        return title

    def clean_text(self) -> str:
        """Refuse a text that is too short to follow or too long to keep."""
        text: str = self.cleaned_data["text"]
        if len(text) > settings.TEXT_MAX:
            raise ValidationError(
                _(
                    "Your story has %(count)s characters, and %(most)s fit. Nothing was cut, but it cannot "
                    "be kept as a draft at this length. Please shorten it, or send it in two parts."
                ),
                params={"count": f"{len(text):,}", "most": f"{settings.TEXT_MAX:,}"},
            )
        if len(text) < settings.TEXT_MIN:
            raise ValidationError(_("Please write at least a few sentences, so that a reader can follow."))
        return text

    @property
    def can_be_kept(self) -> bool:
        """Say whether a draft can hold the text; nothing of it is ever cut."""
        return len(self.words("text")) <= settings.TEXT_MAX

    def changes(self) -> dict[str, Any]:
        """Return the words."""
        return {"title": self.words("title")[: settings.TITLE_MAX].rstrip(), "text": self.words("text")}
