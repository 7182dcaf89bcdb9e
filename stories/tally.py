"""Counting published stories for figures: only those whose writers said that they may be counted.

Counts are raw here and leave this module only for ``stories.small_numbers``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from stories.models import A_MEMBER, Publication, WriterRole

RATED = re.compile(r"(t\d\d)(h\d)")
NOT_SAID = "-"  # the answer of those who left a question unanswered: they are people too


class Unnest(Func):
    """Give a row for each element of an array."""

    function = "unnest"
    set_returning = True
    output_field = CharField()


class Elements(Func):
    """Give a row for each element of a list in JSON."""

    function = "jsonb_array_elements_text"
    set_returning = True
    output_field = CharField()


def by_two(question: str, other: str) -> dict[tuple[str, str], int]:
    """Count the people who have it by their answers to two questions."""
    return _pairs(_people().annotate(one=_answer(question), two=_answer(other)))


def chosen(question: str, other: str) -> dict[str, dict[str, int]]:
    """Count, for a question with several answers, who chose each, by another question."""
    options = Func(F("revision__answers"), Value(question), function="jsonb_extract_path")
    rows = _people().filter(revision__answers__has_key=question).annotate(one=Elements(options), two=_answer(other))
    yes: dict[str, dict[str, int]] = {}
    for (option, group), count in _pairs(rows).items():
        yes.setdefault(option, {})[group] = count
    return yes


def rated() -> dict[str, dict[tuple[str, str, str], int]]:
    """Count, for each treatment, what its users say of it, by type and stage: {treatment: {(help, type, stage): n}}."""
    rows = _people().annotate(facet=Unnest("facets"), one=_answer("type"), two=_answer("stage"))
    found: dict[str, dict[tuple[str, str, str], int]] = {}
    for facet, kind, stage, count in rows.values_list("facet", "one", "two").annotate(n=Count("pk")):
        match = RATED.fullmatch(facet)
        if match:
            found.setdefault(match[1], {})[match[2], kind, stage] = count
    return found


def folded(counts: Mapping[tuple[str, str, str], int], place: int) -> dict[tuple[str, str], int]:
    """Add up counts by (first, the one at ``place``)."""
    sums: dict[tuple[str, str], int] = {}
    for keys, count in counts.items():
        pair = (keys[0], keys[place])
        sums[pair] = sums.get(pair, 0) + count
    return sums


def _people() -> QuerySet[Any]:
    return Publication.objects.readable_by(A_MEMBER).counted().filter(revision__role=WriterRole.SELF).order_by()


def _answer(question: str) -> Coalesce:
    return Coalesce(KeyTextTransform(question, "revision__answers"), Value(NOT_SAID), output_field=TextField())


def _pairs(rows: QuerySet[Any]) -> dict[tuple[str, str], int]:
    return {(one, two): count for one, two, count in rows.values_list("one", "two").annotate(n=Count("pk"))}
