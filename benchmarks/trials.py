"""Copy invented trials from a register on this machine, as the daily job does: time, memory, requests; then the pages.

    python benchmarks/trials.py --studies 2000

The register runs in a process of its own and answers at once, so that what is measured is ours; it has each study
under two of the pack's terms. A database of its own is made and dropped at the end, as in leases.py. Each copy runs
with the waits that the real register gets, and they are told apart from the work.
"""

import argparse
import logging
import multiprocessing
import random
import resource
import statistics
import sys
import time
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from leases import database

WORDS = (
    "pain floor therapy exercise group week session follow care scale partner question daily home visit clinic".split()
)
COUNTRIES = [
    "United States",
    "Canada",
    "France",
    "Spain",
    "Turkey (Türkiye)",
    "Egypt",
    "Brazil",
    "Iran",
    "Italy",
    "China",
]
STATUSES = ["RECRUITING", "COMPLETED", "COMPLETED", "UNKNOWN", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING"]
TESTED = ["Dilator", "Botulinum toxin", "Mindfulness", "Physiotherapy", "Education", "Lidocaine", "Something else"]


def text(made: random.Random, words: int) -> str:
    """Return words in lines, some of them entries of a list."""
    lines = (" ".join(made.choices(WORDS, k=12)) for _ in range(words // 12))
    return "\n".join(f"* {line} \\> 3" if made.random() < 0.5 else f"**{line}**" for line in lines)


def studies(count: int) -> list[dict[str, Any]]:
    """Return invented records of about the size of real ones."""
    from tests.advice.register_server import study

    made = random.Random(7)  # noqa: S311 - invented records, no secrets
    return [
        study(
            number,
            title=" ".join(made.choices(WORDS, k=12)),
            summary=text(made, 250),
            eligibility=text(made, 400),
            status=made.choice(STATUSES),
            phases=[made.choice(["NA", "PHASE2", "PHASE3"])],
            countries=made.choices(COUNTRIES, k=min(int(made.paretovariate(0.9)), 120)),
            interventions=made.sample(TESTED, 2),
            changed=str(date(2020, 1, 1) + timedelta(days=made.randrange(2_400))),
        )
        for number in range(1, count + 1)
    ]


def serve(count: int, terms: tuple[str, ...], told: Connection) -> None:
    """Be the register until told to stop; a message in between is the next stamp."""
    from tests.advice.register_server import running

    with running() as register:
        all_of_them = studies(count)
        for number, one in enumerate(all_of_them):
            for term in (terms[number % len(terms)], terms[(number + 1) % len(terms)]):
                register.studies.setdefault(term, []).append(one)
        told.send(register.base)
        while stamp := told.recv():
            register.stamp = stamp


def peak() -> int:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def copy(name: str, base: str, terms: tuple[str, ...]) -> None:
    """Copy once, and say what it took."""
    from advice.actions.trials import sync
    from advice.register import Register

    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)

    register = Register(base, terms, wait=wait)
    before, start, worked = peak(), time.perf_counter(), time.process_time()
    copied = sync(register.fetch, date(2026, 11, 23))
    took, worked = time.perf_counter() - start, time.process_time() - worked
    print(f"{name}: {copied}")
    print(f"  {took:.1f} s, {sum(waits):.1f} s of them waits; the processor worked for {worked:.1f} s")
    print(f"  {register.requests} requests; memory {before} -> {peak()} MB")


def look(address: str) -> None:
    """Open a page thirty times, and say how long it took and what it asked."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, times = Client(SERVER_NAME="localhost"), []
    with CaptureQueriesContext(connection) as asked:
        body = client.get(address).content
        queries = len(asked)
    for _ in range(30):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    print(f"{address}: {statistics.median(times):.1f} ms, {queries} queries, {len(body)} bytes")


def main() -> None:
    """Serve, copy, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=2_000)
    count = parser.parse_args().studies
    logging.disable(logging.INFO)
    with database():
        from django.core.management import call_command

        import content
        from advice.models import Trial

        terms = content.load().advice.research.terms
        here, there = multiprocessing.Pipe()
        register = multiprocessing.get_context("spawn").Process(target=serve, args=(count, terms, there))
        register.start()
        base = here.recv()
        copy("the first copy", base, terms)
        copy("the register is unchanged", base, terms)
        here.send("2026-11-22T09:00:05")
        time.sleep(0.5)
        copy("everything again", base, terms)
        here.send("")
        register.join()
        call_command("collectstatic", interactive=False, verbosity=0)
        deep = Trial.objects.newest()[count // 2]
        for address in (
            "/research/",
            "/research/?status=RECRUITING&country=FR&treatment=t01",
            f"/research/?after={deep.changed_on:%Y%m%d}-{deep.code.lower()}",
            f"/research/{deep.code.lower()}/",
        ):
            look(address)


if __name__ == "__main__":
    main()
