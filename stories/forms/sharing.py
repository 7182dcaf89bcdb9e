"""The step on who may see the story, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stories.forms.fields import UNKNOWN, Several, StepForm, pack
from stories.guide import SHARING
from stories.models import Audience

NEEDED = {
    "publish": _("You may publish this text here, once somebody has read it. I can withdraw it at any time."),
    "rules": _("I have read the house rules, and this text names nobody."),
}
WISHES = {
    "index": _("Search engines may show it. This is for stories that everybody may read."),
    "quote": _("This site may quote a few lines of it on its own pages, never anywhere else."),
    "statistics": _(
        "My answers may be counted in figures. No figure is shown that fewer than five stories stand behind."
    ),
}
TICK_BOTH = _("Please tick both. Without them we cannot publish anything.")


class SharingForm(StepForm):
    """Audience, consents, warnings. Only the two consents without which nothing is published are needed."""

    step = SHARING

    audience = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=(
            (Audience.EVERYONE, _("Everybody, with or without an account")),
            (Audience.MEMBERS, _("Members only. Anybody can become a member, so this keeps out less than it seems to")),
        ),
        initial=Audience.EVERYONE,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": UNKNOWN},
    )
    warnings = Several(
        label=_("What should readers know before they open it?"),
        help_text=_("Tick what your story tells about. Leave all empty if nothing fits."),
    )
    replies = forms.BooleanField(
        label=_("Others may answer my story"),
        help_text=_("Every answer is read by a person first, too. You can change your mind at any time."),
        required=False,
        initial=True,
    )
    wishes = Several(
        label=_("If you like"),
        help_text=_("Leave empty what you do not want."),
        choices=list(WISHES.items()),
    )
    consents = Several(
        label=_("Before you go on"),
        choices=list(NEEDED.items()),
        required=True,
        error_messages={"required": TICK_BOTH},
    )
    language = forms.ChoiceField(
        label=_("Language of your story"),
        choices=settings.LANGUAGES,
        required=False,
        error_messages={"invalid_choice": UNKNOWN},
    )

    def add_fields(self) -> None:
        """Add the warnings of the pack; ask for the language where there are several."""
        warnings = [(one.code, one.label) for one in pack().warnings]
        self.fields["warnings"].choices = warnings  # type: ignore[attr-defined]  # a ChoiceField
        if len(settings.LANGUAGES) == 1:
            self.fields["language"].widget = forms.HiddenInput()
        self.fields["language"].initial = get_language()
        if self.posted:  # a draft may have been told otherwise
            self.fields["replies"].initial = self.replies_wanted

    @property
    def is_touched(self) -> bool:
        """Say whether something was ticked."""
        return any(self.chosen(name) for name in ("warnings", "wishes", "consents"))

    def clean_consents(self) -> list[str]:
        """Ask for both."""
        consents: list[str] = self.cleaned_data["consents"]
        if len(consents) < len(NEEDED):
            raise ValidationError(TICK_BOTH)
        return consents

    @property
    def replies_wanted(self) -> bool:
        """Say whether others may answer."""
        return bool(self.posted.get("replies"))

    def changes(self) -> dict[str, Any]:
        """Return what was chosen; what only members may read is nothing for search engines."""
        audience = self.one("audience") or Audience.EVERYONE
        wishes = [one for one in self.chosen("wishes") if one != "index" or audience == Audience.EVERYONE]
        return {
            "audience": audience,
            "warnings": self.chosen("warnings"),
            "consents": [*self.chosen("consents"), *wishes],
            "language": self.one("language") or settings.LANGUAGE_CODE,
        }
