"""What a thief can try with what was stolen.

Rows of one table are put beside those of another: in the order of any measure of the one and any of the other, by the
nearest value, or by what is equal. All tries are judged against the truth, and against matchings drawn at random.
"""

from __future__ import annotations

import itertools
import random
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.prove.judging import Verdict, judge
from tests.prove.thief import Loot, digests, measures, plain

NEAR, FEWEST = (1, 3), 8
DAYS = 3  # the texts of one visit enter the queue within two


@dataclass
class Table:
    """The rows of a table of which the truth is known: whose each is, and what they can be ordered by."""

    name: str
    of: list[Any]
    measures: dict[str, list[Any]]
    cells: dict[str, list[Any]]

    def orders(self) -> dict[str, list[int]]:
        """Return the rows in every order that one of the measures gives, each order once."""
        found: dict[tuple[int, ...], str] = {}
        for name, values in self.measures.items():
            known = [at for at, value in enumerate(values) if value is not None]
            random.Random(name).shuffle(known)
            if len(known) >= FEWEST and len({values[at] for at in known}) > 1:
                found.setdefault(tuple(sorted(known, key=lambda at: values[at])), name)
        return {name: list(order) for order, name in found.items()}


@dataclass
class Stolen:
    """What was stolen, sorted by whose rows they are."""

    loot: Loot
    people: dict[str, int]
    texts: dict[str, int]
    days: dict[str, int] = field(default_factory=dict)
    accounts: list[Table] = field(default_factory=list)
    written: list[Table] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    thread: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        of_row: dict[str, str] = {}
        parents = {row["~key"].hex(): plain(row["parent_id"]) for row in self.loot.tables["stories_contribution"]}
        for _again in range(3):  # a decision names a case, a case a version, a version a text
            for name, rows in self.loot.tables.items():
                for row in rows:
                    self._follow(name, row, of_row, parents)
        for name, rows in self.loot.tables.items():
            self._sort(name, rows, [self._person(row) for row in rows], self.accounts)
            self._sort(name, rows, [self._item(row, of_row) for row in rows], self.written)

    def begun_together(self) -> dict[str, str]:
        """Return the kind of everything, for a text with the days in which it was begun."""
        return {item: f"{kind} {self.days.get(item, 0) // DAYS}" for item, kind in self.kinds.items()}

    def _follow(self, name: str, row: Any, of_row: dict[str, str], parents: dict[str, Any]) -> None:
        item, key = self._item(row, of_row), row["~key"]
        if item is None:
            return
        text = next((of_row[one] for one in _ids(row) if one in of_row and len(of_row[one]) == 32), None)
        text = text or next(one for one in [*_ids(row), item] if one in self.texts)
        self.thread[item] = parents[text].hex() if parents.get(text) else text
        self.kinds.setdefault(item, name if len(item) > 32 else "")
        if isinstance(key, bytes):
            of_row.setdefault(key.hex(), item)

    def _item(self, row: Any, of_row: dict[str, str]) -> str | None:
        """Return which text or sign a row is of: what it names itself, or what the row that it names is of."""
        ids = _ids(row)
        own = sorted((one for one in ids if one in self.texts), key=len, reverse=True)
        if own and len(own[0]) > 32:
            return own[0]
        return next(
            (one if one in self.texts else of_row[one] for one in ids if one in self.texts or one in of_row), None
        )

    def _person(self, row: Any) -> int | None:
        return next((self.people[one] for one in _ids(row) if one in self.people), None)

    def _sort(self, name: str, rows: list[Any], of: list[Any], into: list[Table]) -> None:
        mine = [(row, one) for row, one in zip(rows, of, strict=True) if one is not None]
        if len(mine) >= FEWEST:
            kept = [row for row, _one in mine]
            cells = {column: [plain(row.get(column)) for row in kept] for column in kept[0]}
            into.append(Table(name, [one for _row, one in mine], measures(kept), cells))


def _ids(row: Any) -> list[str]:
    values = [plain(value) for name, value in row.items() if not name.startswith("~")]
    return [one.hex() for one in values if isinstance(one, bytes)]


def beside(a: Table, b: Table, *, alike: bool = False) -> Iterator[tuple[str, list[tuple[Any, Any]]]]:
    """Put the rows of two tables beside each other in every way; name what each row of b is then said to belong to."""
    orders_a, orders_b = a.orders(), b.orders()
    for (name_a, one), (name_b, other) in itertools.product(orders_a.items(), orders_b.items()):
        if alike and name_a != name_b:
            continue
        for near in NEAR:
            said = [
                (b.of[at], a.of[mate])
                for rank, at in enumerate(other)
                for mate in _around(one, int((rank + 0.5) * len(one) / len(other)), near)
            ]
            yield f"{a.name}.{name_a} ~ {b.name}.{name_b}, nearest {near} in order", said
    for name_a, name_b in itertools.product(a.measures, b.measures):
        if _kind(name_a) == _kind(name_b):
            for near, later in itertools.product(NEAR, (False, True)):
                said = _by_value(a, name_a, b, name_b, near, later=later)
                where = "after" if later else "before"
                yield f"{a.name}.{name_a} ~ {b.name}.{name_b}, equal or the {near} next {where} by value", said


def _kind(name: str) -> str:
    """Return what a measure is of: only transactions are near transactions, and sizes sizes."""
    if name in {"~xmin", "~oldest"}:
        return "transaction"
    if name.startswith(("size of ", "count of ")):
        return name.split()[0]
    return "day" if name in {"month", "expires_on", "opened_hour", "enters_at", "due_at"} else name


def _around(rows: list[int], at: int, near: int) -> list[int]:
    first = max(0, min(at - near // 2, len(rows) - near))
    return rows[first : first + near]


def _by_value(a: Table, name_a: str, b: Table, name_b: str, near: int, *, later: bool) -> list[tuple[Any, Any]]:
    """Say of each row of b the rows of a with an equal value, drawn by lot; else those that come next to it."""
    known = [at for at, value in enumerate(a.measures[name_a]) if value is not None]
    order = sorted(known, key=lambda at: a.measures[name_a][at])
    values, chance, said = [a.measures[name_a][at] for at in order], random.Random(name_a + name_b), []
    for at, value in enumerate(b.measures[name_b]):
        if value is not None:
            low, high = bisect_left(values, value), bisect_right(values, value)
            next_to = order[high : high + near] if later else order[max(0, low - near) : low]
            mates = order[low:high] or next_to
            said += [(b.of[at], a.of[mate]) for mate in chance.sample(mates, min(near, len(mates)))]
    return said


def equals(a: Table, b: Table) -> Iterator[tuple[str, list[tuple[Any, Any]]]]:
    """Look for what stands in a, or what can be worked out from it without a key, in b."""
    for name_a, cells in a.cells.items():
        whose = defaultdict(set)
        for of, cell in zip(a.of, cells, strict=True):
            for one in [cell, *digests(cell)] if isinstance(cell, bytes) else []:
                whose[one].add(of)
        for name_b, others in b.cells.items():
            said = [
                (of, mate) for of, cell in zip(b.of, others, strict=True) if isinstance(cell, (str, bytes))
                for mate in itertools.islice(sorted(whose.get(cell, ())), max(NEAR))
            ]  # fmt: skip
            if said and not name_a.startswith("~") and not name_b.startswith("~"):
                yield f"{a.name}.{name_a} is in {b.name}.{name_b}", said


def to_accounts(stolen: Stolen, rounds: int, only: str = "*") -> Verdict:
    """Try to say of each text, sign, saved story and report whose account or visit it is of; by tries like ``only``."""
    number = {item: at for at, item in enumerate(sorted(stolen.texts))}
    people = max(stolen.texts.values()) + 1
    tries: dict[Any, str] = {}
    for a, b in itertools.product(stolen.accounts, stolen.written):
        for name, said in itertools.chain(beside(a, b), equals(a, b)):
            if fnmatchcase(name, only):
                tries.setdefault(array("L", sorted(number[item] * people + who for item, who in said)).tobytes(), name)

    def truth(owner: dict[str, int]) -> array[int]:
        return array("L", [number[item] * people + who for item, who in owner.items()])

    return judge(tries, truth, stolen.texts, stolen.kinds, rounds)


def to_texts(stolen: Stolen, rounds: int, only: str = "*") -> Verdict:
    """Try to say which texts, signs, saved stories and reports of different threads have one author; as above.

    Whoever reads the site every day sees which texts came in the same days, and one author's often do. So the random
    matchings keep what texts were begun in the same days: what is found beyond them is told by the copy.
    """
    number, many = {item: at for at, item in enumerate(sorted(stolen.texts))}, len(stolen.texts)

    def key(one: str, other: str) -> int:
        low, high = sorted((number[one], number[other]))
        return low * many + high

    tries: dict[Any, str] = {}
    for a, b in itertools.combinations_with_replacement(stolen.written, 2):
        found = itertools.chain(
            beside(a, b, alike=True) if a is not b else neighbours(a), equals(a, b) if a is b else ()
        )
        for name, said in found:
            if not fnmatchcase(name, only):
                continue
            apart = {key(*pair) for pair in said if stolen.thread[pair[0]] != stolen.thread[pair[1]]}
            tries.setdefault(array("L", sorted(apart)).tobytes(), name)

    def truth(owner: dict[str, int]) -> array[int]:
        mine = defaultdict(list)
        for item, who in owner.items():
            mine[who].append(item)
        pairs = (pair for items in mine.values() for pair in itertools.combinations(items, 2))
        return array("L", [key(*pair) for pair in pairs if stolen.thread[pair[0]] != stolen.thread[pair[1]]])

    return judge(tries, truth, stolen.texts, stolen.begun_together(), rounds)


def neighbours(a: Table) -> Iterator[tuple[str, list[tuple[Any, Any]]]]:
    """Say of each row that it is of the same author as those which come next in some order."""
    for name, order in a.orders().items():
        for near in NEAR:
            said = [
                (a.of[one], a.of[other])
                for step in range(1, near + 1)
                for one, other in zip(order, order[step:], strict=False)
            ]
            yield f"next {near} in {a.name}.{name}", said
