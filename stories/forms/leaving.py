"""What somebody decides before their account is erased: which of the texts that readers see stay here.

While they are asked who they are, it goes along in the address: each text by the beginning of its id, which is short
enough and tells one's own texts apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from stories.standing import Standing

# So many can be chosen one by one; a form may have some more fields than that.
MOST = 200
BEGINNING = 8


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

    def __init__(self, posted: QueryDict | None, *, texts: Sequence[Standing], chosen: Mapping[str, str]) -> None:
        """Ask about these texts; ``chosen`` is what was carried here."""
        ticked = chosen.get("texts", "").split("-")
        named = [str(one.pk) for one in texts if one.pk.hex[:BEGINNING] in ticked]
        super().__init__(posted, initial={"staying": chosen.get("staying"), "texts": named})
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        texts_here: Any = self.fields["texts"]
        texts_here.choices = [(str(one.pk), one.name) for one in texts[:MOST]]
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


def chosen_in(request: HttpRequest) -> Mapping[str, str]:
    """Return what was chosen on the page, short enough for an address, whether it was sent or is carried already."""
    if request.method != "POST":
        return {name: request.GET[name] for name in ("staying", "texts") if name in request.GET}
    texts = [one.replace("-", "")[:BEGINNING] for one in request.POST.getlist("texts")[:MOST]]
    chosen = {"staying": request.POST.get("staying", "")[:BEGINNING], "texts": "-".join(texts)}
    return {name: value for name, value in chosen.items() if value}
