"""The way back to a text that was sent without an account."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.codes import BadCode, grouped_code


class ReceiptForm(forms.Form):
    """A receipt code, typed in any case, with or without dashes and spaces."""

    code = forms.CharField(
        label=_("Receipt code"),
        help_text=_("24 letters and digits, in six groups. Capitals, spaces and dashes make no difference."),
        max_length=100,
        error_messages={"required": _("Please type the code from your receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def found(self) -> str:
        """Return the code in groups, if what was typed can be one; else nothing."""
        try:
            return grouped_code(self.cleaned_data.get("code", ""))
        except BadCode:
            return ""
