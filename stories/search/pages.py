"""The site's own pages and treatments that fit a question: few, so they are compared in Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from stories.models import WriterRole
from stories.screening import crisis_tier, screen
from stories.search.own_pages import HELP, HOME, OTHERS, OwnPage
from stories.search.query import Query, words_of

MOST, MOST_SAID = 5, 2  # pages of a kind; and of them, those that only say the words somewhere
ENDINGS = 2  # letters by which two forms of a word may differ at their end
LEAST_BEGINNING = 4
URGENT, MEANT, SAID, OTHER = range(4)  # how well a page fits


@dataclass(frozen=True)
class Page:
    """A page of this site, or one treatment, and what it says of itself in a line."""

    title: str
    url: str
    about: str


@dataclass(frozen=True)
class Kind:
    """The pages of one kind that were found."""

    code: str
    title: str | Promise
    pages: list[Page]


@dataclass(frozen=True)
class _Entry:
    """A page with the names by which it is meant, and all words that are said there."""

    page: Page
    names: tuple[tuple[str, ...], ...]
    words: frozenset[str]


_Known = tuple[Page, Iterable[str], Iterable[str]]  # a page, the names by which it is meant, what is said there


@dataclass(frozen=True)
class Also:
    """A page that this room does not know by itself, the names by which it is meant, and what it says."""

    page: Page
    names: Iterable[str]
    said: Iterable[str]


def matching(query: Query, also: Iterable[Also] = ()) -> list[Kind]:
    """Return what fits by kinds, the closest first: help where a life may be at risk, by name, by what is said."""
    treatments, pages = _entries(get_language() or settings.LANGUAGE_CODE)
    urgent = pages[:1] if crisis_tier(screen(query.typed)) else ()
    query = replace(query, wanted=_folded(query.wanted), unwanted=_folded(query.unwanted))
    found = [
        ("advice", _("Questions and guides"), _fitting(query, [_entry(one.page, one.names, one.said) for one in also])),
        ("treatments", _("Treatments"), _fitting(query, treatments)),
        ("pages", _("Pages of this site"), _fitting(query, pages, urgent)),
    ]
    found.sort(key=lambda kind: min((value for value, _page in kind[2]), default=OTHER))
    return [Kind(code, title, [page for _value, page in fitting]) for code, title, fitting in found if fitting]


def _fitting(query: Query, entries: Sequence[_Entry], urgent: Sequence[_Entry] = ()) -> list[tuple[int, Page]]:
    """Return the pages that fit best, and how well."""
    valued = [(URGENT if entry in urgent else _value(query, entry), entry.page) for entry in entries]
    closest = [one for one in valued if one[0] < SAID]
    return [*closest, *[one for one in valued if one[0] == SAID][:MOST_SAID]][:MOST]


def _value(query: Query, entry: _Entry) -> int:
    if any(_is_meant(name, query.wanted) for name in entry.names):
        value, words = MEANT, frozenset(chain(*entry.names))  # what is asked for by name may say any word
    elif all(_is_among(word, entry.words) for word in query.wanted):
        value, words = SAID, entry.words
    else:
        return OTHER
    return OTHER if any(_is_among(word, words) for word in query.unwanted) else value


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple({word.casefold(): None for word in words})


def _is_meant(name: Sequence[str], wanted: Sequence[str]) -> bool:
    """Say whether a whole name is among what was asked."""
    return bool(name) and all(any(_fits(typed, word) for typed in wanted) for word in name)


def _is_among(typed: str, words: Iterable[str]) -> bool:
    return any(_fits(typed, word) for word in words)


def _fits(typed: str, word: str) -> bool:
    """Say whether what was typed is a word, its beginning, or another form of it."""
    begins = len(typed) >= LEAST_BEGINNING and word.startswith(typed)
    ends = len(word) >= LEAST_BEGINNING and typed.startswith(word) and len(typed) - len(word) <= ENDINGS
    return typed == word or begins or ends


@lru_cache(maxsize=16)
def _entries(language: str) -> tuple[tuple[_Entry, ...], tuple[_Entry, ...]]:
    """Return the treatments there are to find, and the pages, help first."""
    help_now, home, *others = (_own(page, language) for page in (HELP, HOME, *OTHERS))
    pages = (help_now, *_roles(language), *others, home)
    return tuple(_entry(*one) for one in _treatments(language)), tuple(_entry(*one) for one in pages)


def _own(page: OwnPage, language: str) -> _Known:
    pack = content.load(language)
    said = page.said(pack) if page.said else ()
    return Page(str(page.title), reverse(page.view), str(page.about)), pack.site.page_names[page.code], said


def _roles(language: str) -> list[_Known]:
    """Return the lists of what those in a role wrote who have no page of their own."""
    at_home = {WriterRole.SELF, WriterRole.PARTNER}
    others = [one for one in content.load(language).roles if one.code not in at_home]
    address = reverse("stories:list")
    return [(Page(one.plural, f"{address}?f={one.facet}", one.door_text), [one.reader_label], ()) for one in others]


def _treatments(language: str) -> list[_Known]:
    return [
        (
            Page(one.name, reverse("treatment", args=[one.code]), one.about[0]),
            [one.short, *one.aliases],
            [one.name, *one.about],
        )
        for one in content.load(language).treatments
    ]


def _entry(page: Page, names: Iterable[str], said: Iterable[str]) -> _Entry:
    split = tuple(_folded(words_of(name)) for name in (page.title, *names))
    return _Entry(page, split, frozenset(chain(*split, _folded(words_of(" ".join(said))))))
