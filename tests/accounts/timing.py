"""How well time tells two kinds of requests apart: 0.5 not at all, 1 always."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence


def times_of(acts: Mapping[str, Callable[[], object]], tries: int) -> dict[str, list[float]]:
    """Do each act so many times, all of them mixed, and return the seconds that each took."""
    order = [name for name in acts for _number in range(tries)]
    random.shuffle(order)
    found: dict[str, list[float]] = {name: [] for name in acts}
    for act in acts.values():
        act()  # what is loaded and compiled once is nobody's matter
    for name in order:
        begun = time.perf_counter()
        acts[name]()
        found[name].append(time.perf_counter() - begun)
    return found


def area(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the area under the curve: how often one of the second kind takes longer than one of the first.

    The Mann-Whitney statistic over the number of pairs (Hanley and McNeil 1982).
    """
    won = sum((b > a) + (b == a) / 2 for a in one for b in other)
    return won / (len(one) * len(other))


def middle(times: Sequence[float]) -> str:
    """Return the median in milliseconds."""
    return f"{statistics.median(times) * 1000:.1f} ms"
