"""Measure the pages among many stories, and write what was found into docs/benchmarks.md.

    python benchmarks/stories.py 1000 100000 1000000

Databases that are not there yet are seeded first (benchmarks/seed.py; a million takes a quarter of an hour and 8 GB).
All sizes are asked in turns within one run and one process, so that what else the machine does falls on all of them
alike: read the times as ratios.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
REPORT = ROOT / "docs" / "benchmarks.md"
WARM, TURNS, PUBLISHED = 10, 30, 20
SHARED_BUFFERS = "1GB"


def prepare(sizes: list[int], data_dir: Path) -> None:
    """Seed what is missing, migrate the rest, and let Django's settings be those of the site."""
    from benchmarks import seed

    for count in sizes:
        if seed.is_made(count, data_dir):
            manage("migrate", "-v", "0", **seed.environment(count, data_dir))
        else:
            seed.make(count, data_dir)
    os.environ.update(seed.environment(sizes[0], data_dir), LOG_LEVEL="ERROR")
    manage("collectstatic", "--noinput", "-v", "0")
    import django

    django.setup()


def manage(*command: str, **environment: str) -> None:
    """Run a command of the site."""
    subprocess.run([sys.executable, str(ROOT / "manage.py"), *command], env=os.environ | environment, check=True)


def tune(where: Any) -> None:
    """Give the database a quarter of a small machine's memory, as its manual advises; felt at the next start."""
    import psycopg

    with psycopg.connect(where.url("fernway_admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER SYSTEM SET shared_buffers = '{SHARED_BUFFERS}'")


def work_out_figures(site: Any) -> float:
    """Publish the figures of a site when it has none yet; return the seconds that working them out takes."""
    from datetime import UTC, datetime

    from stories.actions.figures import refresh_figures
    from stories.figures import groups

    with site.used(), site.patient():
        begun = time.perf_counter()
        for group in groups():
            list(group.tables)
        spent = time.perf_counter() - begun
        if not site.rows("SELECT FROM stories_figure LIMIT 1"):
            refresh_figures(today=datetime.now(UTC).date())
    return spent


def measure(sites: list[Any], turns: int, *, warm: int = WARM) -> dict[str, Any]:
    """Ask every site for every page, in turns; return times and plans by page and size."""
    from rich.progress import Progress

    from benchmarks.plans import Queries
    from benchmarks.visits import PAGES_ASKED

    times: dict[tuple[str, int], list[float]] = {}
    queries: dict[tuple[str, int], Queries] = {}
    listed: dict[tuple[str, int], int] = {}
    with Progress() as progress:
        task = progress.add_task("Asking pages", total=(warm + turns + 1) * len(PAGES_ASKED))
        for turn in range(warm + turns):
            for page in PAGES_ASKED:
                for site in sites:
                    spent, listed[page.name, site.count] = site.get(page, turn)
                    times.setdefault((page.name, site.count), []).append(spent)
                progress.advance(task)
        for page in PAGES_ASKED:
            for site in sites:
                noted = queries[page.name, site.count] = Queries(explained=True)
                with site.wrapper.execute_wrapper(noted):
                    site.get(page)
            progress.advance(task)
    return {"times": {key: spent[warm:] for key, spent in times.items()}, "queries": queries, "listed": listed}


def publish(sites: list[Any], times: int) -> dict[int, list[dict[str, float]]]:
    """Publish some more stories at every site, in turns; return the milliseconds of each action."""
    from benchmarks.invented import Writers

    written = (one for one in Writers(seed=2).stories(10 * times) if one.parent is None)
    spent: dict[int, list[dict[str, float]]] = {site.count: [] for site in sites}
    for one in islice(written, times + 1):
        for site in sites:
            spent[site.count].append(_published(site, one))
    return {count: each[1:] for count, each in spent.items()}


def _published(site: Any, one: Any) -> dict[str, float]:
    from benchmarks.visits import publish_one

    return publish_one(site, one)


def main() -> None:
    """Seed what is missing, measure, write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    sizes = sorted(set(given.sizes))
    data_dir = Path(os.environ.get("DATA_DIR", ROOT / ".data")).absolute() / "bench"
    from community.place import place
    from community.postgres import Server

    where = place(data_dir)
    with Server(where):
        prepare(sizes, data_dir)
        tune(where)
    with Server(where):
        from benchmarks.report import Found, written
        from benchmarks.visits import Site

        sites = [Site.of(count) for count in sizes]
        load = [os.getloadavg()[0]]
        figures = {site.count: work_out_figures(site) for site in sites}
        measured = measure(sites, given.turns)
        published = publish(sites, PUBLISHED)
        load.append(os.getloadavg()[0])
        found = Found(sites, figures=figures, published=published, load=load, **measured)
        given.report.write_text(written(found))
    print(f"Written: {given.report}")


if __name__ == "__main__":
    main()
