"""Whether the record is as it was written, and what it looks like when it is not; nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from moderation.models import Anchor, Entry, Head

CHUNK = 5_000
COLUMNS = ("number", "act", "case", "revision", "actor", "digest", "details", "month", "previous", "seal")
FIRST = hashlib.sha256(b"").digest()
# As in moderation/migrations/0003_record.py. What retention emptied has no salt any more, so nothing to compare.
CHANGED_WORDS = """
    SELECT e.number FROM moderation_entry AS e JOIN stories_revision AS r ON r.id = e.revision
    WHERE e.digest IS NOT NULL AND NOT (r.text = '' AND r.salt = '00000000-0000-0000-0000-000000000000')
    AND e.digest <> sha256(convert_to(concat_ws(
        E'\\n', r.salt, r.title, r.text, r.role, r.warnings, r.consents, r.language, r.audience, r.answers,
        r.treatments, r.hope
    ), 'UTF8'))
    ORDER BY e.number LIMIT 1
"""


class Sign(StrEnum):
    """What was done to the record, as far as can be told."""

    CHANGED = "changed"
    MISSING = "missing"
    ORDER = "order"
    CUT = "cut"
    REWRITTEN = "rewritten"
    GONE = "gone"
    WORDS = "words"


SENTENCES = {
    Sign.CHANGED: "Row {number} was changed: it does not fit its seal, or the row after it was sealed onto others.",
    Sign.MISSING: "Before row {number} at least one row is missing.",
    Sign.ORDER: "At row {number} rows were put in another order, or one was put in.",
    Sign.CUT: "The end was cut off or changed: the record should end at row {number}, with another seal.",
    Sign.REWRITTEN: "Up to row {number} the chain holds, but it is not the one that was published: it was rewritten.",
    Sign.GONE: "An end that was kept is not in the record any more: rows were cut off, or it was rewritten.",
    Sign.WORDS: "The text that row {number} is about is not the one that was judged: its words were changed later.",
}


@dataclass(frozen=True)
class Mark:
    """A seal (32 bytes) that was kept outside, with the number of its row where that was kept too."""

    number: int | None
    seal: bytes


@dataclass(frozen=True)
class Result:
    """How many rows were read, and the first thing that is wrong; None when nothing is."""

    rows: int
    sign: Sign | None = None
    number: int = 0

    @property
    def sentence(self) -> str:
        """Say it in a sentence."""
        return SENTENCES[self.sign].format(number=self.number) if self.sign else f"All {self.rows} rows are as written."


@dataclass
class _Walk:
    """Where the chain stands while it is read, row by row."""

    marks: dict[int, bytes]
    unseen: set[bytes]
    number: int = 0
    seal: bytes = FIRST
    rows: int = 0
    found: Result | None = field(default=None)

    def step(self, entry: Entry) -> bool:
        """Read one row; say whether all is well so far."""
        sign = self._sign(entry)
        if sign is None:
            self.number, self.seal, self.rows = entry.number, bytes(entry.seal), self.rows + 1
            self.unseen.discard(self.seal)
            if self.marks.get(entry.number, self.seal) != self.seal:
                sign = Sign.REWRITTEN
        if sign is not None:
            # A row that fits its own seal, onto other words before it: those were changed, and sealed anew.
            before = sign == Sign.CHANGED and entry.is_sealed
            self.found = Result(self.rows, sign, entry.number - 1 if before else entry.number)
        return sign is None

    def _sign(self, entry: Entry) -> Sign | None:
        follows, place = bytes(entry.previous) == self.seal, self.number + 1
        if entry.number == place and follows and entry.is_sealed:
            return None
        if not entry.is_sealed:
            return _moved(entry) or Sign.CHANGED
        if entry.number == place:
            return Sign.ORDER if _has_seal(entry.previous) else Sign.CHANGED
        return Sign.ORDER if _has_seal(entry.previous) and not follows else Sign.MISSING


def _moved(entry: Entry) -> Sign | None:
    """Say what happened to a row that fits its seal under another number; None when it fits under none."""
    newest = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    _place, _bar, rest = entry.line.partition("|")
    for number in range(1, newest + CHUNK):
        if hashlib.sha256(f"{number}|{rest}".encode()).digest() == bytes(entry.seal):
            is_gone = number > entry.number and not _has_seal(entry.previous)
            return Sign.MISSING if is_gone else Sign.ORDER
    return None


def _has_seal(seal: bytes | memoryview) -> bool:
    return Entry.objects.filter(seal=bytes(seal)).exists()


def verify(kept: Collection[Mark] = ()) -> Result:
    """Read the whole record in its order, a few thousand rows at a time; return the first thing that is wrong.

    ``kept`` are marks from outside the database; the published ones inside it are compared too.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
        published = [Mark(one.number, bytes(one.seal)) for one in Anchor.objects.all()]
        marks = {one.number: one.seal for one in (*published, *kept) if one.number is not None}
        end = _end()
        walk = _Walk(marks, {one.seal for one in kept if one.number is None})
        for entry in _entries():
            if not walk.step(entry):
                break
        return walk.found or _at_the_end(walk, end) or _words(walk.rows)


def _end() -> tuple[int, bytes]:
    head = Head.objects.filter(pk=1).first()
    return (head.number, bytes(head.seal)) if head else (0, FIRST)


def _entries() -> Iterator[Entry]:
    rows = Entry.objects.order_by("number").values_list(*COLUMNS)
    for row in rows.iterator(chunk_size=CHUNK):
        yield Entry(*row)


def _at_the_end(walk: _Walk, end: tuple[int, bytes]) -> Result | None:
    """Compare where the rows end with where the record, and what was published of it, says that they do."""
    (number, seal), (newest, _seal) = end, _end()
    if walk.number < number or (walk.number == number and walk.seal != seal) or walk.number > newest:
        return Result(walk.rows, Sign.CUT, number)
    beyond = [kept for kept in walk.marks if kept > newest]
    if beyond:
        return Result(walk.rows, Sign.CUT, max(beyond))
    return Result(walk.rows, Sign.GONE) if walk.unseen else None


def _words(rows: int) -> Result:
    with connection.cursor() as cursor:
        cursor.execute(CHANGED_WORDS)
        found: Any = cursor.fetchone()
    return Result(rows, Sign.WORDS, int(found[0])) if found else Result(rows)
