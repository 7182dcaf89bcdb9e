"""Bars drawn on the server: places and lengths as attributes of SVG, in em, so that they grow with the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap

from django.utils.formats import localize
from django.utils.translation import gettext

from stories.small_numbers import Cell

# Characters in a line of a label: with its number beside it, this fits 320 pixels.
LETTERS = 26
LINE, BAR, GAP = 1.4, 0.7, 1.0  # heights in em


@dataclass(frozen=True)
class Line:
    """A line of a label, and the place of its foot."""

    words: str
    y: str


@dataclass(frozen=True)
class Bar:
    """One answer: its count (None is kept back), what is said of it with its share, and where it is drawn."""

    label: str
    count: Cell
    said: str
    lines: list[Line]
    y: str
    width: str


@dataclass(frozen=True)
class Drawing:
    """The bars from above to below, and how high they are together."""

    bars: list[Bar]
    height: str


def drawing(cells: Mapping[str, Cell], total: Cell, labels: Mapping[str, str]) -> Drawing:
    """Draw a bar for each label, in their order; a label without a count is kept back.

    A share is told only where the total is; the longest bar fills the width.
    """
    longest = max((count for code in labels if (count := cells.get(code))), default=0)
    drawn, top = [], 0.0
    for code, label in labels.items():
        count = cells.get(code)
        lines = wrap(label, LETTERS) or [label]
        foot = top + LINE * len(lines)
        width = 100 * count / longest if count else 0
        drawn.append(Bar(label, count, _said(count, total), list(_lines(lines, top)), _em(foot + 0.2), f"{width:.1f}%"))
        top = foot + 0.2 + BAR + GAP
    return Drawing(drawn, _em(max(top - GAP, 0)))


def _said(count: Cell, total: Cell) -> str:
    """Return a number in words, with its share in whole percent where that can be told."""
    if count is None:
        return gettext("kept back")
    if not total:
        return localize(count)
    return gettext("%(count)s (%(share)s %%)") % {"count": localize(count), "share": round(100 * count / total)}


def _lines(words: list[str], top: float) -> Iterator[Line]:
    for number, one in enumerate(words, start=1):
        yield Line(one, _em(top + LINE * number - 0.4))


def _em(number: float) -> str:
    return f"{number:.2f}em"
