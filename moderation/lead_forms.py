"""What a lead types: a role, numbers, and the words of a rule or a letter."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

import content
from accounts.models import Role
from moderation.models import Setting, Wording
from stories.text import clean

STAFF_ROLES = [(role.value, role.label) for role in Role if role != Role.MEMBER]
TITLE_MAX, WORDS_MAX, CODE_MAX = 120, 2_000, 30
MORE = {
    "title": (_("Title"), "", True),
    "text": (_("What the page of house rules says"), "", False),
    "reason": (_("What a writer reads when it is the reason"), "", False),
}
LETTER = {
    "title": (_("Name, for moderators"), "", True),
    "text": (
        _("Words to the writer"),
        _("A gap that has to be filled in stands in square brackets: [which name]."),
        False,
    ),
}
ASKS_ANEW = _("This changes what people agreed to")
WHEN = _(
    "Everybody with an account is asked to agree to the house rules anew at their next sign-in. Tick it when the rule "
    "asks for something else now, in one language only, the last that you change. Leave it empty when the rule only "
    "says the same more clearly: then nobody is asked, so it must not ask for anything that people did not agree to."
)
FIELDS: dict[Wording.Kind, dict[str, tuple[Any, Any, bool]]] = {Wording.Kind.RULE: MORE, Wording.Kind.TEMPLATE: LETTER}


class RoleForm(forms.Form):
    """A role of somebody who works here."""

    role = forms.ChoiceField(label=_("Role"), choices=STAFF_ROLES)


class NumbersForm(forms.Form):
    """The numbers that a lead may change; each field is named as its setting."""

    day_cap = forms.IntegerField(label=_("Decisions a day, for each person"), min_value=1, max_value=1_000)
    sample_percent = forms.IntegerField(
        label=_("Of a hundred decisions, read once more to compare"), min_value=0, max_value=100
    )

    @classmethod
    def now(cls) -> NumbersForm:
        """Return the form with the numbers that hold."""
        return cls(initial={code.value: Setting.now(code) for code in Setting.Code})

    @property
    def numbers(self) -> dict[Setting.Code, int]:
        """Return what was typed, by setting."""
        return {code: self.cleaned_data[code.value] for code in Setting.Code}


class WordingForm(forms.Form):
    """The words of one rule, or of one template, in one language; an empty field falls back to the pack's."""

    def __init__(self, *args: Any, kind: Wording.Kind, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, (label, help_text, is_short) in FIELDS[kind].items():
            widget: forms.Widget = forms.TextInput() if is_short else forms.Textarea(attrs={"rows": 5})
            widget.attrs |= {"dir": "auto", "autocomplete": "off", "lang": language}
            self.fields[name] = forms.CharField(
                label=label, help_text=help_text, widget=widget, required=False,
                max_length=TITLE_MAX if is_short else WORDS_MAX,
            )  # fmt: skip
        if kind == Wording.Kind.RULE:
            self.fields["asks_anew"] = forms.BooleanField(label=ASKS_ANEW, help_text=WHEN, required=False)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def asks_anew(self) -> bool:
        """Say whether people are to be asked again."""
        return "asks_anew" in self.fields and bool(self["asks_anew"].value())

    def clean(self) -> dict[str, Any]:
        """Clean the words as all words here are; a template says something."""
        cleaned = {name: clean(self.cleaned_data.get(name) or "") for name in FIELDS[self.kind]}
        if self.kind == Wording.Kind.TEMPLATE and bool(cleaned["title"]) != bool(cleaned["text"]):
            raise ValidationError(_("A template has a name and words. Fill in both, or leave both empty."))
        return cleaned


def is_known(kind: str, code: str, language: str) -> bool:
    """Say whether there is a place for such words: a rule of the pack, or a template, in a language of the site."""
    if language not in dict(settings.LANGUAGES):
        return False
    if kind == Wording.Kind.RULE:
        return code in {rule.code for rule in content.load().rules}
    return kind == Wording.Kind.TEMPLATE and len(code) <= CODE_MAX
