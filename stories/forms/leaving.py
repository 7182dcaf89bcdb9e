"""What somebody decides before their account is erased: which of the texts that readers see stay here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.standing import Standing

# So many can be chosen one by one; a form may have some more fields than that.
MOST = 200


class Staying(models.TextChoices):
    """Which published texts stay without an owner."""

    NONE = "none", _("Remove all of them")
    SOME = "some", _("Leave here those that I tick below, and remove the others")
    ALL = "all", _("Leave all of them here, without an owner")


class LeavingForm(forms.Form):
    """Three choices, and a tick for each text; without published texts nothing is asked."""

    staying = forms.ChoiceField(
        label=_("Your published texts"),
        choices=Staying.choices,
        initial=Staying.NONE,
        widget=forms.RadioSelect,
        help_text=_(
            "A text that stays can never be changed or withdrawn again. You cannot do it, and we cannot do it for you."
        ),
        error_messages={"required": _("Please choose what happens to your published texts.")},
    )
    texts = forms.MultipleChoiceField(
        label=_("These stay"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They count with the second choice above."),
    )

    def __init__(self, *args: Any, texts: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        named: Any = self.fields["texts"]
        named.choices = [(str(one.pk), one.name) for one in texts[:MOST]]
        if not texts:
            del self.fields["staying"], self.fields["texts"]
        self.helper.layout = Layout(*map(Field, self.fields))

    def clean(self) -> dict[str, Any]:
        """Refuse ticks that would count for nothing: somebody who ticks a text wants it to stay."""
        cleaned = super().clean() or {}
        if cleaned.get("texts") and cleaned.get("staying") == Staying.NONE:
            raise ValidationError(_("You ticked texts, and chose to remove all. Please choose one or the other."))
        return cleaned

    def keeps(self, text: UUID) -> bool:
        """Say whether a published text stays."""
        staying = self.cleaned_data.get("staying", Staying.NONE)
        return staying == Staying.ALL or (staying == Staying.SOME and str(text) in self.cleaned_data["texts"])
