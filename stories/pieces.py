"""A text cut into runs of words, some of them marked with what is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from stories.text import paragraphs


@dataclass(frozen=True)
class Passage:
    """A stretch of a text, as half-open places of its characters, and what is said about it.

    One with a ``number`` is linked with the entry of that number in a list on the same page.
    """

    start: int
    end: int
    label: str | Promise = ""
    number: int = 0


@dataclass(frozen=True)
class Piece:
    """A run of words, marked or not."""

    text: str
    is_marked: bool = False
    label: str | Promise = ""
    number: int = 0


def paragraphs_of(text: str, passages: Sequence[Passage] = ()) -> list[list[Piece]]:
    """Return a text by its paragraphs, each in pieces; a passage that runs over several is marked in each."""
    found, place = [], 0
    for part in paragraphs(text):
        begin = text.index(part, place)
        place = begin + len(part)
        inside = [
            replace(
                one,
                start=max(one.start - begin, 0),
                end=min(one.end - begin, len(part)),
                number=one.number if one.start >= begin else 0,  # a page names one place by it
            )
            for one in passages
            if one.start < place and one.end > begin
        ]
        found.append(pieces_of(part, inside))
    return found


def pieces_of(text: str, passages: Sequence[Passage] = ()) -> list[Piece]:
    """Cut a text where passages begin and end; joined, the pieces are the text again."""
    pieces, place = [], 0
    for one in sorted(passages, key=lambda passage: (passage.start, -passage.end)):
        start, end = max(one.start, place), min(one.end, len(text))
        if start >= end:
            continue
        if start > place:
            pieces.append(Piece(text[place:start]))
        pieces.append(Piece(text[start:end], is_marked=True, label=one.label, number=one.number))
        place = end
    if place < len(text):
        pieces.append(Piece(text[place:]))
    return pieces
