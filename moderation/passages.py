"""Spans of a text that a decision names: from what a moderator copied to spans, and to what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

MOST_OF_ONE = 20  # a line that occurs more often than this points at nothing
# A phone's keyboard types other quotation marks and dashes than the text may hold; one stands for one.
ALIKE = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-")
)
AROUND = "'\" \u2026"


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of one of the writer's own fields (``stories.words.own_words``)."""

    field: str
    start: int
    end: int


class NotFound(ValueError):
    """A copied line that occurs nowhere, or too often to point at anything."""

    def __init__(self, line: str, *, too_often: bool = False) -> None:
        super().__init__(line)
        self.line, self.too_often = line, too_often


class _Folded:
    """A text with its white space and quotation marks made alike, and the way back to its own characters."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        self._places: list[int] = []
        kept: list[str] = []
        for place, char in enumerate(text.translate(ALIKE)):
            blank = char.isspace()
            if blank and (not kept or kept[-1] == " "):
                continue
            kept.append(" " if blank else char)
            self._places.append(place)
        self._text = "".join(kept)

    def find(self, wanted: str) -> list[Span]:
        """Return where a folded line occurs, one time more than is useful at most."""
        found: list[Span] = []
        at = self._text.find(wanted) if wanted else -1
        while at >= 0 and len(found) <= MOST_OF_ONE:
            last = at + len(wanted) - 1
            found.append(Span(self.field, self._places[at], self._places[last] + 1))
            at = self._text.find(wanted, last + 1)
        return found


def spans(quotes: str, fields: Mapping[str, str]) -> list[Span]:
    """Return every passage that the copied lines name, field by field, in order and without overlaps.

    ``fields`` are words by the name of their field. White space, kinds of quotation marks, and marks around a
    line do not matter. Raise NotFound for the first line that occurs nowhere or too often.
    """
    sources = [_Folded(field, words) for field, words in fields.items()]
    found: list[Span] = []
    for line in quotes.splitlines():
        if line.strip():
            found += _named(line, sources)
    return _merged(found, list(fields))


def _named(line: str, sources: Sequence[_Folded]) -> list[Span]:
    """Return where one copied line occurs: as it stands, else without the marks around it."""
    wanted = " ".join(line.translate(ALIKE).split())
    for form in (wanted, wanted.strip(AROUND)):
        found = [passage for source in sources for passage in source.find(form)]
        if len(found) > MOST_OF_ONE:
            raise NotFound(line.strip(), too_often=True)
        if found:
            return found
    raise NotFound(line.strip())


def _merged(found: Iterable[Span], fields: Sequence[str]) -> list[Span]:
    """Join passages of one field that overlap; the fields keep their order."""
    joined: list[Span] = []
    for passage in sorted(found, key=lambda one: (fields.index(one.field), one.start, one.end)):
        last = joined[-1] if joined else None
        if last is not None and last.field == passage.field and passage.start < last.end:
            joined[-1] = Span(last.field, last.start, max(last.end, passage.end))
        else:
            joined.append(passage)
    return joined
