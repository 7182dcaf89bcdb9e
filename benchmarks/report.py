"""What was measured, as a page of Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.plans import Queries
from benchmarks.seed import BASE, HIDDEN_EACH
from benchmarks.visits import PAGES_ASKED, SIZES, WITHDRAW, Page, Site

TABLES = 8
INTRODUCTION = """\
# Pages among many stories

Written by `make bench` (`SIZES="{sizes}"`); do not edit. The stories are invented by `benchmarks/invented.py`: lengths
are log-normal around 250 words, words follow Zipf's law, one word stands in about 30 of 100 stories and one in 20 of
any number; a reply to every fifth story, reactions to every fourth text, one story in ten for members only, one text in
{hidden} hidden. They stand in the very tables that the site's actions fill, with case, decision and words to search.
More than {base:,} are copies of {base:,} different ones under other keys.

Each time is that of a whole request inside the process, middleware, queries and template included, as a visitor, over
a login of the role that owns nothing and with all guards on; warm, {turns} requests of each kind, all sizes in turns in
one run. The machine was shared meanwhile (load {load} on {cores} cores), so **read them as ratios**. {system}.

A page is held against its own time at the smallest size. There a rare filter finds hardly anything and its page is
nearly empty, so what is shown besides is part of its growth: see *entries*.
"""
PLANS = """\
## How PostgreSQL answers

Each query of each page, as EXPLAIN (ANALYZE, BUFFERS) tells it: the nodes that read or sort, each with rows (× how
often it was asked); milliseconds; blocks of 8 KB touched. The planner's work is not in it, and explaining slows
a query down.
"""


@dataclass(frozen=True)
class Found:
    """All that was measured, by page and size."""

    sites: Sequence[Site]
    times: dict[tuple[str, int], list[float]]
    queries: dict[tuple[str, int], Queries]
    listed: dict[tuple[str, int], int]
    published: dict[int, list[dict[str, float]]]
    figures: dict[int, float]
    load: Sequence[float]

    @property
    def counts(self) -> list[int]:
        """Return the sizes, the smallest first."""
        return [site.count for site in self.sites]

    def median(self, page: Page, count: int) -> float:
        """Return the milliseconds within which half of the requests were answered."""
        return statistics.median(self.times[page.name, count])

    def growth(self, page: Page) -> float:
        """Return how often the time at the smallest size goes into that at the largest."""
        return self.median(page, self.counts[-1]) / self.median(page, self.counts[0])


def written(found: Found) -> str:
    """Return the report."""
    ((version,),) = found.sites[0].rows("SHOW server_version")
    ((buffers,),) = found.sites[0].rows("SHOW shared_buffers")
    introduction = INTRODUCTION.format(
        sizes=" ".join(map(str, found.counts)),
        turns=len(next(iter(found.times.values()))),
        load=" to ".join(f"{load:.0f}" for load in sorted(found.load)),
        cores=os.cpu_count(),
        hidden=HIDDEN_EACH,
        base=BASE,
        system=f"PostgreSQL {version} with {buffers} of shared buffers, Python {platform.python_version()}",
    )
    parts = [introduction, *_pages(found), *_writing(found), *_room(found), PLANS, *_plans(found)]
    return "\n".join(parts).rstrip() + "\n"


def _pages(found: Found) -> Iterator[str]:
    yield "## Time of a page, in milliseconds: median (95 of 100)\n"
    sizes = [f"{count:,}" for count in found.counts]
    yield _row("page", *sizes, "entries", "queries", "growth", "at most", "")
    yield _row("---", *("---:" for _ in range(len(sizes) + 4)), "---")
    for page in PAGES_ASKED:
        cells = [
            f"{found.median(page, count):.1f} ({_p95(found.times[page.name, count]):.1f})" for count in found.counts
        ]
        listed = _each(found.listed[page.name, count] for count in found.counts)
        queries = _each(found.queries[page.name, count].count for count in found.counts)
        yield _row(page.name, *cells, listed, queries, f"{found.growth(page):.2f}", *_judged(page, found))
    yield ""


def _judged(page: Page, found: Found) -> tuple[str, str]:
    """Return what the time of a page must keep to, and whether it does."""
    if page.most_ms is not None:
        return f"{page.most_ms:.0f} ms", _held(found.median(page, found.counts[-1]) < page.most_ms)
    limit = page.growth or 0.0
    return f"{limit:g} times", _held(found.growth(page) <= limit)


def _held(is_held: bool) -> str:  # noqa: FBT001 - the one thing it is told
    return "held" if is_held else "**not held**"


def _writing(found: Found) -> Iterator[str]:
    yield "## Publishing one story, in milliseconds: median (95 of 100)\n"
    yield (
        f"Through the site's own actions, {len(found.published[found.counts[0]])} stories at each size. "
        "The last row is a job of the night, in seconds, once.\n"
    )
    yield _row("act", *(f"{count:,}" for count in found.counts))
    yield _row("---", *("---:" for _ in found.counts))
    acts = list(found.published[found.counts[0]][0])
    for name in acts:
        yield _row(name, *(_spread([one[name] for one in found.published[count]]) for count in found.counts))
    publishing = [name for name in acts if name != WITHDRAW]
    sums = {count: [sum(one[name] for name in publishing) for one in found.published[count]] for count in found.counts}
    yield _row("publish it, all acts together", *(_spread(sums[count]) for count in found.counts))
    yield _row("work out all figures (seconds)", *(f"{found.figures[count]:.1f}" for count in found.counts))
    yield ""


def _room(found: Found) -> Iterator[str]:
    yield "## Room on the disk\n"
    for site in found.sites:
        ((size,),) = site.rows("SELECT pg_database_size(current_database())")
        yield f"- {site.count:,} stories: {_megabytes(size)}, {size / site.count / 1024:.1f} KB a story"
    yield f"\nThe largest tables at {found.counts[-1]:,}:\n"
    yield _row("table", "in all", "rows", "indexes", "long values")
    yield _row("---", "---:", "---:", "---:", "---:")
    for name, whole, rows, indexes in found.sites[-1].rows(SIZES, TABLES):
        yield _row(f"`{name}`", *map(_megabytes, (whole, rows, indexes, whole - rows - indexes)))
    yield ""


def _plans(found: Found) -> Iterator[str]:
    for page in PAGES_ASKED:
        yield f"### {page.name}\n"
        yield _row("stories", "query", "ms", "blocks", "plan")
        yield _row("---:", "---:", "---:", "---:", "---")
        before: list[list[str]] = []
        for count in found.counts:
            plans = found.queries[page.name, count].plans
            for number, plan in enumerate(plans):
                is_known = number < len(before) and before[number] == plan.nodes
                nodes = "as above" if is_known and len(str(plan)) > TABLES * 10 else str(plan)
                yield _row(f"{count:,}", str(number + 1), f"{plan.ms:.2f}", str(plan.blocks), nodes)
            before = [plan.nodes for plan in plans]
        yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _each(values: Iterable[int]) -> str:
    """Return one value where all are equal, else all."""
    known = list(values)
    return str(known[0]) if len(set(known)) == 1 else ", ".join(map(str, known))


def _spread(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.1f} ({_p95(times):.1f})"


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"
