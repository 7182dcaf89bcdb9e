"""Race moderators for one queue, on real connections of the web role, and count the outcome in the tables.

    python benchmarks/leases.py --moderators 8 --texts 500 --opposite 200

First every moderator takes the next text and decides about it, until nothing waits. Then, on other texts,
an approval and a refusal under the same lease are sent at one moment, each over a connection of its own.
A database of its own is made for it and dropped at the end: on the server of DATABASE_URL and
DATABASE_OWNER_URL when they are set, else on an embedded one under DATA_DIR.
"""

import argparse
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
COUNTED = """
    SELECT count(*), count(DISTINCT d.revision_id), count(*) FILTER (WHERE d.outcome = 'approve'),
        count(*) FILTER (WHERE d.outcome = 'refuse'), count(p.revision_id),
        count(*) FILTER (WHERE r.state = 'waiting')
    FROM moderation_decision AS d JOIN stories_revision AS r ON r.id = d.revision_id
    LEFT JOIN stories_publication AS p ON p.revision_id = r.id WHERE d.case_id = ANY ('%s'::uuid[])
"""


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """Make a database as its owner, use it as the web role, and drop it; tell how the owner logs in."""
    os.environ["LOCAL_RUN"] = os.environ["DATABASE_AS_OWNER"] = "1"
    os.environ["DATA_DIR"] = str(Path(os.environ.get("DATA_DIR", ROOT / ".data")).absolute() / "bench")
    os.environ["VISITOR_WAITING_CAP"] = "1000000"
    os.environ["SAMPLE_PERCENT"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "community.settings"
    from community.place import place
    from community.postgres import Server

    server = None if os.environ.get("DATABASE_URL") else Server(place(Path(os.environ["DATA_DIR"])))
    if server is not None:
        server.start()
    import django
    from django.conf import settings
    from django.db import connection

    django.setup()
    owner = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    before = connection.settings_dict["NAME"]
    with redirect_stdout(StringIO()):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        login(USER=settings.WEB_ROLE, PASSWORD=settings.WEB_PASSWORD)
        yield owner
    finally:
        login(**owner)
        connection.creation.destroy_test_db(before, verbosity=0)
        if server is not None:
            server.stop()


def login(**who: str) -> None:
    """Let this thread's and every later connection log in as somebody else."""
    from django.db import connection, connections

    connection.close()
    connections.settings["default"].update(who)
    connection.settings_dict.update(who)


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all acts at the same moment, each in a thread with a connection of its own."""
    from django.db import connection

    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        ready.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def rows(query: str) -> list[tuple[Any, ...]]:
    """Ask the tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def race_for_leases(moderators: int, texts: int) -> None:
    """Let moderators take and decide texts until nothing waits."""
    from tests import make

    for _ in range(texts):
        make.waiting()
    people = [make.moderator(second_factor=False) for _ in range(moderators)]
    begun = time.perf_counter()
    hands = together([partial(work, person) for person in people])
    seconds = time.perf_counter() - begun
    leases = [lease for hand in hands for lease in hand]
    times = sorted(spent * 1000 for _, _, spent in leases)
    print(f"{moderators} moderators, {texts} waiting texts, {seconds:.1f} s")
    print(f"  leases given: {len(leases)}, on different texts: {len({pk for pk, _, _ in leases})}")
    print(f"  by moderator: {sorted(len(hand) for hand in hands)}")
    print(f"  a claim: p50 {statistics.median(times):.1f} ms, p99 {times[len(times) * 99 // 100]:.1f} ms")
    counted = rows("""
        SELECT count(*), count(DISTINCT case_id), count(DISTINCT revision_id), count(DISTINCT moderator_id),
            (SELECT count(*) FROM moderation_case WHERE closing = '') FROM moderation_decision
    """)
    line = "  in the table: {} decisions on {} cases and {} texts by {} moderators; {} cases open"
    print(line.format(*counted[0]))


def work(moderator: Any) -> list[tuple[Any, Any, float]]:
    """Take and decide until nothing waits; return the leases, each with the seconds that taking it took."""
    from moderation.actions import Verdict, claim_next, decide
    from stories.models import Outcome

    leases = []
    while True:
        begun = time.perf_counter()
        case = claim_next(moderator=moderator)
        if case is None or case.lease_token is None:
            return leases
        leases.append((case.pk, case.lease_token, time.perf_counter() - begun))
        decide(case.pk, Verdict(Outcome.APPROVE), token=case.lease_token, moderator=moderator)


def race_decisions(texts: int) -> None:
    """Send an approval and a refusal of the same lease at one moment, text after text."""
    from moderation.actions import Verdict, claim
    from stories.models import Outcome
    from tests import make

    moderator = make.moderator(second_factor=False)
    told: Counter[str] = Counter()
    pks = []
    for _ in range(texts):
        case = claim(make.case().pk, moderator=moderator)
        pks.append(str(case.pk))
        verdicts = [
            Verdict(Outcome.APPROVE),
            Verdict(Outcome.REFUSE, rules=("kind",), text="Please, kindly."),
        ]
        told.update(together([partial(outcome, case, verdict, moderator) for verdict in verdicts]))
    print(f"two opposite decisions at once on each of {texts} texts")
    print(f"  told: {dict(sorted(told.items()))}")
    counted = rows(COUNTED % f"{{{','.join(pks)}}}")
    line = "  in the table: {} decisions on {} texts, {} approved, {} refused, {} public, {} waiting"
    print(line.format(*counted[0]))


def outcome(case: Any, verdict: Any, moderator: Any) -> str:
    """Decide, and return what was answered."""
    from moderation.actions import Conflict, decide

    try:
        return f"{decide(case.pk, verdict, token=case.lease_token, moderator=moderator).outcome} taken"
    except Conflict as conflict:
        stands = conflict.decision.outcome if conflict.decision else "nothing"
        return f"{verdict.outcome} too late, shown {stands}"


def main() -> None:
    """Read the options, race, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moderators", type=int, default=8)
    parser.add_argument("--texts", type=int, default=500)
    parser.add_argument("--opposite", type=int, default=200)
    options = parser.parse_args()
    with database():
        from stories.actions import remember_key

        remember_key()
        race_for_leases(options.moderators, options.texts)
        race_decisions(options.opposite)


if __name__ == "__main__":
    main()
