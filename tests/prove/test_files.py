"""What the files of the database hold after the nightly mix, read as a thief of the disk would read them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from community import programs
from tests.prove.sites import Site, site

pytestmark = pytest.mark.prove
PEOPLE = 2_000


def planted(number: int, *, again: bool = False) -> str:
    """Return a name that is found in a file whatever lies around it."""
    return f"{'second' if again else 'first'}canary{number:05}"


@pytest.fixture(scope="module")
def lived_in() -> Iterator[Site]:
    """Sign many up, one by one, and let each change."""
    with site() as made:
        assert made.manage("migrate", "--verbosity", "0")[0] == 0
        with made.open() as owner:
            sign_up(owner, range(PEOPLE))
        yield made


def sign_up(owner: psycopg.Connection, numbers: Iterable[int]) -> None:
    """Sign people up, one by one, and let each change."""
    for number in numbers:
        owner.execute(
            "INSERT INTO accounts_user (id, handle, password, role, is_active, codes_confirmed, owner_secret,"
            " reading_choices, theme, language)"
            " VALUES (gen_random_uuid(), %s, '', 'member', true, true, %s, '{}', '', '')",
            [planted(number), number.to_bytes(32, "big")],
        )
        owner.execute(
            "UPDATE accounts_user SET handle = %s WHERE handle = %s", [planted(number, again=True), planted(number)]
        )


def in_files(made: Site, *, again: bool = False, table: bool = False) -> list[int]:
    """Return which planted names lie in the files, or in that of the table, in the order in which they lie there."""
    with psycopg.connect(made.place.url("fernway_admin", "fernway"), autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        (path,) = admin.execute("SELECT pg_relation_filepath('accounts_user')").fetchone() or ("",)
    data, word = Path(made.place.home, "data"), planted(0, again=again).encode()[:-5]
    files = [data / path] if table else [file for file in data.joinpath("base").rglob("*") if file.is_file()]
    return [int(one) for file in files for one in re.findall(word + rb"(\d{5})", file.read_bytes())]


def order(found: list[int]) -> float:
    """Return how well an order fits that of arrival: 1 is the same or its reverse, 0 has nothing to do with it."""
    pairs = list(pairwise(found))
    return abs(2 * sum(first < second for first, second in pairs) / len(pairs) - 1)


def test_old_rows_and_their_order_are_gone_from_the_files(lived_in: Site) -> None:
    with lived_in.open() as owner:
        owner.execute("VACUUM accounts_user")
    assert len(set(in_files(lived_in))) > PEOPLE / 20, "a plain vacuum leaves the old bytes: the control"
    assert order(in_files(lived_in, again=True, table=True)) > 0.5, "as they came: the control"
    assert lived_in.manage("mix")[0] == 0
    assert set(in_files(lived_in)) == set()
    lie = in_files(lived_in, again=True, table=True)
    assert sorted(lie) == list(range(PEOPLE)), "what is there is still there, and once"
    assert order(lie) < 0.1


def in_dump(made: Site) -> list[int]:
    """Return which planted names are in a dump of the table, in the order in which they are there."""
    command = [programs.clients() / "pg_dump", "--data-only", "--table=accounts_user", made.place.owner_url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [int(one) for one in re.findall(planted(0, again=True)[:-5] + r"(\d{5})", said)]


def test_the_dump_is_in_no_order_either(lived_in: Site) -> None:
    with lived_in.open() as owner:
        sign_up(owner, range(PEOPLE, 2 * PEOPLE))
    before = in_dump(lived_in)
    newest = [number for number in before if number >= PEOPLE]
    assert len(newest) == PEOPLE
    assert order(newest) == 1.0, "as they came: the control"
    assert lived_in.manage("mix")[0] == 0
    mixed = in_dump(lived_in)
    assert sorted(mixed) == sorted(before)
    assert order(mixed) < 0.1
    assert order([number for number in mixed if number >= PEOPLE]) < 0.1
    early = sum(number < PEOPLE for number in mixed[: len(mixed) // 2])
    assert abs(early / PEOPLE - 0.5) < 0.1, "who is new lies among the others"
    with lived_in.open() as owner:
        assert owner.execute("SELECT count(DISTINCT xmin::text) FROM accounts_user").fetchone() == (1,)
