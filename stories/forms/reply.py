"""A reply to a story, on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stories.forms.fields import TYPED_MAX, UNKNOWN, Several, StepForm, WordsField, pack
from stories.forms.sharing import NEEDED, TICK_BOTH
from stories.models import Revision, WriterRole
from stories.words import Words

LEAST = 20  # characters of a reply: a sentence
MOST = 10_000


class ReplyForm(StepForm):
    """Words, who speaks, a sign of hope, warnings, and the two consents."""

    step = "reply"

    text = WordsField(
        most=MOST,
        label=_("Your answer"),
        error_messages={"required": _("Please write your answer here.")},
        widget=forms.Textarea(attrs={"dir": "auto", "autocomplete": "off", "rows": 8, "maxlength": TYPED_MAX}),
    )
    role = forms.ChoiceField(
        label=_("Where do you stand?"),
        help_text=_("Readers see this beside your answer."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one, so that readers know who is speaking."),
            "invalid_choice": UNKNOWN,
        },
    )
    hope = forms.BooleanField(required=False)
    warnings = Several(
        label=_("What should readers know before they open it?"),
        help_text=_("Tick what your answer tells about. Leave all empty if nothing fits."),
    )
    consents = Several(
        label=_("Before you go on"),
        choices=list(NEEDED.items()),
        required=True,
        error_messages={"required": TICK_BOTH},
    )
    language = forms.ChoiceField(
        label=_("Language of your answer"),
        choices=settings.LANGUAGES,
        required=False,
        error_messages={"invalid_choice": UNKNOWN},
    )

    @classmethod
    def of(cls, revision: Revision) -> ReplyForm:
        """Return the form as if this version had just been typed, to say whether it is complete."""
        return cls(held(Words.of(revision)))

    def add_fields(self) -> None:
        """Add what the pack says; ask for the language where there are several."""
        roles = [(role.code, role.label) for role in pack().roles if role.code in WriterRole.values]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]  # a ChoiceField
        warnings = [(one.code, one.label) for one in pack().warnings]
        self.fields["warnings"].choices = warnings  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["text"].help_text = pack().site.reply_prompt
        self.fields["hope"].label, self.fields["hope"].help_text = pack().site.hope_label, pack().site.hope_help
        if len(settings.LANGUAGES) == 1:
            self.fields["language"].widget = forms.HiddenInput()
        self.fields["language"].initial = get_language()

    @property
    def is_touched(self) -> bool:
        """Say whether there is something to keep."""
        return bool(self.words("text") or self.one("role") or self.chosen("warnings") or self.chosen("consents"))

    def clean_text(self) -> str:
        """Refuse an answer that says nothing yet, or that is longer than a story's page bears."""
        text: str = self.cleaned_data["text"]
        if len(text) > MOST:
            raise ValidationError(
                _(
                    "Your answer has %(count)s characters, and %(most)s fit. Nothing was cut, but it cannot "
                    "be kept as a draft at this length. Please shorten it, or make a story of it."
                ),
                params={"count": f"{len(text):,}", "most": f"{MOST:,}"},
            )
        if len(text) < LEAST:
            raise ValidationError(_("Please write at least a sentence."))
        return text

    def clean_consents(self) -> list[str]:
        """Ask for both."""
        consents: list[str] = self.cleaned_data["consents"]
        if len(consents) < len(NEEDED):
            raise ValidationError(TICK_BOTH)
        return consents

    def changes(self) -> dict[str, Any]:
        """Return what a draft may keep; of an answer that is too long, not the words."""
        text = self.words("text")
        return {
            "role": self.one("role"),
            "hope": bool(self.posted.get("hope")),
            "warnings": self.chosen("warnings"),
            "consents": self.chosen("consents"),
            "language": self.one("language") or settings.LANGUAGE_CODE,
        } | ({"text": text} if len(text) <= MOST else {})


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
