"""Read a record of a million rows as `manage.py verify_audit` does, and say how long it took and how much memory.

    python benchmarks/record.py --rows 1000000

A database of its own is made for it and dropped at the end, as in leases.py. The rows are put in as the owner of
the tables, by one statement that seals each with the one before it, as the trigger does.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from leases import database, login

FILL = """
DO $$
DECLARE
    seal bytea := sha256('');
    next bytea;
    words text;
    about uuid;
BEGIN
    FOR number IN 1..{rows} LOOP
        about := gen_random_uuid();
        words := format('{{"place": 1, "rules": [], "outcome": "approve", "decision": "%s"}}', about);
        next := sha256(convert_to(concat_ws(
            '|', number, 'decide', about, about, about, encode(sha256(convert_to(words, 'UTF8')), 'hex'), words,
            '2026-11-01', encode(seal, 'hex')
        ), 'UTF8'));
        INSERT INTO moderation_entry VALUES (
            number, 'decide', about, about, about, sha256(convert_to(words, 'UTF8')), words, '2026-11-01', seal, next
        );
        seal := next;
    END LOOP;
    INSERT INTO moderation_head (id, number, seal) VALUES (1, {rows}, seal);
END $$
"""


def peak() -> int:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def fill(rows: int, owner: dict[str, str]) -> None:
    """Put the rows in as the owner of the tables, and go back to the role that serves the site."""
    from django.conf import settings
    from django.db import connection

    login(**owner)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL.format(rows=rows))
    login(USER=settings.WEB_ROLE, PASSWORD=settings.WEB_PASSWORD)


def main() -> None:
    """Fill, read, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with database() as owner:
        fill(rows, owner)
        from moderation.checking import verify

        before, start = peak(), time.perf_counter()
        found = verify()
        took = time.perf_counter() - start
        print(found.sentence)
        print(f"  {took:.1f} s, {found.rows / took:,.0f} rows a second")
        print(f"  memory: {before} MB before, {peak()} MB at most")


if __name__ == "__main__":
    main()
