"""What somebody decides before their account is erased: which of the texts that readers see stay here.

While they are asked who they are, it goes along in the address, sealed: a history or a log would name what stays. In
it each text has the beginning of its id, which is short enough and tells one's own texts apart.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.keys import SealError, from_text, seal, to_text, unseal
from stories.standing import Standing

# So many can be chosen one by one; a form may have some more fields than that.
MOST = 200
BEGINNING = 8
CHOSEN, LEAVING = "chosen", "chosen before leaving"
CARRIED_SECONDS = 3_600
LENGTHS = 512


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

    def __init__(self, posted: QueryDict | None, *, texts: Sequence[Standing], chosen: Mapping[str, Any]) -> None:
        """Ask about these texts; ``chosen`` is what was carried here."""
        ticked = chosen.get("texts", [])
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


def carried(request: HttpRequest) -> Mapping[str, str]:
    """Return, for an address, what was chosen on the page: one sealed word, which tells whoever reads it nothing."""
    if request.method != "POST":
        return {CHOSEN: request.GET[CHOSEN]} if chosen_before(request) else {}
    texts = [one.replace("-", "")[:BEGINNING] for one in request.POST.getlist("texts")[:MOST]]
    staying = request.POST.get("staying", "")[:BEGINNING]
    if not (staying or texts):
        return {}
    chosen = json.dumps({"at": int(time.time()), "staying": staying, "texts": texts}).encode()
    # Of a few lengths only, or it would tell how many texts.
    padded = chosen.ljust(len(chosen) + -len(chosen) % LENGTHS)
    return {CHOSEN: to_text(seal(settings.SESSION_KEYS, LEAVING, padded, place=_place(request)))}


def chosen_before(request: HttpRequest) -> Mapping[str, Any]:
    """Return what was carried here; nothing for what is too old, somebody else's, or not sealed by this site."""
    try:
        sealed = from_text(request.GET.get(CHOSEN, ""))
        opened = unseal(settings.SESSION_KEYS, LEAVING, sealed, place=_place(request))
    except SealError:
        return {}
    chosen: dict[str, Any] = json.loads(opened)
    return chosen if 0 <= time.time() - chosen["at"] < CARRIED_SECONDS else {}


def _place(request: HttpRequest) -> bytes:
    return str(request.user.pk).encode()
