"""What is typed about a text, and which of it has to be there before somebody reads it."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from accounts.codes import BadCode, grouped_code
from stories.actions import Words
from stories.models import Revision, WriterRole
from stories.text import clean

CONSENTS = (
    (
        "publish",
        _("You may publish this text here, once somebody has read it. I can withdraw it at any time."),
    ),
    ("rules", _("I have read the house rules, and this text names nobody.")),
)


# What a browser lets anybody type: more than is kept, so that too long a text is told and not cut, and less than a
# request holds when each letter takes nine bytes.
TYPED_MAX = 2 * settings.TEXT_MAX


class WordsField(forms.CharField):
    """A field for a person's own words: kept as the site keeps all texts, without what cannot be seen."""

    def to_python(self, value: Any) -> str:
        """Return the words cleaned, on one line when the field has one."""
        words = clean(super().to_python(value) or "")
        return words if isinstance(self.widget, forms.Textarea) else " ".join(words.split())


class StoryForm(forms.Form):
    """A story. It may be kept as a draft whatever is missing; what is missing is said beside the field."""

    title = WordsField(
        label=_("Title"),
        help_text=_("A few words that tell others what your story is about."),
        error_messages={"required": _("Please give your story a title. A few words are enough.")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "maxlength": settings.TITLE_MAX}),
    )
    text = WordsField(
        label=_("Your story"),
        help_text=_(
            "Leave out names and places. Leave an empty line between paragraphs. "
            "About eight thousand words fit; a longer story can come in parts."
        ),
        error_messages={"required": _("Please write your story here.")},
        widget=forms.Textarea(attrs={"dir": "auto", "autocomplete": "off", "rows": 14, "maxlength": TYPED_MAX}),
    )
    role = forms.ChoiceField(
        label=_("Where do you stand?"),
        help_text=_("Readers see this beside your story."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one, so that readers know who is speaking.")},
    )
    warnings = forms.MultipleChoiceField(
        label=_("What should readers know before they open it?"),
        help_text=_("Tick what your story tells about. Leave all empty if nothing fits."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    consents = forms.MultipleChoiceField(
        label=_("Before you go on"),
        choices=CONSENTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick both. Without them we cannot publish anything.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pack = content.load(get_language() or settings.LANGUAGE_CODE)
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (role.code, role.label) for role in pack.roles if role.code in WriterRole.values
        ]
        self.fields["warnings"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (one.code, one.label) for one in pack.warnings
        ]
        if len(settings.LANGUAGES) == 1:
            self.fields["language"].widget = forms.HiddenInput()
        self.fields["language"].initial = get_language()
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name) for name in self.fields))

    @classmethod
    def of(cls, revision: Revision) -> StoryForm:
        """Return the form as if this version had just been typed, to say whether it is complete."""
        return cls(stored(revision))

    def clean_title(self) -> str:
        """Refuse a title that is longer than a line."""
        title: str = self.cleaned_data["title"]
        if len(title) > settings.TITLE_MAX:
            raise ValidationError(
                _(
                    "Your title has %(count)s characters, and %(most)s fit. Please shorten it: "
                    "until then the draft holds its beginning only."
                ),
                params={"count": len(title), "most": settings.TITLE_MAX},
            )
        return title

    def clean_text(self) -> str:
        """Refuse a text that is too short to follow or too long to keep."""
        text: str = self.cleaned_data["text"]
        if len(text) > settings.TEXT_MAX:
            raise ValidationError(
                _(
                    "Your story has %(count)s characters, and %(most)s fit. Nothing was cut, but it cannot "
                    "be kept as a draft at this length. Please shorten it, or send it in two parts."
                ),
                params={"count": f"{len(text):,}", "most": f"{settings.TEXT_MAX:,}"},
            )
        if len(text) < settings.TEXT_MIN:
            raise ValidationError(_("Please write at least a few sentences, so that a reader can follow."))
        return text

    def clean_consents(self) -> list[str]:
        """Ask for both."""
        consents: list[str] = self.cleaned_data["consents"]
        if len(consents) < len(CONSENTS):
            raise ValidationError(self.fields["consents"].error_messages["required"])
        return consents

    def words(self) -> Words:
        """Return what was typed, complete or not, as a draft may keep it."""
        return Words(
            title=self._words("title")[: settings.TITLE_MAX].rstrip(),
            text=self._words("text"),
            role=next(iter(self._known("role")), ""),
            warnings=self._known("warnings"),
            consents=self._known("consents"),
            language=next(iter(self._known("language")), settings.LANGUAGE_CODE),
        )

    @property
    def can_be_kept(self) -> bool:
        """Say whether there is something to keep, and not too much."""
        words = self.words()
        typed = words.title or words.text or words.role or words.warnings or words.consents
        return bool(typed) and len(words.text) <= settings.TEXT_MAX

    @property
    def fits(self) -> bool:
        """Say whether a draft holds all that was typed."""
        most = {"title": settings.TITLE_MAX, "text": settings.TEXT_MAX}
        return all(len(self._words(name)) <= limit for name, limit in most.items())

    def _words(self, name: str) -> str:
        field = self.fields[name]
        return str(field.to_python(field.widget.value_from_datadict(self.data, self.files, name)))

    def _known(self, name: str) -> list[str]:
        """Return which of a field's choices were ticked, in their order."""
        field = self.fields[name]
        ticked = field.widget.value_from_datadict(self.data, self.files, name) or []
        chosen = {ticked} if isinstance(ticked, str) else set(ticked)
        return [code for code, _label in field.choices if code in chosen]  # type: ignore[attr-defined]  # as above


def stored(revision: Revision, *, again: bool = False) -> dict[str, Any]:
    """Return a version as the form's fields hold it; for a new version (``again``) consent is asked anew."""
    return {
        "title": revision.title,
        "text": revision.text,
        "role": revision.role,
        "warnings": list(revision.warnings),
        "consents": [] if again else list(revision.consents),
        "language": revision.language,
    }


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
