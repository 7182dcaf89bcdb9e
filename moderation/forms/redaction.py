"""Copies of the writer's own words, in which a moderator puts others; what is changed in them is the proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stories.models import Revision
from stories.text import clean
from stories.tried import NAME_MAX, TIP_MAX
from stories.words import own_words

WORDS = "words."  # before the name of a field of ``own_words``
EMPTY = _("Something has to stand here. Please put a general word in place of what goes.")
TOO_LONG = _("This has %(count)s characters, and %(most)s fit. Please shorten it.")


def copies(revision: Revision) -> dict[str, forms.CharField]:
    """Return a box for each field of the writer's words, with a copy of it."""
    return {WORDS + field: _copy(field, said) for field, said in own_words(revision).items()}


def _copy(field: str, said: str) -> forms.CharField:
    rows = min(16, 2 + len(said) // 60 + said.count("\n"))
    attrs = {"dir": "auto", "autocomplete": "off", "rows": rows, "data-copy-of": field}
    return forms.CharField(
        label=_label(field), initial=said, required=False, strip=False, widget=forms.Textarea(attrs=attrs)
    )


def _label(field: str) -> Any:
    if field == "title":
        return _("The title")
    if field == "text":
        return _("The text")
    return _("What was tried: its name") if field.endswith(".name") else _("What was tried: what they say of it")


def changed(data: Mapping[str, Any], revision: Revision) -> dict[str, str]:
    """Return the fields of which a copy was changed, with the whole of each; one that was not sent is as it was."""
    there = own_words(revision)
    sent = {field: clean(str(data[WORDS + field])) for field in there if WORDS + field in data}
    return {field: said for field, said in sent.items() if said != clean(there[field])}


def check(field: str, said: str) -> None:
    """Raise ValidationError for words that the field cannot hold."""
    most = {"title": settings.TITLE_MAX, "text": settings.TEXT_MAX, "name": NAME_MAX, "tip": TIP_MAX}
    room = most[field.rpartition(".")[2]]
    if not said:
        raise ValidationError(EMPTY)
    if len(said) > room:
        raise ValidationError(TOO_LONG, params={"count": len(said), "most": room})
