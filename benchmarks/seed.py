"""Fill a database with invented stories, published, by COPY.

    python benchmarks/seed.py --count 100000

The rows are those that the site's own actions would leave: text, version, case, decision, publication, words to
search, counters. They go in as the server's administrator with triggers off (``session_replication_role``),
for a million stories through the actions would take days; so this works on the embedded server only, in a
database of its own, which is made anew. It never touches the site's.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
COLUMNS = {
    "stories_contribution": "id parent_id owner_tag voice person_seal from_receipt is_example takes_replies is_seen"
    " month",
    "stories_revision": "id contribution_id number state title text role warnings consents language audience answers"
    " treatments hope signals salt month",
    "moderation_case": "id revision_id cause priority needs is_contested opened_hour enters_at due_at closing outcome",
    "moderation_decision": "id case_id place revision_id outcome rules passages warnings moderator_id request_id month",
    "stories_publication": "contribution_id revision_id parent_id position facets warnings minutes month"
    " engine_place quote_place",
    "bench_words": "publication_id position a b c",
}
BUILT_AFTER = ("search_words", "publication_facets")
BATCH, BASE = 5_000, 100_000
MONTH, WEEK = date(2026, 1, 1), datetime(2026, 1, 5, tzinfo=UTC)
VECTORS = """
    INSERT INTO stories_searchentry (publication_id, position, vector)
    SELECT w.publication_id, w.position, setweight(to_tsvector('english', w.a), 'A')
        || setweight(to_tsvector('english', w.b), 'B') || setweight(to_tsvector('english', w.c), 'C')
        || setweight(to_tsvector('english', r.text), 'D')
    FROM bench_words AS w JOIN stories_publication AS p ON p.contribution_id = w.publication_id
    JOIN stories_revision AS r ON r.id = p.revision_id WHERE w.position > %s AND w.position <= %s
"""
WORDS = "CREATE UNLOGGED TABLE bench_words (publication_id uuid, position bigint, a text, b text, c text)"
HIDDEN_EACH = 250  # one text of so many is hidden
BESIDE = """
    INSERT INTO stories_reaction (id, contribution_id, kind, mark)
    SELECT gen_random_uuid(), contribution_id, 'c' || 1 + made % 3, sha256(uuid_send(gen_random_uuid()))
    FROM stories_publication CROSS JOIN generate_series(1, position % 7) AS made WHERE position % 4 = 0;
    INSERT INTO stories_suppression (contribution_id, revision_id, ground, month)
    SELECT contribution_id, revision_id, 'invented', month FROM stories_publication WHERE position % HIDDEN_EACH = 0;
    SELECT setval('stories_position', (SELECT max(position) FROM stories_publication));
    INSERT INTO community_counter (name, value)
    SELECT name, count(*) FROM stories_publication AS p, (VALUES ('stories'), ('shared')) AS counted (name)
    WHERE parent_id IS NULL AND NOT EXISTS (SELECT FROM stories_suppression WHERE contribution_id = p.contribution_id)
    GROUP BY name ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


def environment(count: int, data_dir: Path) -> dict[str, str]:
    """Return the environment under which the site works on the database of so many stories."""
    from community import roles
    from community.place import place

    here, name = place(data_dir), f"bench_{count}"
    return {
        **os.environ,
        "LOCAL_RUN": "1",
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "community.settings",
        "DATABASE_URL": here.url(roles.WEB, name),
        "DATABASE_OWNER_URL": here.url(roles.OWNER, name),
        "BENCH_ADMIN_URL": here.url("fernway_admin", name),
    }


def make_database(count: int, data_dir: Path) -> dict[str, str]:
    """Make the database of a size anew, empty and migrated; return its environment."""
    import psycopg

    from community import roles
    from community.place import place

    here, name = place(data_dir), f"bench_{count}"
    with psycopg.connect(here.url("fernway_admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    roles.prepare_roles(here.url("fernway_admin", "postgres"), here.passwords, database=name)
    where = environment(count, data_dir)
    subprocess.run([sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"], env=where, check=True)
    subprocess.run([sys.executable, str(ROOT / "manage.py"), "remember_key"], env=where, check=True)
    return where


def rows(stories: Iterable[Any], moderator: uuid.UUID) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Yield the rows of each story, table by table."""
    from stories.facets import facets_of
    from stories.models import Revision
    from stories.search.entries import _words  # the same words as the site's, but in bulk
    from stories.search.query import spaced
    from stories.text import minutes

    last: uuid.UUID | None = None
    for position, one in enumerate(stories, start=1):
        pk, revision, case = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        parent = last if one.parent is not None else None
        last = last if parent else pk
        content = Revision(
            title=one.title, text=one.text, role=one.role, answers=one.answers, treatments=one.treatments,
            audience=one.audience, consents=one.consents,
        )  # fmt: skip
        tags = secrets.token_bytes(32), secrets.token_bytes(32), secrets.token_bytes(77)
        made = {
            "stories_contribution": (pk, parent, *tags, False, False, True, True, MONTH),
            "stories_revision": (
                revision, pk, 1, "approved", one.title, one.text, one.role, one.warnings, one.consents, "en",
                one.audience, json.dumps(one.answers), json.dumps(one.treatments), False, [], uuid.uuid4(), MONTH,
            ),
            "moderation_case": (
                case, revision, "new", 0, 1, False, WEEK, WEEK, WEEK, "decided", "approve",
            ),
            "moderation_decision": (
                uuid.uuid4(), case, 1, revision, "approve", [], "[]", [], moderator, uuid.uuid4(), MONTH,
            ),
            "stories_publication": (
                pk, revision, parent, position, [] if parent else facets_of(content), sorted(one.warnings),
                minutes(one.text), MONTH, position if content.is_indexable else None,
                position if content.is_quotable else None,
            ),
        }  # fmt: skip
        if not parent:
            made["bench_words"] = (pk, position, *map(spaced, _words(content)[:3]))
        yield made


def copy(connection: Any, batch: list[dict[str, tuple[Any, ...]]]) -> None:
    """Write a batch, a table at a time."""
    for table, columns in COLUMNS.items():
        with connection.cursor().copy(f"COPY {table} ({columns.replace(' ', ', ')}) FROM STDIN") as out:
            for made in batch:
                if table in made:
                    out.write_row(made[table])


def fill(count: int, admin_url: str, *, seed: int = 1) -> None:
    """Fill an empty database with so many stories and what belongs to them."""
    import psycopg
    from rich.progress import Progress

    from accounts.models import User
    from benchmarks.invented import Writers

    moderator = User(handle="bench-moderator", role="moderator")
    moderator.save()
    with psycopg.connect(admin_url, autocommit=True) as connection, Progress() as progress:
        connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        connection.execute(WORDS)
        built = [taken_down(connection, name) for name in BUILT_AFTER]
        writing = progress.add_task("Writing stories", total=count)
        batch: list[dict[str, tuple[Any, ...]]] = []
        for made in rows(Writers(seed).stories(count), moderator.pk):
            batch.append(made)
            if len(batch) == BATCH:
                copy(connection, batch)
                progress.advance(writing, sum("bench_words" in one for one in batch))
                batch = []
        copy(connection, batch)
        progress.update(writing, completed=count)
        _words_to_search(connection, admin_url, progress)
        finishing = progress.add_task("Building indexes", total=len(built) + 1)
        connection.execute("SET maintenance_work_mem = '1GB'")
        for definition in built:
            connection.execute(definition)
            progress.advance(finishing)
        connection.execute("DROP TABLE bench_words")
        finish(connection)
        progress.advance(finishing)


def finish(connection: Any) -> None:
    """Write what depends on all texts being there: reactions, what is hidden, counters; the planner's figures."""
    connection.execute(BESIDE.replace("HIDDEN_EACH", str(HIDDEN_EACH)))
    connection.execute("VACUUM ANALYZE")


def taken_down(connection: Any, index: str) -> str:
    """Drop an index that is cheaper to build at the end; return what makes it again."""
    ((definition,),) = connection.execute("SELECT pg_get_indexdef(%s::regclass)", [index]).fetchall()
    connection.execute(f"DROP INDEX {index}")
    return str(definition)


def _words_to_search(connection: Any, admin_url: str, progress: Any) -> None:
    """Make the search entries in pieces, over two connections at once."""
    import psycopg

    connection.execute("CREATE INDEX ON bench_words (position); ANALYZE bench_words; ANALYZE stories_publication")
    ((last,),) = connection.execute("SELECT coalesce(max(position), 0) FROM stories_publication").fetchall()
    pieces = iter([(start, start + BATCH) for start in range(0, last, BATCH)])
    task, lock = progress.add_task("Words to search", total=-(-last // BATCH)), threading.Lock()

    def work() -> None:
        with psycopg.connect(admin_url, autocommit=True) as own:
            own.execute("SET session_replication_role = replica; SET synchronous_commit = off")
            while True:
                with lock:
                    piece = next(pieces, None)
                if piece is None:
                    return
                own.execute(VECTORS, piece)
                progress.advance(task)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def make(count: int, data_dir: Path) -> None:
    """Make the database of a size anew and fill it, on the running server of a data directory; as above.

    More than a hundred thousand stories are so many copies of a hundred thousand (benchmarks/multiply.py).
    """
    if count > BASE and count % BASE == 0:
        make_of_copies(count, data_dir)
        return
    where = make_database(count, data_dir)
    command = [sys.executable, __file__, "--inside", "--count", str(count)]
    subprocess.run(command, env={**where, "DATABASE_AS_OWNER": "1"}, check=True)


def make_of_copies(count: int, data_dir: Path) -> None:
    """Make a large database of the one with a hundred thousand stories, which is made first where it is missing."""
    import psycopg

    from benchmarks.multiply import multiply
    from community import roles
    from community.place import place

    if not is_made(BASE, data_dir):
        make(BASE, data_dir)
    here, name = place(data_dir), f"bench_{count}"
    with psycopg.connect(here.url("fernway_admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE bench_{BASE} OWNER {roles.OWNER}")
    roles.prepare_roles(here.url("fernway_admin", "postgres"), here.passwords, database=name)
    multiply(here.url("fernway_admin", name), count // BASE)


def is_made(count: int, data_dir: Path) -> bool:
    """Tell whether the database of a size is there and whole: its counters are the last that is written."""
    import psycopg

    from community.place import place

    try:
        with psycopg.connect(place(data_dir).url("fernway_admin", f"bench_{count}")) as connection:
            ((stories,),) = connection.execute("SELECT max(value) FROM community_counter WHERE name = 'stories'")
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return False
    return stories is not None


def main() -> None:
    """Make a database of the wanted size, on the embedded server under DATA_DIR/bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        import django

        django.setup()
        fill(given.count, os.environ["BENCH_ADMIN_URL"])
        return
    data_dir = Path(os.environ.get("DATA_DIR", ROOT / ".data")).absolute() / "bench"
    from community.place import place
    from community.postgres import Server

    with Server(place(data_dir)):
        make(given.count, data_dir)


if __name__ == "__main__":
    main()
