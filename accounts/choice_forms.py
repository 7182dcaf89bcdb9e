"""What people choose about their account: how pages look, and where a reminder goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import helper_of
from accounts.keys import ADDRESS_BYTES
from accounts.look import own_names
from accounts.models import Theme

NOBODYS = _("This address cannot be used here. Please give another one.")


class LookForm(forms.Form):
    """Light or dark, and the language."""

    theme = forms.ChoiceField(label=_("Light or dark"), choices=Theme.choices, widget=forms.RadioSelect, required=False)
    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer each language under its own name."""
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser asks")), *own_names()]  # type: ignore[attr-defined]  # a ChoiceField
        self.helper = helper_of(_("Keep this"))


def fits(address: str) -> None:
    """Refuse an address that is too long to be kept like every other one."""
    if len(address.encode()) > ADDRESS_BYTES:
        raise ValidationError(NOBODYS)


class AddressForm(forms.Form):
    """Where the weekly reminder goes."""

    address = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("It is kept encrypted, used for this mail only, and deleted when you switch it off."),
        max_length=254,
        validators=[fits],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please type the address."), "invalid": _("Please type a whole address.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for a look at the mail first: nothing is switched on by this form."""
        super().__init__(*args, **kwargs)
        self.helper = helper_of(_("Show me the mail first"), name="preview")
