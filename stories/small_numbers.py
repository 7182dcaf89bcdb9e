"""Keep small numbers back: what may be shown of tables of counts so that no count under five can be worked out.

The method is *cell suppression*, as statistical disclosure control calls it: a count under ``least`` is kept back
(*primary suppression*; no people at all is small too), and with it as many others as it takes (*complementary
suppression*). What is kept back is ``None``, whatever the reason.

**What holds.** Whoever adds, subtracts and compares all that is shown, and knows that a count is whole and not
below 0, finds every value from 0 to ``least`` possible for each small count, in a margin or inside. So no small
count can be worked out, none can be shown to be small, and no sum of small counts that is itself under ``least``
can be worked out either: none of its parts could then reach ``least``.

**How.** Margins come first, each by itself (`one_way`): what is kept back in one is two counts or more that sum to
``least`` or more, so each can be anything up to that sum. Then the inside of a two-way table (`two_way`), between
margins that stay as they are. A row or column whose total is kept back is kept back whole. For each small cell two
tables are looked for that agree with all that is shown, one with 0 in its place and one with ``least``: counts with
their totals are a flow in a network, so these are *residual flows* along cycles of counts kept back, and what the
cheapest cycle needs is kept back too. Keeping more back takes none of these tables away, so one round is enough.

**Why tables may share a margin.** Let A (row x a) and B (row x b) share their rows.
- *Sums.* Say a function of (row, a) is f + g, f from what A shows and g from what B shows. Then g, a function of
  (row, b), is one of (row, a) too, so of the row alone. B's rows kept back are kept back whole, so counts can move
  between them with all that B shows unchanged: g weighs these rows alike, as the margin's own sums do. So g can be
  had from the margin, and f + g from A alone.
- *Ranges.* Move counts between rows kept back in any way that the margin allows: B can follow inside those rows
  with its column totals as they were. And two tables with equal row totals always describe some one crowd (pair
  people off, row by row). So each table that agrees with A agrees with everything shown.
Columns do as rows do, and further tables around the same margin as B does. Ranges are not shown to hold for tables
in a ring (a x b, b x c, c x a): do not show such tables of the same people.

**Who runs this code on every table that fits** learns a little more, since what was kept back is itself a sign. So
what joins a small count never depends on the size of a count that could be shown, only on which counts are small,
on totals that are shown and on counts already kept back. For `one_way` this leaves no small count to be worked out;
for `two_way` it has no proof.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

LEAST = 5

Cell = int | None
Pair = tuple[str, str]
Node = tuple[str, str]
Edge = tuple[Node, Node]
Arc = tuple[Node, Edge, int]

OUT_OF, INTO = ("end", "rows"), ("end", "columns")
ONE = 10**20


class UnfitMargin(ValueError):
    """A margin is not that of the table it came with, or would give a number away."""


@dataclass(frozen=True)
class Protected:
    """A one-way table as it may be shown: a count for each answer and their total; None is kept back."""

    cells: Mapping[str, Cell]
    total: Cell


@dataclass(frozen=True)
class ProtectedFamily:
    """A two-way table as it may be shown: the inside by (row, column), and both margins."""

    cells: Mapping[Pair, Cell]
    rows: Protected
    columns: Protected

    @property
    def total(self) -> Cell:
        """Return the number of all."""
        return self.rows.total

    def column(self, label: str) -> Protected:
        """Return one column with its total: a margin for tables about the people in it."""
        return Protected({row: self.cells[row, label] for row in self.rows.cells}, self.columns.cells[label])


def one_way(counts: Mapping[str, int], least: int = LEAST, *, kept_back: Collection[str] = ()) -> Protected:
    """Protect the counts of answers that exclude each other, in the order in which they are shown.

    ``kept_back`` names answers to keep back whatever their count, as those kept back of all people are in a table
    about some of them. A total under ``least`` is kept back with everything. Raises ValueError on a count below 0.
    """
    _check_counts(counts.values())
    total = sum(counts.values())
    if total < least:
        return Protected(dict.fromkeys(counts), None)
    hidden = {label for label, count in counts.items() if count < least or label in kept_back}
    if _is_telling([counts[label] for label in hidden], least):
        hidden |= _companion(list(counts), hidden)
    cells = {label: None if label in hidden else count for label, count in counts.items()}
    return Protected(cells, None if len(hidden) == 1 else total)


def two_way(
    counts: Mapping[Pair, int], rows: Protected, columns: Protected | None = None, least: int = LEAST
) -> ProtectedFamily | None:
    """Protect the inside of a table by (row, column), between margins that stay as they are.

    A pair without a count counts 0. ``columns`` is `one_way` of the column totals, worked out here when not given.
    None when no cell can be shown; the margins still can. Raises UnfitMargin, and ValueError on a count below 0.
    """
    _check_counts(counts.values())
    if columns is None:
        columns = one_way(_sums(counts, 1, dict.fromkeys(column for _, column in counts)), least)
    _check_margin(rows, _sums(counts, 0, rows.cells), least)
    _check_margin(columns, _sums(counts, 1, columns.cells), least)
    if rows.total is None:
        return None
    shown = _inside(counts, rows, columns, least)
    if not shown:
        return None
    cells = {(row, column): shown.get((row, column)) for row in rows.cells for column in columns.cells}
    return ProtectedFamily(cells, rows, columns)


def yes_counts(
    yes: Mapping[str, int], asked: Mapping[str, int], rows: Protected | None = None, least: int = LEAST
) -> Protected:
    """Protect how many said yes to one choice of several, by row and in all, out of how many were asked.

    Both the yes and the rest must be safe for either to be shown. ``rows`` is how many were asked as it may be
    shown, the same for every choice: `one_way` of ``asked`` when not given.
    """
    rows = one_way(asked, least) if rows is None else rows
    counts = {(row, "yes"): count for row, count in yes.items()}
    counts |= {(row, "no"): count - yes.get(row, 0) for row, count in asked.items()}
    columns = one_way(_sums(counts, 1, ("yes", "no")), least)
    table = two_way(counts, rows, columns, least)
    total = None if rows.total is None else columns.cells["yes"]
    return table.column("yes") if table else Protected(dict.fromkeys(rows.cells), total)


def _check_counts(counts: Iterable[int]) -> None:
    """Refuse what cannot be a number of people."""
    if any(count < 0 for count in counts):
        raise ValueError("A count cannot be below 0.")


def _is_telling(hidden: list[int], least: int) -> bool:
    """Say whether the sum of what is kept back tells too much: one count alone, a small sum, or only the largest."""
    return len(hidden) == 1 or (bool(hidden) and not least <= sum(hidden) != len(hidden) * (least - 1))


def _companion(labels: list[str], hidden: Collection[str]) -> set[str]:
    """Return the shown answer that joins those kept back: a neighbour on the scale, in pairs where it can be."""
    places = [place for place, label in enumerate(labels) if label in hidden]
    others = [place for place, label in enumerate(labels) if label not in hidden]
    nearest = min(others, key=lambda at: (min(abs(at - place) for place in places), at ^ 1 not in places), default=None)
    return set() if nearest is None else {labels[nearest]}


def _sums(counts: Mapping[Pair, int], side: int, labels: Iterable[str]) -> dict[str, int]:
    """Return the totals by the labels on one side of the pairs, 0 where there are none."""
    sums = dict.fromkeys(labels, 0)
    for pair, count in counts.items():
        if pair[side] not in sums:
            raise UnfitMargin(f"The margin has no place for {pair[side]!r}.")
        sums[pair[side]] += count
    return sums


def _check_margin(margin: Protected, sums: Mapping[str, int], least: int) -> None:
    """Refuse a margin that shows other numbers than the table's own, or shows too much."""
    hidden = [sums[label] for label, cell in margin.cells.items() if cell is None]
    shown = {label: cell for label, cell in margin.cells.items() if cell is not None}
    if any(cell != sums[label] or cell < least for label, cell in shown.items()):
        raise UnfitMargin("The margin shows other totals than the table has, or small ones.")
    if margin.total not in (None, sum(sums.values())) or (shown and margin.total is None):
        raise UnfitMargin("The margin's total is not the table's.")
    if margin.total is not None and hidden and (len(hidden) == 1 or sum(hidden) < least):
        raise UnfitMargin("What the margin keeps back can be worked out from the rest.")


def _inside(counts: Mapping[Pair, int], rows: Protected, columns: Protected, least: int) -> dict[Pair, int]:
    """Return the cells that can be shown; none when the margins leave a small one no room."""
    network = _Network()
    places = {(row, column): (("row", row), ("column", column)) for row in rows.cells for column in columns.cells}
    for (row, column), edge in places.items():
        network.add(edge, counts.get((row, column), 0), _price(rows.cells[row], columns.cells[column]))
    for row, total in _sums(counts, 0, rows.cells).items():
        if rows.cells[row] is None:
            network.add((OUT_OF, ("row", row)), total, 0)
    for column, total in _sums(counts, 1, columns.cells).items():
        if columns.cells[column] is None:
            network.add((("column", column), INTO), total, 0)
    small = [edge for edge in places.values() if network.counts[edge] < least]
    network.prices |= dict.fromkeys(small, 0)
    if not all(network.free(edge, least) for edge in small):
        return {}
    return {pair: network.counts[edge] for pair, edge in places.items() if network.prices[edge]}


def _price(row: Cell, column: Cell) -> int:
    """Return what keeping a cell back costs: 0 where it is kept back with its row or column; else one, and a bit.

    The bit grows with what the shown totals lead to expect in the cell. Its own count must have no say.
    """
    return 0 if row is None or column is None else ONE + row * column


class _Network:
    """Counts as flows along edges, each with the price of keeping it back: 0 when it is."""

    def __init__(self) -> None:
        self.counts: dict[Edge, int] = {}
        self.prices: dict[Edge, int] = {}
        self.arcs: dict[Node, list[Arc]] = {}

    def add(self, edge: Edge, count: int, price: int) -> None:
        """Add an edge. The flow along it can rise without end, and fall by its count."""
        self.counts[edge], self.prices[edge] = count, price
        self.arcs.setdefault(edge[0], []).append((edge[1], edge, 1))
        self.arcs.setdefault(edge[1], []).append((edge[0], edge, -1))

    def free(self, edge: Edge, least: int) -> bool:
        """Keep back what it takes for this count to be able to be ``least``, and 0; say whether it can."""
        tail, head = edge
        count = self.counts[edge]
        return self._shift(head, tail, least - count, edge) and self._shift(tail, head, count, edge)

    def _shift(self, start: Node, goal: Node, amount: int, barred: Edge) -> bool:
        """Send so much more from start to goal, not by the barred edge; keep back the edges that it takes."""
        flow = dict(self.counts)
        while amount:
            path = self._cheapest(start, goal, flow, barred)
            if not path:
                return False
            step = min([amount, *(flow[edge] for _, edge, sign in path if sign < 0)])
            for _, edge, sign in path:
                flow[edge] += sign * step
                self.prices[edge] = 0
            amount -= step
        return True

    def _cheapest(self, start: Node, goal: Node, flow: Mapping[Edge, int], barred: Edge) -> list[Arc]:
        """Return the cheapest way from start to goal on which the flow has room; empty where there is none."""
        costs, queue = {start: 0}, [(0, start)]
        arrived: dict[Node, tuple[Node, Arc]] = {}
        while queue:
            cost, node = heappop(queue)
            for arc in self.arcs[node]:
                other, edge, sign = arc
                ahead = cost + self.prices[edge]
                if edge != barred and (sign > 0 or flow[edge]) and ahead < costs.get(other, ahead + 1):
                    costs[other], arrived[other] = ahead, (node, arc)
                    heappush(queue, (ahead, other))
        return _steps(arrived, goal)


def _steps(arrived: Mapping[Node, tuple[Node, Arc]], goal: Node) -> list[Arc]:
    """Return the arcs that led to the goal, last first."""
    path = []
    while goal in arrived:
        goal, arc = arrived[goal]
        path.append(arc)
    return path
