"""Published texts that say much the same as one that is read; no other text is ever looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery

from stories.models import A_MEMBER, Publication, Revision
from stories.search.query import config_for, spaced, words_of

CANDIDATES = 20
WINDOWS = 3  # stretches of a text whose longest words are looked for
WINDOW = 60  # words of a stretch
LONGEST = 5
SHINGLE = 4  # words
MUCH = 0.5  # from this share of the shorter text's shingles on


@dataclass(frozen=True, slots=True)
class Alike:
    """A published text, and how much of the shorter of the two is in the other, in per cent."""

    pk: UUID
    title: str
    language: str
    share: int


def alike(revision: Revision) -> list[Alike]:
    """Return the published stories, or replies of the same thread, that share most of a text's words in order.

    At most CANDIDATES texts are compared: those that hold the longest words of one of a few stretches.
    """
    here = _shingles(revision.text)
    if not here:
        return []
    found = []
    for live in _candidates(revision):
        there = _shingles(live.revision.text)
        share = len(here & there) / (min(len(here), len(there)) or 1)
        if share >= MUCH:
            found.append(
                Alike(live.parent_id or live.pk, live.revision.title, live.revision.language, int(share * 100))
            )
    return sorted(found, key=lambda one: -one.share)


def _candidates(revision: Revision) -> Iterable[Publication]:
    contribution = revision.contribution
    rows = Publication.objects.readable_by(A_MEMBER).exclude(pk=contribution.pk)
    if contribution.parent_id is not None:
        rows = rows.replies_to(contribution.parent_id).order_by("-position")
    else:
        rows = rows.stories().filter(search_entry__vector=_query(revision)).select_related("revision")
    return rows[:CANDIDATES]


def _query(revision: Revision) -> Any:
    """Ask for the longest words of the beginning, the middle or the end of a text."""
    words, config = words_of(revision.text), config_for(revision.language)
    last = max(len(words) - WINDOW, 0)
    starts = sorted({last * place // (WINDOWS - 1) for place in range(WINDOWS)})
    asked = []
    for start in starts:
        known = sorted(set(words[start : start + WINDOW]), key=lambda word: (-len(word), word))
        asked.append(SearchQuery(spaced(" ".join(known[:LONGEST])), config=config))
    return reduce(or_, asked)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = [word.lower() for word in words_of(text)]
    return {tuple(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1)}
