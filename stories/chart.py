"""Bars drawn on the server: lengths as attributes of SVG, numbers beside them, nothing that needs a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stories.small_numbers import Cell

WIDTH = 100  # what the longest bar measures, in units of the drawing


@dataclass(frozen=True)
class Bar:
    """One line: a label, its count (None is kept back), its share in whole percent, and its length of WIDTH."""

    label: str
    count: Cell
    share: int | None
    length: float


def bars(cells: Mapping[str, Cell], total: Cell, labels: Mapping[str, str]) -> list[Bar]:
    """Return a bar for each label, in their order; a label without a count is kept back.

    A share is told only where the total is; the longest bar fills the width.
    """
    longest = max((count for code in labels if (count := cells.get(code))), default=0)
    return [_bar(label, cells.get(code), total, longest) for code, label in labels.items()]


def _bar(label: str, count: Cell, total: Cell, longest: int) -> Bar:
    if count is None:
        return Bar(label, None, None, 0)
    share = round(100 * count / total) if total else None
    return Bar(label, count, share, round(WIDTH * count / longest, 1) if longest else 0)
