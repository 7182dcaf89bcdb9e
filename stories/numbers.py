"""What the pages of figures show: stored tables, in words and as bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Func, Value
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

import content
from content import Option, Pack, Question
from stories.chart import Drawing, drawing
from stories.choices import Choices
from stories.figures import COUNTRY, ELSEWHERE, STAGE, TYPE, code_of, tables_of
from stories.listing import Teaser, teasable, teaser
from stories.models import Figure, Publication, WriterRole
from stories.small_numbers import Cell
from stories.tally import NOT_SAID
from stories.text import excerpt
from stories.tried import CHOICES

TIPS, BEHIND = 10, 3
TIP = '$[*] ? (@.code == $code && @.tip != "")'  # a row about one treatment that has a tip
EVERYBODY = _("Everybody")
SAID_NOTHING = _("No answer")
OTHER_COUNTRIES = _("All other countries")
MANY_OR_NONE = _("One person may have chosen several, or none.")
TOLD = {
    "duration": _("For how long"),
    "supervised": _("With somebody, or alone"),
    "ending": _("How it ended"),
    "reason": _("Why it ended, or was stopped"),
}


class JSONPathExists(Func):
    """Say whether a path of PostgreSQL's, with the values for its variables, leads anywhere in some JSON."""

    function = "jsonb_path_exists"
    output_field = models.BooleanField()


class NoSuchFigure(LookupError):
    """There is no such treatment, or no such part of the people."""


@dataclass(frozen=True)
class Chart:
    """One table as a page shows it; one that shows no number is kept back whole, or was never made."""

    code: str
    title: str | Promise
    drawing: Drawing
    total: Cell
    made_on: date | None
    note: str | Promise = ""

    @property
    def is_shown(self) -> bool:
        """Say whether any number of it may be shown."""
        return any(bar.count is not None for bar in self.drawing.bars)


@dataclass(frozen=True)
class Section:
    """The charts about those who write in one role, of which there are some."""

    code: str
    title: str
    charts: list[Chart]

    @property
    def made_on(self) -> date | None:
        """Return the day on which all of them were made."""
        return self.charts[0].made_on


@dataclass(frozen=True)
class Choice:
    """A way to look at one part of the people: its code, its words, whether it is chosen."""

    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Part:
    """Choices that answer the same question, and the question in short."""

    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Tip:
    """A line that somebody left about a treatment, and the story it is from."""

    text: str
    story: UUID
    language: str


def numbers() -> tuple[list[Section], list[str]]:
    """Return the charts about all people, role by role, and what too few tell for a chart of it."""
    pack = _pack()
    asked = {role: [pack.question(one.code) for one in tables_of(role)] for role in WriterRole.values}
    stored = _stored(code_of(role, one.code) for role, questions in asked.items() for one in questions)
    sections, too_few = [], []
    for role, questions in asked.items():
        charts = [_question(role, one, stored.get(code_of(role, one.code))) for one in questions]
        title = pack.role(role).plural
        if shown := [one for one in charts if one.is_shown]:
            sections.append(Section(role, title, shown))
            too_few += [f"{title}: {one.title}" for one in charts if not one.is_shown]
        else:
            too_few.append(title)
    return sections, too_few


def treatment_charts(code: str, within: str = "") -> list[Chart]:
    """Return what people say of a treatment, what it did first: all, or those who gave one answer.

    How long and how it ended is told of all. Raises NoSuchFigure for no such treatment or no such answer.
    """
    pack = _pack()
    title: str | Promise = EVERYBODY
    if within:
        title = next((choice.label for part in parts() for choice in part.choices if choice.code == within), "")
    if not title or code not in {one.code for one in pack.treatments}:
        raise NoSuchFigure(within or code)
    tables = [(code_of(code, within), title, _short(pack.helpfulness))]
    for field, heading in () if within else TOLD.items():
        labels = _short(getattr(pack, CHOICES[field])) | {NOT_SAID: str(SAID_NOTHING)}
        tables.append((code_of(code, field), heading, labels))
    stored = _stored(table for table, _title, _labels in tables)
    return [_chart(table, title, labels, stored.get(table)) for table, title, labels in tables]


def totals(codes: Iterable[str]) -> dict[str, Cell]:
    """Return how many say something of each of these treatments, where it may be shown."""
    return {code: one.stories for code, one in _stored(codes).items()}


def parts(chosen: str = "") -> list[Part]:
    """Return the ways to look at some of the people: by type, and by stage."""
    questions = (_pack().question(code) for code in (TYPE, STAGE))
    return [
        Part(question.filter_label, [Choice(one.code, one.short, one.code == chosen) for one in question.options])
        for question in questions
    ]


def behind(code: str, *, reader: Any, choices: Choices) -> list[Teaser]:
    """Return the newest stories that tell of a treatment."""
    rows = Publication.objects.readable_by(reader).stories().showing([[code]]).order_by("-position")
    return [teaser(row, choices) for row in teasable(rows)[:BEHIND]]


def tips(code: str, *, reader: Any) -> list[Tip]:
    """Return the newest lines about a treatment that their writers let this site quote; warned stories give none."""
    has_tip = JSONPathExists(F("revision__treatments"), Value(TIP), Value({"code": code}, models.JSONField()))
    rows = Publication.objects.readable_by(reader).quotable().showing([[code]]).filter(has_tip)
    found = rows.values_list("pk", "revision__treatments", "revision__language")[:TIPS]
    return [
        Tip(excerpt(row["tip"]), pk, language)
        for pk, treatments, language in found
        for row in treatments
        if row["code"] == code and row.get("tip")
    ][:TIPS]


def _question(role: str, question: Question, stored: Figure | None) -> Chart:
    code, title, labels = code_of(role, question.code), question.filter_label, _short(question.options)
    if question.kind == "many":
        return _chart(code, title, labels, stored, note=MANY_OR_NONE)
    if question.code == COUNTRY:
        labels = _countries(stored.cells if stored else {}) | {ELSEWHERE: str(OTHER_COUNTRIES)}
    return _chart(code, title, labels | {NOT_SAID: str(SAID_NOTHING)}, stored)


def _short(options: Iterable[Option]) -> dict[str, str]:
    return {one.code: one.short for one in options}


def _countries(cells: Mapping[str, Cell]) -> dict[str, str]:
    """Return the names of the countries in a table, the largest first."""
    names = dict(countries)
    found = {code: str(names.get(code.upper(), code)) for code in cells if code not in {ELSEWHERE, NOT_SAID}}
    return dict(sorted(found.items(), key=lambda pair: (-(cells[pair[0]] or 0), pair[1])))


def _chart(
    code: str, title: str | Promise, labels: dict[str, str], stored: Figure | None, *, note: str | Promise = ""
) -> Chart:
    cells, total = (stored.cells, stored.stories) if stored else ({}, None)
    made_on = stored.refreshed_on if stored else None
    return Chart(code.replace(".", "-"), title, drawing(cells, total, labels), total, made_on, note)


def _stored(codes: Iterable[str]) -> dict[str, Figure]:
    return {one.code: one for one in Figure.objects.filter(code__in=codes)}


def _pack() -> Pack:
    return content.load(get_language() or "en")
