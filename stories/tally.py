"""Counting published stories for figures: only those whose writers said that they may be counted.

Counts are raw here and leave this module only for ``stories.small_numbers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from stories.models import A_MEMBER, Publication, WriterRole

NOT_SAID = "-"  # the answer of those who left a question unanswered: they are people too
Rated = dict[tuple[str, str, str], int]


class SaidOnce(Func):
    """Give a row for each treatment ("t03h1") of which a story says one thing; several cannot be one vote."""

    template = (
        "unnest(ARRAY(SELECT min(facet) FROM unnest(%(expressions)s) AS facet"
        " WHERE facet ~ '^t[0-9]{2}h[0-9]$' GROUP BY left(facet, 3) HAVING count(*) = 1))"
    )
    set_returning = True
    output_field = CharField()


class Elements(Func):
    """Give a row for each element of a list in JSON."""

    function = "jsonb_array_elements_text"
    set_returning = True
    output_field = CharField()


def answered(questions: Iterable[str], several: str) -> dict[str, dict[str, int]]:
    """Count the answers of the people who have it: {question: {answer: n}}, all at one moment.

    Who left one of ``questions`` unanswered is counted there too; to ``several`` one person has many answers, or none.
    """
    one_each = [_counted(_people(), question, _answer(question)) for question in questions]
    listed = Func(F("revision__answers"), Value(several), function="jsonb_extract_path")
    many = _counted(_people().filter(revision__answers__has_key=several), several, Elements(listed))
    said: dict[str, dict[str, int]] = {}
    # One statement sees one state of the database: no story comes or goes between two tables.
    for question, answer, count in many.union(*one_each, all=True):
        said.setdefault(question, {})[answer] = count
    return said


def rated() -> dict[str, Rated]:
    """Count, for each treatment, what its users say of it, by type and stage: {treatment: {(help, type, stage): n}}."""
    rows = _people().annotate(facet=SaidOnce("facets"), one=_answer("type"), two=_answer("stage"))
    found: dict[str, Rated] = {}
    for facet, kind, stage, count in rows.values_list("facet", "one", "two").annotate(n=Count("pk")):
        found.setdefault(facet[:3], {})[facet[3:], kind, stage] = count
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


def _counted(rows: QuerySet[Any], question: str, answer: Func) -> QuerySet[Any]:
    named: QuerySet[Any] = rows.annotate(question=Value(question, output_field=TextField()), answer=answer)
    counted: QuerySet[Any] = named.values_list("question", "answer").annotate(n=Count("pk"))
    return counted
