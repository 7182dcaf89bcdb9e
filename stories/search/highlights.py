"""The passage of a text that shows best why it was found, with the words that were looked for marked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from django.contrib.postgres.search import SearchHeadline
from django.db.models import Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Left

from stories.pieces import Passage, Piece, pieces_of
from stories.search.query import PUNCTUATION, SPACES, Query
from stories.text import excerpt

SOURCE = 8_000  # characters of a text that are looked through for a passage
LENGTH, BEFORE = 280, 60  # characters of a passage, and of it before its first mark
ELLIPSIS = "\u2026"
# No text holds controls, so nothing typed can be taken for a mark.
START, STOP = "\x02", "\x03"
_MARKED = re.compile(f"{START}([^{START}{STOP}]*){STOP}")


def start_of(field: str) -> Combinable:
    """Return the expression for the part of a text that is looked through."""
    return Left(field, SOURCE)


def marked(field: str, query: Query, config: str) -> Combinable:
    """Return the expression for that part with marks around what was looked for, and spaces for punctuation."""
    words = Func(start_of(field), Value(PUNCTUATION), Value(SPACES), function="translate")
    return SearchHeadline(words, query.under(config), config=config, start_sel=START, stop_sel=STOP, highlight_all=True)


def passage(source: str, with_marks: str) -> list[Piece]:
    """Cut the passage with the most marks out of a text, on one line; its beginning where nothing is marked."""
    found = _passages(with_marks, len(source))
    if not found:
        return [Piece(excerpt(source, LENGTH))] if source else []
    line = source.replace("\n", " ")
    begin = _begin(line, _densest(found))
    end = _end(line, begin)
    inside = [Passage(max(one.start - begin, 0), one.end - begin) for one in found if one.end > begin]
    pieces = pieces_of(line[begin:end].rstrip(), inside)
    head, tail = [Piece(ELLIPSIS)] if begin else [], [Piece(ELLIPSIS)] if end < len(line) else []
    return [*head, *pieces, *tail]


def _passages(with_marks: str, length: int) -> list[Passage]:
    """Return where the marks stand in the text without them; none when that is not the text it was made of."""
    found, marks = list[Passage](), 0
    for match in _MARKED.finditer(with_marks):
        start = match.start() - marks
        found.append(Passage(start, start + len(match[1])))
        marks += len(START) + len(STOP)
    return found if len(with_marks) - marks == length else []


def _densest(found: Sequence[Passage]) -> int:
    """Return where the stretch with the most marks begins, the first of several."""
    starts = [one.start for one in found]
    counts = [bisect_right(starts, start + LENGTH - BEFORE) - place for place, start in enumerate(starts)]
    return starts[counts.index(max(counts))]


def _begin(line: str, mark: int) -> int:
    """Return the beginning of a word a little before a mark."""
    if mark <= BEFORE:
        return 0
    gap = line.find(" ", mark - BEFORE, mark)
    return mark if gap < 0 else gap + 1


def _end(line: str, begin: int) -> int:
    """Return the end of the last word that fits."""
    if len(line) - begin <= LENGTH:
        return len(line)
    gap = line.rfind(" ", begin, begin + LENGTH)
    return gap if gap > begin else begin + LENGTH
