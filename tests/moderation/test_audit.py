"""The record under attack: each kind of tampering, done as who owns the tables, with the guards switched off."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from community.health import DIAGNOSIS, look
from moderation.actions import tell
from moderation.actions.auditing import check_record, publish_head
from moderation.checking import Mark, Sign, verify
from moderation.models import Anchor, Entry, Head
from stories.models import Outcome
from tests import make

Owner = psycopg.Connection[Any]
GUARDED = ("moderation_entry", "moderation_head", "moderation_anchor", "stories_revision")


@pytest.fixture
def owner(owner_connection: Owner) -> Iterator[Owner]:
    """Give the owner's connection, the guards switched off until the test is over."""
    for table in GUARDED:
        owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield owner_connection
    for table in GUARDED:
        owner_connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def record(transactional_db: None) -> int:
    """Make a record: a refusal, a publication, and acts that were told; return how many rows it has."""
    make.decided(make.waiting(), Outcome.REFUSE)
    make.published()
    lead = make.moderator()
    for place in range(4):
        tell("note", lead, place=place)
    return Entry.objects.count()


def sealed(entry: Entry) -> bytes:
    return hashlib.sha256(entry.line.encode()).digest()


def change(owner: Owner, number: int) -> None:
    """Change what a row says."""
    owner.execute("""UPDATE moderation_entry SET details = '{"place": 99}' WHERE number = %s""", [number])


def seal_anew(owner: Owner, number: int, *, to_the_end: bool = False) -> None:
    """Seal a row anew, and all after it when the whole chain is to be rewritten, the end with them."""
    for entry in Entry.objects.filter(number__gte=number).order_by("number")[: None if to_the_end else 1]:
        before = Entry.objects.filter(number=entry.number - 1).first()
        entry.previous = bytes(before.seal) if before else hashlib.sha256(b"").digest()
        args = [entry.previous, sealed(entry), entry.number]
        owner.execute("UPDATE moderation_entry SET previous = %s, seal = %s WHERE number = %s", args)
        if to_the_end:
            owner.execute("UPDATE moderation_head SET number = %s, seal = %s", [entry.number, sealed(entry)])


def changed(owner: Owner) -> None:
    change(owner, 5)


def changed_and_sealed(owner: Owner) -> None:
    change(owner, 5)
    seal_anew(owner, 5)


def taken_out(owner: Owner) -> None:
    owner.execute("DELETE FROM moderation_entry WHERE number = 5")


def taken_out_and_closed_up(owner: Owner) -> None:
    taken_out(owner)
    for number in range(6, Entry.objects.count() + 2):
        owner.execute("UPDATE moderation_entry SET number = number - 1 WHERE number = %s", [number])


def swapped(owner: Owner) -> None:
    for old, new in ((5, 1000), (6, 5), (1000, 6)):
        owner.execute("UPDATE moderation_entry SET number = %s WHERE number = %s", [new, old])


def put_in(owner: Owner) -> None:
    for number in range(Entry.objects.count(), 4, -1):
        owner.execute("UPDATE moderation_entry SET number = number + 1 WHERE number = %s", [number])
    owner.execute(
        'INSERT INTO moderation_entry SELECT 5, act, "case", revision, actor, digest, details, month, previous, seal '
        "FROM moderation_entry WHERE number = 4"
    )
    seal_anew(owner, 5)


def cut_off(owner: Owner) -> None:
    owner.execute("DELETE FROM moderation_entry WHERE number = (SELECT max(number) FROM moderation_entry)")


def emptied(owner: Owner) -> None:
    owner.execute("DELETE FROM moderation_entry")


def beyond_the_end(owner: Owner) -> None:
    owner.execute("UPDATE moderation_head SET seal = sha256('other')")


def other_words(owner: Owner) -> None:
    owner.execute(
        "UPDATE stories_revision SET text = text || ' more' WHERE id = (SELECT revision FROM moderation_entry "
        "WHERE revision IS NOT NULL ORDER BY number LIMIT 1)"
    )


TAMPERING: list[tuple[Callable[[Owner], None], Sign, int]] = [
    (changed, Sign.CHANGED, 5),
    (changed_and_sealed, Sign.CHANGED, 5),
    (taken_out, Sign.MISSING, 6),
    (taken_out_and_closed_up, Sign.MISSING, 5),
    (swapped, Sign.ORDER, 5),
    (put_in, Sign.ORDER, 6),
    (cut_off, Sign.CUT, 8),
    (emptied, Sign.CUT, 8),
    (beyond_the_end, Sign.CUT, 8),
    (other_words, Sign.WORDS, 1),
]


def test_a_whole_record_is_well(record: int) -> None:
    assert record == 8
    assert verify() == verify([Mark(3, bytes(Entry.objects.get(number=3).seal))])
    assert (verify().rows, verify().sign) == (8, None)


@pytest.mark.parametrize(("tamper", "sign", "number"), TAMPERING, ids=[one[0].__name__ for one in TAMPERING])
def test_tampering_is_named(
    record: int, owner: Owner, tamper: Callable[[Owner], None], sign: Sign, number: int
) -> None:
    tamper(owner)
    assert (verify().sign, verify().number) == (sign, number)


def test_a_rewritten_chain_is_told_by_what_was_kept_outside(record: int, owner: Owner) -> None:
    kept = [Mark(number, bytes(Entry.objects.get(number=number).seal)) for number in (3, 7)]
    change(owner, 5)
    seal_anew(owner, 5, to_the_end=True)
    assert verify().sign is None
    assert (verify(kept).sign, verify(kept).number) == (Sign.REWRITTEN, 7)


def test_a_rewritten_chain_is_told_by_what_was_published(record: int, owner: Owner) -> None:
    publish_head(today=date(2026, 11, 1))
    change(owner, 5)
    seal_anew(owner, 5, to_the_end=True)
    assert (verify().sign, verify().number) == (Sign.REWRITTEN, 8)


def test_an_end_that_was_cut_with_its_head_is_told_by_what_was_published(record: int, owner: Owner) -> None:
    publish_head(today=date(2026, 11, 1))
    cut_off(owner)
    owner.execute("UPDATE moderation_head SET (number, seal) = (SELECT number, seal FROM moderation_entry "
                  "ORDER BY number DESC LIMIT 1)")  # fmt: skip
    assert (verify().sign, verify().number) == (Sign.CUT, 8)


def test_the_head_of_a_day_is_published_once(record: int) -> None:
    first = publish_head(today=date(2026, 11, 1))
    tell("note", make.moderator())
    assert publish_head(today=date(2026, 11, 1)) == first
    assert publish_head(today=date(2026, 11, 2)) != first
    assert Anchor.objects.get(day=date(2026, 11, 2)).number == Head.objects.get().number
    with pytest.raises(DatabaseError), transaction.atomic():
        Anchor.objects.update(number=1)


def test_an_empty_record_is_well_and_has_no_head(transactional_db: None) -> None:
    assert verify().sign is None
    assert publish_head(today=date(2026, 11, 1)) is None


def test_the_command_says_what_it_found(record: int, owner: Owner, tmp_path: Path) -> None:
    said, kept = StringIO(), tmp_path / "kept.txt"
    kept.write_text(f"2026-11-01 8 {bytes(Head.objects.get().seal).hex()}\n\n")
    call_command("verify_audit", anchor=kept, stdout=said)
    assert said.getvalue() == "All 8 rows are as written.\n"
    change(owner, 2)
    seal_anew(owner, 2, to_the_end=True)
    call_command("verify_audit", stdout=StringIO())
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", anchor=kept, stdout=said)
    assert ended.value.code == 1
    assert said.getvalue().splitlines()[-1].startswith("Up to row 8 the chain holds")


def test_a_seal_alone_tells_of_a_chain_that_was_cut_or_rewritten(record: int, owner: Owner, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(f"2026-11-01 {bytes(Head.objects.get().seal).hex()}\n")
    call_command("verify_audit", anchor=kept, stdout=StringIO())
    change(owner, 2)
    seal_anew(owner, 2, to_the_end=True)
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", anchor=kept, stdout=said)
    assert said.getvalue().startswith("An end that was kept is not in the record any more")


def test_one_end_of_each_week_is_left(record: int) -> None:
    for day in range(2, 12):  # 2 November 2020 is a Monday
        assert publish_head(today=date(2020, 11, day))
        tell("note", make.moderator())
    publish_head(today=date(2020, 11, 17))
    assert list(Anchor.objects.order_by("day").values_list("day", flat=True)) == [
        date(2020, 11, day) for day in (8, 10, 11, 17)
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        Anchor.objects.filter(day=date(2020, 11, 8)).delete()


@pytest.mark.parametrize("words", ["8", "8 zz", "x " + "0" * 63, "8 00"])
def test_a_file_that_is_none_is_refused(transactional_db: None, tmp_path: Path, words: str) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(words)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", anchor=kept)


def test_doctor_shows_what_the_night_found(record: int, owner: Owner) -> None:
    check = [one for one in DIAGNOSIS if one.subject == "Record of decisions"]
    assert list(look(check))[-1].todo == ""
    check_record(today=date.today())  # noqa: DTZ011 - any day near now
    assert list(look(check))[-1].todo == ""
    changed(owner)
    check_record(today=date.today())  # noqa: DTZ011 - as above
    assert "verify_audit" in list(look(check))[-1].todo
    check_record(today=date(2020, 1, 1))
    owner.execute("UPDATE moderation_tally SET cells = jsonb_set(cells, '{sign}', '\"\"')")
    assert "for days" in list(look(check))[-1].todo
