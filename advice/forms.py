"""What editors and clinicians type: an article, a word to each other, a signature."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import content
from advice.actions import Words
from advice.models import Kind, Version
from advice.models.articles import SLUG
from content.articles import LONGEST, RESERVED

MOST_YEARS = 3
SOURCE_PARTS = 5
KEY = re.compile(r"[a-z0-9-]{1,40}")
LONGEST_SOURCES = 20_000


class NewArticleForm(forms.Form):
    """Where a new article stands. Its address is for ever."""

    slug = forms.RegexField(
        regex=SLUG,
        max_length=60,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "Small English letters, digits and hyphens, as in first-step. It tells nothing of the topic and stays."
        ),
        error_messages={"invalid": gettext_lazy("Please use small letters, digits and hyphens only.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    place = forms.IntegerField(
        label=gettext_lazy("Place in its list"),
        min_value=0,
        max_value=30_000,
        initial=500,
        help_text=gettext_lazy("A number; small ones stand first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        """Refuse an address that tells of the condition, or is taken by a page."""
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("This address belongs to another page. Please choose another one."))
        for word in content.load().forbidden_in_addresses:
            if word in slug:
                raise ValidationError(
                    _("History lists show addresses: this one may not hold “%(word)s”. Please choose another one."),
                    params={"word": word},
                )
        return slug


class ArticleForm(forms.Form):
    """The words of one draft. ``seen`` is the digest of the draft as its editor opened it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(max_length=LONGEST["title"], required=False, label=gettext_lazy("Title"))
    short = forms.CharField(
        max_length=LONGEST["short"],
        required=False,
        label=gettext_lazy("Short answer"),
        help_text=gettext_lazy("Two to four sentences that answer by themselves, in plain text."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    body = forms.CharField(
        max_length=LONGEST["body"],
        required=False,
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Markdown: ## for a heading, - for a list, **bold**, [words](/address/), and [^key] for a source."
        ),
        widget=forms.Textarea(attrs={"rows": 24}),
    )
    sources = forms.CharField(
        max_length=LONGEST_SOURCES,
        required=False,
        strip=False,
        label=gettext_lazy("Sources"),
        help_text=gettext_lazy("One a line: key | title | publisher | year | https://…"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    treatments = forms.MultipleChoiceField(
        required=False, label=gettext_lazy("Treatments it is about"), widget=forms.CheckboxSelectMultiple
    )
    facets = forms.MultipleChoiceField(
        required=False, label=gettext_lazy("Stories that fit"), widget=forms.CheckboxSelectMultiple
    )
    related = forms.CharField(
        required=False,
        label=gettext_lazy("Related articles"),
        help_text=gettext_lazy("Their addresses, with commas between."),
    )
    aliases = forms.CharField(
        required=False,
        label=gettext_lazy("Words that people search by"),
        help_text=gettext_lazy("With commas between. They are never shown."),
    )

    remark = forms.CharField(
        required=False,
        max_length=5_000,
        label=gettext_lazy("A word to who works on it with you"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pack = content.load(language)
        options = [option for question in pack.questions if question.shown for option in question.options]
        self.fields["treatments"].choices = [(one.code, one.name) for one in pack.treatments]  # type: ignore[attr-defined]
        self.fields["facets"].choices = [(one.code, one.label) for one in options]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, version: Version) -> ArticleForm:
        """Return the form as it stands for a draft."""
        words = Words.of(version)
        lines = [" | ".join(str(row[name]) for name in SOURCE_NAMES) for row in words.sources]
        initial = words.columns | {
            "sources": "\n".join(lines),
            "related": ", ".join(words.related),
            "aliases": ", ".join(words.aliases),
            "seen": words.digest,
        }
        return cls(initial=initial, language=version.article.language)

    def seen_anew(self, version: Version) -> None:
        """Let what was typed be sent over the version that is shown beside it now."""
        self.data = anew(cast("QueryDict", self.data), version)

    def typed(self, name: str) -> str:
        """Return what stands in a field, whether it can be taken or not."""
        return str(self[name].value() or "")

    @property
    def typed_keys(self) -> list[str]:
        """Return the keys of the sources, also of lines that lack something yet."""
        return [_parts(line)[0] for line in self.typed("sources").splitlines()]

    def clean_body(self) -> str:
        """Keep line breaks as one sign."""
        return _lines(self.cleaned_data["body"])

    def clean_short(self) -> str:
        """Keep line breaks as one sign."""
        return _lines(self.cleaned_data["short"])

    def clean_sources(self) -> tuple[dict[str, Any], ...]:
        """Read one source a line."""
        rows = [
            (number, line) for number, line in enumerate(self.cleaned_data["sources"].splitlines(), 1) if line.strip()
        ]
        sources = tuple(_source(line, number) for number, line in rows)
        keys = [source["key"] for source in sources]
        for key in keys:
            if keys.count(key) > 1:
                raise ValidationError(_("The key “%(key)s” is there twice."), params={"key": key})
        return sources

    def clean_related(self) -> tuple[str, ...]:
        """Read addresses with commas between."""
        return _list(self.cleaned_data["related"])

    def clean_aliases(self) -> tuple[str, ...]:
        """Read words with commas between."""
        return tuple(word.lower() for word in _list(self.cleaned_data["aliases"]))

    @property
    def words(self) -> Words:
        """Return what was typed, where it could be read."""
        names = ("title", "short", "body", "sources", "treatments", "facets", "related", "aliases")
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        return Words(**plain)


SOURCE_NAMES = ("key", "title", "publisher", "year", "link")


def _source(line: str, number: int) -> dict[str, Any]:
    """Read one source; ValidationError says which line, and what it lacks."""
    parts = _parts(line)
    where = {"number": number}
    if len(parts) != SOURCE_PARTS or not all(parts):
        raise ValidationError(_("Line %(number)s: a source is key | title | publisher | year | link."), params=where)
    if not KEY.fullmatch(parts[0]):
        raise ValidationError(_("Line %(number)s: a key is small letters, digits and hyphens."), params=where)
    if not re.fullmatch(r"(?:19|20)\d\d|0", parts[3]):
        raise ValidationError(_("Line %(number)s: the year is four digits, or 0 for none."), params=where)
    if not re.fullmatch(r"https://[^\s<>\"|]{4,480}", parts[4]):
        raise ValidationError(_("Line %(number)s: the link begins with https:// and has no space."), params=where)
    return dict(zip(SOURCE_NAMES, [*parts[:3], int(parts[3]), parts[4]], strict=True))


def _parts(line: str) -> list[str]:
    """Split a line of the sources at its strokes."""
    return [part.strip() for part in line.split("|")]


def _lines(typed: str) -> str:
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def _list(typed: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part.strip() for part in typed.split(",") if part.strip()))
    if any(len(part) > 60 for part in parts):
        raise ValidationError(_("One of these is longer than 60 characters. Please put commas between them."))
    return parts


def anew(typed: QueryDict, version: Version) -> QueryDict:
    """Return what was typed, to be sent over a version as it stands now; nobody has read that one yet."""
    again = typed.copy()
    again["seen"] = Words.of(version).digest
    again.pop("has_read", None)
    return again


class RemarkForm(forms.Form):
    """A word beside a version, from a clinician to an editor or back."""

    text = forms.CharField(
        max_length=5_000,
        label=gettext_lazy("Your word"),
        help_text=gettext_lazy("It goes along with the button that you press."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Please write what has to change, or what you would like to say.")},
    )

    def __init__(self, *args: Any, is_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = is_needed


class SignForm(forms.Form):
    """A clinician's signature under the version that they read."""

    seen = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=100,
        label=gettext_lazy("Your name, as readers see it"),
        error_messages={"required": gettext_lazy("Readers trust a name. Please write yours.")},
    )
    qualification = forms.CharField(
        max_length=150,
        label=gettext_lazy("What you are"),
        help_text=gettext_lazy("For example: family doctor, or registered nurse."),
        error_messages={"required": gettext_lazy("Please write what you are, so that readers know.")},
    )
    due_on = forms.DateField(
        label=gettext_lazy("Read it again by"),
        help_text=gettext_lazy("The label ends by itself after this day. At most three years from now."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Please choose the day until which your word holds.")},
    )
    has_read = forms.BooleanField(
        label=gettext_lazy("I have read this version from its first word to its last, and its sources"),
        error_messages={"required": gettext_lazy("Please tick this when you have read all of it.")},
    )

    @classmethod
    def of(cls, version: Version) -> SignForm:
        """Return the form for a version, with a year as the time it holds."""
        due = timezone.localdate() + timedelta(days=365)
        return cls(initial={"seen": Words.of(version).digest, "due_on": due})

    @classmethod
    def kept(cls, typed: QueryDict) -> SignForm:
        """Return the form with what was typed in it before another button was pressed."""
        return cls(initial=typed.dict())

    def clean_due_on(self) -> date:
        """Take a day from tomorrow to three years on."""
        due: date = self.cleaned_data["due_on"]
        today = timezone.localdate()
        if not today < due <= today + timedelta(days=365 * MOST_YEARS):
            raise ValidationError(_("Please choose a day after today, and at most three years from now."))
        return due
