"""What somebody can work out who adds and subtracts all numbers that are shown: elimination over a prime field.

It knows nothing of how counts are kept back. A number is a sum over some people; written as a row, it says of which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import combinations, product
from typing import TypeVar

from stories.small_numbers import LEAST

PRIME = 2**61 - 1
Row = Mapping[Hashable, int]
Key = TypeVar("Key", bound=Hashable)
Cell = frozenset[tuple[str, str]]
"""Whom a number counts: those with all of these labels, each of its attribute."""


class Span:
    """All that can be had by adding and subtracting some rows: their row echelon form."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.places: dict[Hashable, int] = {}
        self.echelon: dict[int, dict[int, int]] = {}
        for row in rows:
            rest = self._reduced(row)
            if rest:
                pivot = min(rest)
                inverse = pow(rest[pivot], -1, PRIME)
                self.echelon[pivot] = {at: value * inverse % PRIME for at, value in rest.items()}

    def __contains__(self, row: Row) -> bool:
        return not self._reduced(row)

    def _reduced(self, row: Row) -> dict[int, int]:
        rest = {self.places.setdefault(one, len(self.places)): value for one, value in row.items() if value}
        while pivots := rest.keys() & self.echelon.keys():
            pivot = min(pivots)
            factor = rest[pivot]
            for at, value in self.echelon[pivot].items():
                left = (rest.get(at, 0) - factor * value) % PRIME
                rest[at] = left
                if not left:
                    del rest[at]
        return rest


def added(rows: Iterable[Row]) -> Row:
    """Add up rows."""
    total: dict[Hashable, int] = defaultdict(int)
    for row in rows:
        for at, value in row.items():
            total[at] += value
    return total


def leaks(
    shown: Iterable[Key],
    kept_back: Iterable[Key],
    *,
    row: Callable[[Key], Row],
    count: Callable[[Key], int],
    table: Callable[[Key], Hashable],
    most: int = 1,
) -> list[tuple[Key, ...]]:
    """Return the small counts, and small sums of up to ``most`` of them in one table, which can be worked out."""
    span = Span(row(key) for key in shown)
    tables: dict[Hashable, list[Key]] = defaultdict(list)
    for key in kept_back:
        if count(key) < LEAST:
            tables[table(key)].append(key)
    return [
        chosen
        for small in tables.values()
        for size in range(1, most + 1)
        for chosen in combinations(small, size)
        if sum(map(count, chosen)) < LEAST and added(map(row, chosen)) in span
    ]


class Everybody:
    """All people there could be, by attributes with labels; ``joined`` names sets of labels of one attribute.

    A count is written in products of "has this label" for every label but the first of its attribute, which is
    what the others leave over. Such products are independent, so this is the same as a row of all combinations.
    """

    def __init__(
        self, attributes: Mapping[str, Iterable[str]], joined: Mapping[tuple[str, str], Iterable[str]] | None = None
    ) -> None:
        self.labels = {name: list(labels) for name, labels in attributes.items()}
        self.joined = {pair: list(labels) for pair, labels in (joined or {}).items()}

    def row(self, cell: Cell) -> Row:
        """Write down whom a number counts."""
        factors = [self._factor(*pair).items() for pair in sorted(cell)]
        found: dict[Hashable, int] = defaultdict(int)
        for terms in product(*factors):
            value = 1
            for _, times in terms:
                value *= times
            found[frozenset(one for one, _ in terms if one)] += value
        return {at: value for at, value in found.items() if value}

    def has(self, person: Mapping[str, str], cell: Cell) -> bool:
        """Say whether a number counts this person."""
        return all(person[name] in self._meant(name, label) for name, label in cell)

    def _meant(self, name: str, label: str) -> list[str]:
        return self.joined.get((name, label), [label])

    def _factor(self, name: str, label: str) -> dict[tuple[str, str] | None, int]:
        rest, *others = self.labels[name]
        factor: dict[tuple[str, str] | None, int] = defaultdict(int)
        for one in self._meant(name, label):
            if one == rest:
                factor[None] += 1
                for other in others:
                    factor[name, other] -= 1
            else:
                factor[name, one] += 1
        return factor
