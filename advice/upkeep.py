"""What of the content pack asks for somebody's hand: what nobody checked for long, and what it words otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import content
from advice.actions.loading import words_of
from advice.actions.writing import Words
from advice.models import Version
from advice.reading import STALE
from content.pack import LINES


@dataclass(frozen=True, slots=True)
class Unchecked:
    """One entry of the pack that is to be rung or opened, and the files into which the day is to be written."""

    country: str
    name: str
    contact: str
    checked_on: date | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherWords:
    """An article that somebody wrote here, for which the pack has other words in a file."""

    version: Version
    file: str


def unchecked(today: date) -> list[Unchecked]:
    """Return what nobody rang or opened for so many days, in any language of the pack."""
    since = today - timedelta(days=STALE)
    found: dict[tuple[str, date | None], list[Unchecked]] = {}
    for language in content.languages():
        for code, one in _checked_by_hand(language):
            if one.checked_on is None or one.checked_on < since:
                found.setdefault((code, one.checked_on), []).append(one)
    return [
        replace(alike[0], files=tuple(dict.fromkeys(file for one in alike for file in one.files)))
        for alike in found.values()
    ]


def _checked_by_hand(language: str) -> Iterator[tuple[str, Unchecked]]:
    """Yield each entry with its code: lines of help have one file for all languages, organisations one for each."""
    pack = content.load(language)
    for line in pack.helplines:
        yield line.code, Unchecked(line.country, line.name, line.contact, line.checked_on, (LINES,))
    for one in pack.advice.organisations:
        file = f"{pack.language}/organisations.toml"
        yield one.code, Unchecked(one.country, one.name, one.link, one.checked_on, (file,))


def other_words(live: Iterable[Version]) -> list[OtherWords]:
    """Return those of the live articles that the pack of this site words otherwise."""
    digests = {language: _digests(content.chosen(), language) for language in content.languages()}
    told = ((one, digests.get(one.article.language, {}).get(one.article.slug)) for one in live)
    return [
        OtherWords(one, f"{one.article.language}/advice/{one.article.slug}.md")
        for one, digest in told
        if digest is not None and digest != Words.of(one).digest
    ]


@lru_cache(maxsize=16)
def _digests(root: Path, language: str) -> dict[str, str]:
    """Read the articles of a pack once, as all else of it."""
    return {text.slug: words_of(text).digest for text in content.articles(root, language)}
