"""The step on who may see the story, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stories.consents import INDEX, WISHES
from stories.forms.fields import UNKNOWN, Several, StepForm
from stories.forms.shared import Consents, language_field, warnings_field
from stories.guide import SHARING
from stories.models import Audience


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
    warnings = warnings_field(_("Tick what your story tells about."))
    replies = forms.BooleanField(
        label=_("Others may answer my story"),
        help_text=_("Every answer is read by a person first, too. You can change your mind at any time."),
        required=False,
        initial=True,
    )
    wishes = Several(
        label=_("If you like"),
        help_text=_("Leave empty what you do not want."),
        choices=[one.choice for one in WISHES],
    )
    consents = Consents()
    language = language_field(_("Language of your story"))

    def add_fields(self) -> None:
        """Tick what a draft was told about answers."""
        if self.posted:
            self.fields["replies"].initial = self.replies_wanted

    @property
    def is_touched(self) -> bool:
        """Say whether something was ticked."""
        return any(self.chosen(name) for name in ("warnings", "wishes", "consents"))

    @property
    def replies_wanted(self) -> bool:
        """Say whether others may answer."""
        return bool(self.posted.get("replies"))

    def changes(self) -> dict[str, Any]:
        """Return what was chosen; what only members may read is nothing for search engines."""
        audience = self.one("audience") or Audience.EVERYONE
        wishes = [one for one in self.chosen("wishes") if one != INDEX or audience == Audience.EVERYONE]
        return {
            "audience": audience,
            "warnings": self.chosen("warnings"),
            "consents": [*self.chosen("consents"), *wishes],
            "language": self.one("language") or settings.LANGUAGE_CODE,
        }
