"""The published figures about moderation: one row a number, the same rows on the page and in the file.

A month is counted once, when it is over, and never again, and nothing is summed over months. So no two
publications can be subtracted from each other, and every month is safe by itself (`stories.small_numbers`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any

from moderation.agreement import ENOUGH, Agreement
from moderation.models import OUTCOMES, Cause
from moderation.waiting import within
from stories.models import Outcome
from stories.small_numbers import LEAST, Cell, one_way

COUNTED = [cause for cause in OUTCOMES if cause != Cause.SAMPLE]
# A number that is kept back takes a neighbour with it: turned round, the commonest stand last, beside one another.
OFTEN = (Outcome.APPROVE, Outcome.REFUSE, Outcome.ASK_CHANGES)
PAIRS = [
    f"{cause} {outcome}"
    for cause in COUNTED
    for outcome in (*OFTEN, *(one for one in Outcome if one not in OFTEN))
    if outcome in OUTCOMES[cause]
]
YES, NO = "yes", "no"
ALL = "all"
# Half, or a tenth, of so many waited longer than what is told: five or more, so that no single wait is.
FOR_MEDIAN, FOR_P90 = 2 * LEAST, 10 * LEAST


@dataclass(frozen=True)
class Row:
    """One number; an empty field stands for all, and a number that is None is kept back."""

    month: str
    measure: str
    cause: str = ""
    outcome: str = ""
    rule: str = ""
    language: str = ""
    software: str = ""
    number: Cell = None


COLUMNS = [field.name for field in fields(Row)]


@dataclass(frozen=True)
class Hidden:
    """How many published texts were hidden until somebody decided: by reports of readers, and by moderators."""

    by_readers: int
    by_moderators: int


@dataclass(frozen=True)
class Counted:
    """One decided case, as far as it is counted."""

    cause: str
    outcome: str
    rules: frozenset[str]
    language: str
    software: bool


def rows_of(
    month: date,
    cases: Collection[Counted],
    waits: Sequence[tuple[int, int]],
    *,
    rules: Sequence[str],
    languages: Iterable[str],
) -> list[Row]:
    """Return what may be told of one month; ``waits`` is after how many hours how many texts were decided."""
    name = f"{month:%Y-%m}"
    total = len(cases)
    rows = [Row(name, "cases", number=total if total >= LEAST else None)]
    decided = _protected(dict.fromkeys(reversed(PAIRS), 0), (f"{one.cause} {one.outcome}" for one in cases))
    for pair in PAIRS:
        cause, outcome = pair.split()
        number = decided[pair]
        rows.append(Row(name, "cases", cause=cause, outcome=outcome, number=number))
    spoken = dict.fromkeys([*languages, *sorted({one.language for one in cases})], 0)
    for language, number in _protected(spoken, (one.language for one in cases)).items():
        rows.append(Row(name, "cases", language=language, number=number))
    rows += [Row(name, "cases", rule=rule, number=_yes(rule in one.rules for one in cases)) for rule in rules]
    rows.append(Row(name, "cases", software="highlighted", number=_yes(one.software for one in cases)))
    rows.append(Row(name, "cases", software="decided", number=0))
    return [*rows, *_waits(name, waits)]


def hidden_rows(month: date, hidden: Hidden) -> list[Row]:
    """Return what may be told of what was hidden in a month; what readers' reports hid, software hid."""
    numbers = {"hidden_by_reports": hidden.by_readers, "hidden_by_moderators": hidden.by_moderators}
    name = f"{month:%Y-%m}"
    return [Row(name, measure, number=n if n >= LEAST else None) for measure, n in numbers.items()]


def agreement_rows(month: str, found: Agreement) -> list[Row]:
    """Return how people agreed in a month, or in all: how many texts, in tens, and kappa in hundredths."""
    told = found.judged // 10 * 10 if found.judged >= ENOUGH else None
    kappa = None if found.kappa is None else round(100 * found.kappa)
    return [Row(month, "judged_twice", number=told), Row(month, "kappa_hundredths", number=kappa)]


def _protected(counts: Mapping[str, int], found: Iterable[str]) -> Mapping[str, Cell]:
    counted = dict(counts)
    for label in found:
        counted[label] = counted.get(label, 0) + 1
    return one_way(counted).cells


def _yes(found: Iterable[bool]) -> Cell:
    return _protected({YES: 0, NO: 0}, (YES if one else NO for one in found))[YES]


def _waits(month: str, waits: Sequence[tuple[int, int]]) -> list[Row]:
    """Return how long texts waited to be read, in whole hours: half of them, and nine of ten, not longer."""
    total = sum(many for _hours, many in waits)
    half = within(waits, tenths=5) if total >= FOR_MEDIAN else None
    most = within(waits, tenths=9) if total >= FOR_P90 else None
    return [Row(month, "median_hours", number=half), Row(month, "p90_hours", number=most)]


def stored(rows: Iterable[Row]) -> list[list[Any]]:
    """Return rows as they are kept."""
    return [list(astuple(row)) for row in rows]


def read(cells: Iterable[Sequence[Any]]) -> list[Row]:
    """Return rows from where they are kept."""
    return [Row(*cell) for cell in cells]
