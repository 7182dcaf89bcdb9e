"""What every step of the form is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from content import Pack
from stories.text import clean

# What a browser lets anybody type: more than is kept, so that too long a text is told and not cut, and less than a
# request holds when each letter takes nine bytes.
TYPED_MAX = 2 * settings.TEXT_MAX
UNKNOWN = _("Please choose one of those that are listed here.")
UNSAID = _("I prefer not to say")
Choices = Iterable[tuple[str, str | Promise]]


def pack() -> Pack:
    """Return the content pack in the language of the page."""
    return content.load(get_language() or settings.LANGUAGE_CODE)


class WordsField(forms.CharField):
    """A field for a person's own words: kept as the site keeps all texts, without what cannot be seen."""

    def __init__(self, *, most: int = 0, **kwargs: Any) -> None:
        """Say how many characters are kept; 0 leaves that to the form."""
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> str:
        """Return the words cleaned, on one line when the field has one."""
        words = clean(super().to_python(value) or "")
        return words if isinstance(self.widget, forms.Textarea) else " ".join(words.split())


def line(most: int) -> forms.TextInput:
    """Return a box of one line for somebody's own words."""
    return forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "maxlength": most})


class OneOrNone(forms.ChoiceField):
    """One of several, or rather not to say; many are a list to open, few stand below each other."""

    def __init__(self, *, choices: Choices, listed: bool = False, unsaid: str | Promise = UNSAID, **more: Any) -> None:
        """Take the choices; ``listed`` makes a list to open of few ones too."""
        offered = [("", unsaid), *choices]
        widget = forms.Select if listed or len(offered) > 7 else forms.RadioSelect
        super().__init__(
            choices=offered, widget=widget, required=False, error_messages={"invalid_choice": UNKNOWN}, **more
        )


class Several(forms.MultipleChoiceField):
    """Any number of several, none among them."""

    def __init__(self, *, choices: Choices | Callable[[], Choices] = (), **more: Any) -> None:
        """Take the choices, or what returns them."""
        errors = {"invalid_choice": UNKNOWN} | more.pop("error_messages", {})
        super().__init__(
            choices=choices, widget=forms.CheckboxSelectMultiple, error_messages=errors, **{"required": False} | more
        )


class StepForm(forms.Form):
    """One step. What was typed may be kept whatever is missing; what is missing is said beside the field."""

    step: ClassVar[str]
    posted: MultiValueDict[str, Any]  # what was typed, or what the draft holds

    def __init__(self, data: Any = None, *, held: MultiValueDict[str, Any] | None = None) -> None:
        """Take what was posted, or else what is ``held`` of the text so far."""
        super().__init__(data)
        self.posted = data if data is not None else (held or MultiValueDict())
        self.add_fields()
        self.initial = {name: self._held(name) for name in self.fields if name in self.posted}
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name) for name in self.fields))

    def add_fields(self) -> None:
        """Add what depends on the content pack, or on what was answered before."""

    def changes(self) -> dict[str, Any]:
        """Return what a draft may keep of what was typed, complete or not, as fields of Words."""
        raise NotImplementedError

    @property
    def is_touched(self) -> bool:
        """Say whether there is something to keep."""
        return any(
            self.words(name) if isinstance(field, WordsField) else self.chosen(name)
            for name, field in self.fields.items()
        )

    @property
    def can_be_kept(self) -> bool:
        """Say whether a draft can hold it at all."""
        return True

    @property
    def fits(self) -> bool:
        """Say whether a draft holds all that was typed: no words too many, no choice that is not offered."""
        return not any(self._too_long(name) or self._unknown(name) for name in self.fields)

    def words(self, name: str) -> str:
        """Return what a field for words holds, cleaned, however long."""
        field = self.fields[name]
        return str(field.to_python(self.posted.get(name, "")))

    def chosen(self, name: str) -> list[str]:
        """Return which of a field's choices were taken, in their order."""
        taken = set(self.posted.getlist(name))
        return [code for code in self._offered(name) if code and code in taken]

    def one(self, name: str) -> str:
        """Return the choice that was taken, or nothing."""
        return next(iter(self.chosen(name)), "")

    def _has(self, name: str) -> bool:
        is_words = isinstance(self.fields[name], WordsField)
        return bool(self.words(name)) if is_words else bool(self.chosen(name))

    def _held(self, name: str) -> Any:
        several = isinstance(self.fields[name], forms.MultipleChoiceField)
        return self.posted.getlist(name) if several else self.posted.get(name)

    def _offered(self, name: str) -> Iterator[str]:
        choices: Sequence[tuple[Any, Any]] = getattr(self.fields[name], "choices", ())
        return (str(code) for code, _label in choices)

    def _too_long(self, name: str) -> bool:
        field = self.fields[name]
        return isinstance(field, WordsField) and bool(field.most) and len(self.words(name)) > field.most

    def _unknown(self, name: str) -> bool:
        if not isinstance(self.fields[name], forms.ChoiceField):
            return False
        return bool(set(self.posted.getlist(name)) - {"", *self._offered(name)})
