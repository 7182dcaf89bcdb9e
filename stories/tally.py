"""Counting published stories for figures: only those whose writers said that they may be counted.

Counts are raw here and leave this module only for ``stories.small_numbers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Count, Func, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from stories.models import A_MEMBER, Publication, WriterRole

NOT_SAID = "-"  # the answer of those who left a question unanswered: they are people too
Rated = dict[tuple[str, str, str], int]
Said = dict[str, dict[str, int]]  # how many gave each answer to each question: {question: {answer: n}}


class SaidOnce(Func):
    """Give a row for each treatment ("t01h1") of which a story says one thing; several cannot be one vote."""

    template = (
        "unnest(ARRAY(SELECT min(facet) FROM unnest(%(expressions)s) AS facet"
        " WHERE facet ~ '^t[0-9]{2}h[0-9]$' GROUP BY left(facet, 3) HAVING count(*) = 1))"
    )
    set_returning = True
    output_field = CharField()


class ToldOfIt(Func):
    """Give a row for each such treatment and each field of its rows ("t01.duration.d2", or "-" for no one value)."""

    template = (
        "unnest(ARRAY(SELECT code || '.' || field || '.' || coalesce("
        "(SELECT min(tried ->> field) FROM jsonb_array_elements(treatments) AS tried WHERE tried ->> 'code' = code"
        " HAVING count(DISTINCT tried ->> field) = 1), '-')"
        " FROM (SELECT %(expressions)s) AS given (facets, treatments, fields), unnest(fields) AS field, LATERAL"
        " (SELECT left(facet, 3) AS code FROM unnest(facets) AS facet"
        " WHERE facet ~ '^t[0-9]{2}h[0-9]$' GROUP BY 1 HAVING count(*) = 1) AS once))"
    )
    set_returning = True
    output_field = CharField()


class Answers(Func):
    """Give a row for each answer to some questions ("also.o2"), and for each of them without one ("age.-")."""

    template = (
        "unnest(ARRAY(SELECT question || '.' || coalesce(answer #>> '{}', '-')"
        " FROM (SELECT %(expressions)s) AS given (answers, questions), unnest(questions) AS question"
        " LEFT JOIN LATERAL jsonb_path_query(answers -> question, '$[*]') AS answer ON true))"
    )
    set_returning = True
    output_field = CharField()


def answered(questions: Iterable[str]) -> dict[str, Said]:
    """Count the answers of the people in each role, all at one moment: {role: {question: {answer: n}}}.

    Who left a question unanswered is counted there too; to some questions one person has many answers.
    """
    rows = _people().annotate(said=Answers("revision__answers", _texts(questions)))
    found: dict[str, Said] = {}
    # One statement sees one state of the database: no story comes or goes between two tables.
    for role, said, count in rows.values_list("revision__role", "said").annotate(n=Count("pk")):
        question, _, answer = said.partition(".")
        found.setdefault(role, {}).setdefault(question, {})[answer] = count
    return found


def rated(fields: Iterable[str]) -> tuple[dict[str, Rated], dict[str, Said]]:
    """Count, for each treatment, what its users say of it, all at one moment.

    First what it did, by type and stage ({treatment: {(help, type, stage): n}}); then each of the ``fields`` by
    itself ({treatment: {field: {answer: n}}}), with those who did not say, or said several things.
    """
    people, nothing = _people().filter(revision__role=WriterRole.SELF), Value("", output_field=TextField())
    by_both = people.annotate(said=SaidOnce("facets"), one=_answer("type"), two=_answer("stage"))
    alone = people.annotate(said=ToldOfIt("facets", "revision__treatments", _texts(fields)), one=nothing, two=nothing)
    helped: dict[str, Rated] = {}
    told: dict[str, Said] = {}
    both, single = (rows.values_list("said", "one", "two").annotate(n=Count("pk")) for rows in (by_both, alone))
    for said, kind, stage, count in both.union(single, all=True):
        treatment, *rest = said.split(".")
        if rest:
            told.setdefault(treatment, {}).setdefault(rest[0], {})[rest[1]] = count
        else:
            helped.setdefault(said[:3], {})[said[3:], kind, stage] = count
    return helped, told


def folded(counts: Mapping[tuple[str, str, str], int], place: int) -> dict[tuple[str, str], int]:
    """Add up counts by (first, the one at ``place``)."""
    sums: dict[tuple[str, str], int] = {}
    for keys, count in counts.items():
        pair = (keys[0], keys[place])
        sums[pair] = sums.get(pair, 0) + count
    return sums


def _people() -> QuerySet[Any]:
    return Publication.objects.readable_by(A_MEMBER).counted().order_by()


def _texts(words: Iterable[str]) -> Value:
    return Value(list(words), ArrayField(TextField()))


def _answer(question: str) -> Coalesce:
    return Coalesce(KeyTextTransform(question, "revision__answers"), Value(NOT_SAID), output_field=TextField())
