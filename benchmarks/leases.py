"""Race moderators for one queue, on real connections of the web role, and count the outcome in the tables.

    python benchmarks/leases.py --moderators 8 --texts 800 --waiting 100000 --raced 320

First every moderator takes the next text and decides about it, until so many texts are decided; behind them wait
copies, as many as are asked for. Then, on other texts, two approvals and two refusals under one lease are sent at
one moment, each over a connection of its own.
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


def ask(statement: str) -> None:
    """Run a statement that answers nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def rows(query: str) -> list[tuple[Any, ...]]:
    """Ask the tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


COPIES = (
    """INSERT INTO stories_contribution
        (id, owner_tag, voice, person_seal, from_receipt, is_example, takes_replies, is_seen, month)
    SELECT KEY(id), sha256(owner_tag || convert_to(n::text, 'UTF8')), sha256(voice || convert_to(n::text, 'UTF8')),
        person_seal, from_receipt, is_example, takes_replies, is_seen, month FROM stories_contribution, TIMES""",
    """INSERT INTO stories_revision (id, contribution_id, number, state, title, text, role, warnings, consents,
        language, audience, answers, treatments, hope, signals, salt, month)
    SELECT KEY(id), KEY(contribution_id), number, state, title, text, role, warnings, consents, language, audience,
        answers, treatments, hope, signals, KEY(salt), month FROM stories_revision, TIMES""",
    """INSERT INTO moderation_case
        (id, revision_id, cause, priority, needs, is_contested, opened_hour, enters_at, due_at, closing, outcome)
    SELECT KEY(id), KEY(revision_id), cause, priority, needs, is_contested, opened_hour, enters_at,
        due_at + interval '1 day', closing, outcome FROM moderation_case, TIMES""",
)
COPIED = ("stories_contribution", "stories_revision", "moderation_case")


def fill(waiting: int, texts: int, owner: dict[str, str]) -> None:
    """Let copies wait behind the texts that wait, until there are so many; made as the owner, with guards off."""
    import re

    from django.conf import settings

    times = waiting // texts - 1
    if times < 1:
        return
    login(**owner)
    for table in COPIED:
        ask(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in COPIES:
        keyed = re.sub(r"KEY\((\w+)\)", r"md5(\1::text || n::text)::uuid", statement)
        ask(keyed.replace("TIMES", f"generate_series(1, {times}) AS n"))
    for table in COPIED:
        ask(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        ask(f"ANALYZE {table}")
    login(USER=settings.WEB_ROLE, PASSWORD=settings.WEB_PASSWORD)


def race_for_leases(moderators: int, texts: int, waiting: int, owner: dict[str, str]) -> None:
    """Let moderators take and decide texts, with many more waiting behind them."""
    from tests import make

    for _ in range(texts):
        make.waiting()
    people = [make.moderator(second_factor=False) for _ in range(moderators)]
    fill(waiting, texts, owner)
    [[there]] = rows("SELECT count(*) FROM moderation_case WHERE closing = ''")
    begun = time.perf_counter()
    hands = together([partial(work, person, texts // moderators) for person in people])
    seconds = time.perf_counter() - begun
    leases = [lease for hand in hands for lease in hand]
    print(f"{moderators} moderators, {there} waiting texts, {seconds:.1f} s")
    print(f"  leases given: {len(leases)}, on different texts: {len({lease[0] for lease in leases})}")
    for name, place in (("claim", 1), ("decision", 2)):
        times = sorted(lease[place] * 1000 for lease in leases)
        print(f"  a {name}: p50 {statistics.median(times):.1f} ms, p99 {times[len(times) * 99 // 100]:.1f} ms")
    counted = rows("""
        SELECT count(*), count(DISTINCT case_id), count(DISTINCT revision_id), count(DISTINCT moderator_id),
            (SELECT count(*) FROM moderation_case WHERE closing = '') FROM moderation_decision
    """)
    line = "  in the table: {} decisions on {} cases and {} texts by {} moderators; {} cases open"
    print(line.format(*counted[0]))


def work(moderator: Any, most: int) -> list[tuple[Any, float, float]]:
    """Take and decide so many texts; return each with the seconds that taking it and deciding it took."""
    from moderation.actions import Verdict, claim_next, decide
    from stories.models import Outcome

    leases = []
    for _ in range(most):
        begun = time.perf_counter()
        case = claim_next(moderator=moderator)
        if case is None or case.lease_token is None:
            break
        taken = time.perf_counter()
        decide(case.pk, Verdict(Outcome.APPROVE), token=case.lease_token, moderator=moderator)
        leases.append((case.pk, taken - begun, time.perf_counter() - taken))
    return leases


def race_decisions(texts: int) -> None:
    """Send two approvals and two refusals under the same lease at one moment, text after text."""
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
            Verdict(Outcome.APPROVE),
            Verdict(Outcome.REFUSE, rules=("kind",), text="Please, kindly."),
        ]
        told.update(together([partial(outcome, case, verdict, moderator) for verdict in verdicts]))
    print(f"four decisions at once on each of {texts} texts")
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
    parser.add_argument("--texts", type=int, default=800)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--raced", type=int, default=320)
    options = parser.parse_args()
    with database() as owner:
        from stories.actions import remember_key

        remember_key()
        race_for_leases(options.moderators, options.texts, options.waiting, owner)
        race_decisions(options.raced)


if __name__ == "__main__":
    main()
