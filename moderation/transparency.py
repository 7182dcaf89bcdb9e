"""The page of figures about moderation, made from the very rows that its file holds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from moderation.actions.auditing import DAYS_TOLD, RECORD
from moderation.checking import Result, Sign
from moderation.figures import ALL, COLUMNS, Row, read
from moderation.models import Anchor, Cause, Tally
from stories.models import Outcome, house_rules
from stories.small_numbers import Cell

MONTHS = 12

HIDDEN = {
    "hidden_by_reports": _("By reports of readers, until somebody decided"),
    "hidden_by_moderators": _("By a moderator, until somebody decided"),
}


class NoSuchMonth(LookupError):
    """Nothing was published about this month."""


@dataclass(frozen=True)
class Month:
    """One line of the overview; ``share`` is how many in a hundred had something highlighted by software."""

    code: str
    first: date
    cases: Cell
    median_hours: Cell
    p90_hours: Cell
    highlighted: Cell
    share: Cell


@dataclass(frozen=True)
class Line:
    """One line of a table: what, and how many."""

    label: Any
    number: Cell
    group: Any = ""


@dataclass(frozen=True)
class Detail:
    """One month in parts."""

    first: date
    outcomes: list[Line]
    appeals: list[Line]
    rules: list[Line]
    languages: list[Line]
    hidden: list[Line]
    agreement: Agreed


@dataclass(frozen=True)
class Agreed:
    """How many texts two people judged (in tens, from thirty on), and Cohen's kappa."""

    judged: Cell
    kappa: float | None


def rows() -> list[Row]:
    """Return every published number: of all months together, then the newest month first."""
    kept = Tally.objects.exclude(code=RECORD).order_by("-code").values_list("cells", flat=True)
    return [row for cells in kept for row in read(cells)]


def as_csv(published: Iterable[Row]) -> str:
    """Write the numbers as a file; an empty number is kept back."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if cell is None else cell for cell in astuple(row)] for row in published)
    return text.getvalue()


def from_csv(text: str) -> list[Row]:
    """Read such a file."""
    lines = csv.DictReader(StringIO(text))
    return read([*(line[name] for name in COLUMNS[:-1]), _number(line[COLUMNS[-1]])] for line in lines)


def _number(cell: str) -> Cell:
    return int(cell) if cell else None


def months(published: Iterable[Row]) -> list[Month]:
    """Return the overview, the newest month first."""
    by_month: dict[str, dict[tuple[str, ...], Cell]] = {}
    for row in published:
        if row.month != ALL and not (row.cause or row.rule or row.language):
            by_month.setdefault(row.month, {})[row.measure, row.software] = row.number
    return [_month(code, numbers) for code, numbers in by_month.items()]


def _month(code: str, numbers: Mapping[tuple[str, ...], Cell]) -> Month:
    cases, touched = numbers["cases", ""], numbers["cases", "highlighted"]
    return Month(
        code=code,
        first=date.fromisoformat(f"{code}-01"),
        cases=cases,
        median_hours=numbers["median_hours", ""],
        p90_hours=numbers["p90_hours", ""],
        highlighted=touched,
        share=None if cases is None or touched is None else round(100 * touched / cases),
    )


def detail(published: Iterable[Row], month: str) -> Detail:
    """Return one month in parts; raise NoSuchMonth when nothing was published about it."""
    chosen = [row for row in published if row.month == month != ALL]
    if not chosen:
        raise NoSuchMonth
    outcomes = [Line(Outcome(row.outcome).label, row.number, Cause(row.cause).label) for row in chosen if row.cause]
    appeals = Cause.APPEAL.label
    titles = {rule.code: rule.title for rule in house_rules(get_language() or settings.LANGUAGE_CODE)}
    named = dict(settings.LANGUAGES)
    return Detail(
        first=date.fromisoformat(f"{month}-01"),
        outcomes=[line for line in outcomes if line.group != appeals],
        appeals=[line for line in outcomes if line.group == appeals],
        rules=[Line(titles.get(row.rule, row.rule), row.number) for row in chosen if row.rule],
        languages=[Line(named.get(row.language, row.language), row.number) for row in chosen if row.language],
        hidden=[Line(HIDDEN[row.measure], row.number) for row in chosen if row.measure in HIDDEN],
        agreement=agreed(chosen, month),
    )


def agreed(published: Iterable[Row], month: str = ALL) -> Agreed:
    """Return how people agreed, in all or in a month."""
    numbers = {row.measure: row.number for row in published if row.month == month}
    kappa = numbers.get("kappa_hundredths")
    return Agreed(numbers.get("judged_twice"), None if kappa is None else kappa / 100)


@dataclass(frozen=True)
class Record:
    """What is published about the record: its newest ends, and what reading it whole has found."""

    heads: list[tuple[date, str]]
    read_on: date | None
    found: Result | None


def record() -> Record:
    """Return what is published about the record."""
    night = Tally.objects.filter(code=RECORD).first()
    found = None
    if night is not None:
        sign = Sign(night.cells["sign"]) if night.cells["sign"] else None
        found = Result(night.cells["rows"], sign, night.cells["number"])
    heads = [(one.day, bytes(one.seal).hex()) for one in Anchor.objects.order_by("-day")[:DAYS_TOLD]]
    return Record(
        heads=heads,
        read_on=night.refreshed_on if night else None,
        found=found,
    )
