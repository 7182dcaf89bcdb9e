"""Fields that the form of a story and that of an answer have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stories.consents import NEEDED
from stories.forms.fields import UNKNOWN, Choices, Several, pack
from stories.models import WriterRole

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TICK_BOTH = _("Please tick both. Without them we cannot publish anything.")
NO_WARNING = _("Leave all empty if nothing fits, or if you prefer not to say.")


class Consents(Several):
    """The two consents without which nothing is published; both are asked for."""

    def __init__(self) -> None:
        """Offer them."""
        super().__init__(
            label=_("Before you go on"),
            choices=[one.choice for one in NEEDED],
            required=True,
            error_messages={"required": TICK_BOTH},
        )

    def validate(self, value: list[str]) -> None:
        """Refuse one without the other."""
        super().validate(value)
        if len(value) < len(NEEDED):
            raise ValidationError(TICK_BOTH)


def role_field(help_text: StrOrPromise) -> forms.ChoiceField:
    """Return the question who speaks."""
    return forms.ChoiceField(
        label=_("Where do you stand?"),
        help_text=help_text,
        choices=_roles,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one, so that readers know who is speaking."),
            "invalid_choice": UNKNOWN,
        },
    )


def warnings_field(help_text: StrOrPromise) -> Several:
    """Return the warnings of the content pack; the help says what to tick."""
    help_text = format_lazy("{} {}", help_text, NO_WARNING)
    return Several(label=_("What should readers know before they open it?"), help_text=help_text, choices=_warnings)


def language_field(label: StrOrPromise) -> forms.ChoiceField:
    """Return the question for the language, which is asked where there are several."""
    return forms.ChoiceField(
        label=label,
        choices=settings.LANGUAGES,
        initial=get_language,
        widget=forms.Select if len(settings.LANGUAGES) > 1 else forms.HiddenInput,
        required=False,
        error_messages={"invalid_choice": UNKNOWN},
    )


def _roles() -> Choices:
    return [(role.code, role.label) for role in pack().roles if role.code in WriterRole.values]


def _warnings() -> Choices:
    return [(one.code, one.label) for one in pack().warnings]
