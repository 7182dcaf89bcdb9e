"""What the pages of figures show: stored tables, in words and as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

import content
from content import Pack
from stories.chart import Bar, bars
from stories.choices import Choices
from stories.figures import BARRIERS, STAGE, TYPE, code_of
from stories.listing import Teaser, teasable, teaser
from stories.models import Figure, Publication
from stories.small_numbers import Cell
from stories.tally import NOT_SAID
from stories.text import excerpt

TIPS, BEHIND = 10, 3
ASKED = (STAGE, "time_to_name", "recognised_by", BARRIERS, "country")
SAID_NOTHING = _("No answer")
EACH_CAN_BE_SEVERAL = _("One person can have chosen several.")


class NoSuchFigure(LookupError):
    """There is no such table, in no part of the pack."""


@dataclass(frozen=True)
class Chart:
    """One table as a page shows it; without bars it is kept back whole, or was never made."""

    code: str
    title: str | Promise
    bars: list[Bar]
    total: Cell
    note: str | Promise = ""

    @property
    def is_shown(self) -> bool:
        """Say whether any number of it may be shown."""
        return any(bar.count is not None for bar in self.bars)


@dataclass(frozen=True)
class Choice:
    """A way to look at one part of the people: its code, its words, whether it is chosen."""

    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Tip:
    """A line that somebody left about a treatment, and the story it is from."""

    text: str
    story: UUID
    language: str


@dataclass(frozen=True)
class Numbers:
    """Some charts, when they were made, and the ways to look at a part."""

    charts: list[Chart]
    made_on: date | None


def numbers(within: str = "") -> Numbers:
    """Return the charts about all people, or about those of one type; raise NoSuchFigure for no type."""
    pack = _pack()
    if within and within not in {option.code for option in pack.question(TYPE).options}:
        raise NoSuchFigure(within)
    asked = [question for question in ASKED if not (within and question == STAGE)]
    stored = _stored([code_of(question, within) for question in asked])
    charts = [_question(pack, question, stored.get(code_of(question, within))) for question in asked]
    return Numbers(charts, max((one.refreshed_on for one in stored.values()), default=None))


def treatment_numbers(code: str, within: str = "") -> Numbers:
    """Return what people say of a treatment: all, or those who gave one answer; raise NoSuchFigure for neither."""
    pack = _pack()
    if within and within not in {choice.code for choice in choices()}:
        raise NoSuchFigure(within)
    table = code_of(code, within)
    stored = _stored([table])
    labels = {option.code: option.label for option in pack.helpfulness}
    return Numbers(
        [_chart(table, pack.treatment(code).name, labels, stored.get(table))],
        max((one.refreshed_on for one in stored.values()), default=None),
    )


def totals(codes: Sequence[str]) -> dict[str, Cell]:
    """Return how many say something of each of these treatments, where it may be shown."""
    return {code: one.stories for code, one in _stored(codes).items()}


def choices(chosen: str = "", questions: Sequence[str] = (TYPE, STAGE)) -> list[Choice]:
    """Return the parts of the people that can be looked at by themselves."""
    options = [option for question in questions for option in _pack().question(question).options]
    return [Choice(option.code, option.short, option.code == chosen) for option in options]


def behind(code: str, *, reader: Any, choices: Choices) -> list[Teaser]:
    """Return the newest stories that tell of a treatment."""
    rows = Publication.objects.readable_by(reader).stories().showing([[code]]).order_by("-position")
    return [teaser(row, choices) for row in teasable(rows)[:BEHIND]]


def tips(code: str, *, reader: Any) -> list[Tip]:
    """Return the newest lines that writers of readable stories left about a treatment; warned stories show none."""
    rows = Publication.objects.readable_by(reader).stories().showing([[code]]).filter(warnings=[])
    found = rows.newest().values_list("pk", "revision__treatments", "revision__language")[: 5 * TIPS]
    return [
        Tip(excerpt(row["tip"]), pk, language)
        for pk, treatments, language in found
        for row in treatments
        if row["code"] == code and row.get("tip")
    ][:TIPS]


def _question(pack: Pack, code: str, stored: Figure | None) -> Chart:
    question = pack.question(code)
    labels = {option.code: option.label for option in question.options}
    if code == "country":
        names = dict(countries)
        shown = [one for one, count in (stored.cells if stored else {}).items() if count and one != NOT_SAID]
        labels = {one: str(names.get(one.upper(), one)) for one in shown}
        labels = dict(sorted(labels.items(), key=lambda pair: pair[1]))
    if code == BARRIERS:
        return _chart(code, question.label, labels, stored, note=EACH_CAN_BE_SEVERAL)
    return _chart(code, question.label, labels | {NOT_SAID: str(SAID_NOTHING)}, stored)


def _chart(code: str, title: str, labels: dict[str, str], stored: Figure | None, *, note: str | Promise = "") -> Chart:
    total = stored.stories if stored else None
    return Chart(code.replace(".", "-"), title, bars(stored.cells if stored else {}, total, labels), total, note)


def _stored(codes: Sequence[str]) -> dict[str, Figure]:
    return {one.code: one for one in Figure.objects.filter(code__in=codes)}


def _pack() -> Pack:
    return content.load(get_language() or "en")
