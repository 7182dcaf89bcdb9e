"""How good the best of many tries is, beside the best at matchings of the same rows that are drawn at random."""

from __future__ import annotations

import random
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from operator import mul
from statistics import fmean, pstdev
from typing import Any

LANES, BITS = 256, 16


@dataclass
class Verdict:
    """The best of all tries: what it found, of how many, what chance finds, and the best that chance finds."""

    tries: int
    name: str
    found: int
    of: int
    by_chance: float
    best: float
    mean: float
    sd: float
    as_good: int  # how many random matchings find as much

    @property
    def is_chance(self) -> bool:
        """Say whether the best try is no better than the best ones of random matchings."""
        return self.best <= self.mean + 3 * self.sd

    def __str__(self) -> str:
        line = (
            f"best {self.best:.1f} sd above chance; at random {self.mean:.1f}, sd {self.sd:.1f}, {self.as_good} as good"
        )
        return f"{self.found} of {self.of} (chance {self.by_chance:.1f}) by {self.name}; {line}; {self.tries} tries"


def judge(
    tries: dict[Any, str],
    truth: Callable[[dict[str, int]], array[int]],
    whose: dict[str, int],
    kinds: dict[str, str],
    rounds: int,
) -> Verdict:
    """Count what each try finds in truth and in matchings drawn within each kind; compare the best with the best."""
    owners = {item: whose[item] for item in sorted(kinds)}
    drawn = [truth(owners), *(truth(_drawn(owners, kinds, random.Random(at))) for at in range(rounds))]
    best, told = [0.0] * len(drawn), (0.0, "", 0, 0, 0.0)
    kept = [(said, name) for said, name in tries.items() if said]
    for first in range(0, len(kept), LANES):
        some = [(array("L", said), name) for said, name in kept[first : first + LANES]]
        counts = list(zip(*_counted([said for said, _name in some], drawn), strict=True))
        for (said, name), found in zip(some, counts, strict=False):
            total, squares = sum(found) - found[0], sum(map(mul, found, found)) - found[0] ** 2
            mean, sd = total / rounds, max(sqrt(rounds * squares - total**2) / rounds, 1.0)
            scores = [(one - mean) / sd for one in found]
            told = max(told, (scores[0], name, found[0], len(said), mean))
            best = list(map(max, best, scores))
    truly, *drawn_best = best
    as_good = sum(one >= truly for one in drawn_best)
    return Verdict(len(kept), *told[1:], truly, fmean(drawn_best), pstdev(drawn_best), as_good)


def _drawn(owners: dict[str, int], kinds: dict[str, str], chance: random.Random) -> dict[str, int]:
    """Give what is of one kind, as texts or signs are, other authors at random."""
    given: dict[str, int] = {}
    for kind in sorted(set(kinds.values())):
        items = [item for item in owners if kinds[item] == kind]
        given |= zip(items, chance.sample([owners[item] for item in items], len(items)), strict=True)
    return given


def _counted(said: list[array[int]], drawn: list[array[int]]) -> Iterator[array[int]]:
    """Return for each matching how often each try is right; the counts lie side by side in one large number."""
    lanes: defaultdict[int, int] = defaultdict(int)
    for lane, keys in enumerate(said):
        for key in keys:
            lanes[key] += 1 << lane * BITS
    for keys in drawn:
        total = sum(lanes[key] for key in keys if key in lanes)
        yield array("H", total.to_bytes(LANES * BITS // 8, "little"))
