"""The site's own pages and treatments that fit a question: few, so they are compared in Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

import content
from stories.models import WriterRole
from stories.screening import crisis_tier, screen
from stories.search.own_pages import HELP, HOME, OTHERS, OwnPage
from stories.search.query import Query, words_of

MOST, MOST_SAID = 5, 2  # pages; and of them, those that only say the words somewhere
ENDINGS = 2  # letters by which two forms of a word may differ at their end
LEAST_BEGINNING = 4


@dataclass(frozen=True)
class Page:
    """A page of this site, or one treatment, and what it says of itself in a line."""

    title: str
    url: str
    about: str


@dataclass(frozen=True)
class _Entry:
    """A page with the names by which it is meant, and all words that are said there."""

    page: Page
    names: tuple[tuple[str, ...], ...]
    words: frozenset[str]


_Known = tuple[Page, Iterable[str], Iterable[str]]  # a page, the names by which it is meant, what is said there


def matching(query: Query) -> list[Page]:
    """Return the pages that fit best: help first where a life may be at risk, then by name, then by their words."""
    entries = _entries(get_language() or settings.LANGUAGE_CODE)
    kept = [entry for entry in entries if not any(_is_among(word, entry.words) for word in query.unwanted)]
    named = [entry for entry in kept if any(_is_meant(name, query.wanted) for name in entry.names)]
    said = [entry for entry in kept if all(_is_among(word, entry.words) for word in query.wanted)]
    only_said = [entry for entry in said if entry not in named][:MOST_SAID]
    urgent = entries[:1] if crisis_tier(screen(query.typed)) else ()
    return [entry.page for entry in dict.fromkeys([*urgent, *named, *only_said])][:MOST]


def _is_meant(name: Sequence[str], wanted: Sequence[str]) -> bool:
    """Say whether a whole name is among what was asked."""
    return bool(name) and all(any(_fits(typed, word) for typed in wanted) for word in name)


def _is_among(typed: str, words: Iterable[str]) -> bool:
    return any(_fits(typed, word) for word in words)


def _fits(typed: str, word: str) -> bool:
    """Say whether what was typed is a word, its beginning, or another form of it."""
    typed, word = typed.casefold(), word.casefold()
    begins = len(typed) >= LEAST_BEGINNING and word.startswith(typed)
    ends = len(word) >= LEAST_BEGINNING and typed.startswith(word) and len(typed) - len(word) <= ENDINGS
    return typed == word or begins or ends


@lru_cache(maxsize=16)
def _entries(language: str) -> tuple[_Entry, ...]:
    """Return all there is to find, help first."""
    help_now, home, *others = (_own(page, language) for page in (HELP, HOME, *OTHERS))
    known = (help_now, *_roles(language), *others, *_treatments(language), home)
    return tuple(_entry(*one) for one in known)


def _own(page: OwnPage, language: str) -> _Known:
    names = content.load(language).site.page_names[page.code]
    return Page(str(page.title), reverse(page.view), str(page.about)), names, ()


def _roles(language: str) -> list[_Known]:
    """Return the lists of what others than patients wrote, who are looked for by who they are."""
    others = [one for one in content.load(language).roles if one.code != WriterRole.SELF]
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
    split = tuple(tuple(words_of(name)) for name in (page.title, *names))
    words = {word for name in (*split, *map(words_of, said)) for word in name}
    return _Entry(page, split, frozenset(words))
