"""A reply to a story, on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from stories.forms.fields import TYPED_MAX, StepForm, WordsField, pack
from stories.forms.shared import Consents, language_field, role_field, warnings_field
from stories.models import Revision
from stories.words import Words

LEAST = 20  # characters of a reply: a sentence


class ReplyForm(StepForm):
    """Words, who speaks, a sign of hope, warnings, and the two consents."""

    step = "reply"

    text = WordsField(
        most=settings.REPLY_MAX,
        label=_("Your answer"),
        error_messages={"required": _("Please write your answer here.")},
        widget=forms.Textarea(attrs={"dir": "auto", "autocomplete": "off", "rows": 8, "maxlength": TYPED_MAX}),
    )
    role = role_field(_("Readers see this beside your answer."))
    hope = forms.BooleanField(required=False)
    warnings = warnings_field(_("Tick what your answer tells about."))
    consents = Consents()
    language = language_field(_("Language you wrote in"))

    @classmethod
    def of(cls, revision: Revision) -> ReplyForm:
        """Return the form as if this version had just been typed, to say whether it is complete."""
        return cls(held(Words.of(revision)))

    def add_fields(self) -> None:
        """Add what the pack says."""
        self.fields["text"].help_text = pack().site.reply_prompt
        self.fields["hope"].label, self.fields["hope"].help_text = pack().site.hope_label, pack().site.hope_help

    @property
    def is_touched(self) -> bool:
        """Say whether there is something to keep."""
        ticked = any(self.chosen(name) for name in ("role", "warnings", "consents"))
        return bool(self.words("text") or self.posted.get("hope") or ticked)

    def clean_text(self) -> str:
        """Refuse an answer that says nothing yet, or that is longer than a story's page bears."""
        text: str = self.cleaned_data["text"]
        if len(text) > settings.REPLY_MAX:
            raise ValidationError(
                _(
                    "Your answer has %(count)s characters, and %(most)s fit. Nothing was cut, but it cannot "
                    "be kept as a draft at this length. Please shorten it, or make a story of it."
                ),
                params={"count": f"{len(text):,}", "most": f"{settings.REPLY_MAX:,}"},
            )
        if len(text) < LEAST:
            raise ValidationError(_("Please write at least a sentence."))
        return text

    @property
    def can_be_kept(self) -> bool:
        """Say whether a draft can hold the answer; nothing of it is ever cut."""
        return len(self.words("text")) <= settings.REPLY_MAX

    def changes(self) -> dict[str, Any]:
        """Return the words, and what was chosen."""
        return {
            "text": self.words("text"),
            "role": self.one("role"),
            "hope": bool(self.posted.get("hope")),
            "warnings": self.chosen("warnings"),
            "consents": self.chosen("consents"),
            "language": self.one("language") or settings.LANGUAGE_CODE,
        }


def held(words: Words, *, again: bool = False) -> MultiValueDict[str, Any]:
    """Return a reply as the form holds it; for a new version (``again``) consent is asked anew."""
    found: MultiValueDict[str, Any] = MultiValueDict()
    for name in ("text", "role", "language"):
        found.appendlist(name, getattr(words, name))
    found.setlist("warnings", list(words.warnings))
    found.setlist("consents", [] if again else list(words.consents))
    if words.hope:
        found.appendlist("hope", "on")
    return found
