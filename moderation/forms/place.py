"""What a moderator reads and leaves to others, and where to tell them of danger; nobody else sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from accounts.choice_forms import fits
from moderation.models import Place
from moderation.models.cases import CRISIS


class PlaceForm(forms.Form):
    """Languages that are read, topics that are left, and an address where the site can send mail."""

    languages = forms.MultipleChoiceField(
        label=_("Languages you read"),
        help_text=_("With none ticked, texts in every language come to you."),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    leaves = forms.MultipleChoiceField(
        label=_("Topics you leave to others"),
        help_text=_("You need no reason. You can change this before every text."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    address = forms.EmailField(
        label=_("Tell me by mail when somebody may be in danger: the address"),
        help_text=_(
            "One mail for each such text that nobody reads yet, with a link and no word about it. "
            "Nobody else sees the address. Leave it empty, and no mail comes."
        ),
        max_length=120,
        validators=[fits],
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        chosen = {"languages": place.languages, "leaves": place.leaves, "address": place.shown_address}
        super().__init__(*args, **{"initial": chosen} | kwargs)
        if not settings.MAIL and place.address is None:
            del self.fields["address"]
        topics = [(one.code, one.label) for one in content.load(get_language() or "en").warnings]
        crisis = (CRISIS, _("Somebody who may be in danger"))
        self.fields["leaves"].choices = [*topics, crisis]  # type: ignore[attr-defined]  # a MultipleChoiceField
