"""Crowds of people for figures: drawn at random, and put into the database as published stories all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from secrets import token_bytes
from typing import Any

from django.conf import settings
from django.db import connection, transaction

import content
from content import Question
from stories.facets import facets_of
from stories.models import Contribution, Publication, Revision
from stories.tally import NOT_SAID
from stories.tried import CHOICES, UNSEEN
from tests import make

Person = dict[str, str]  # the label of each attribute

TRIED = ("t01", "t02")
NOT_TRIED = "none"
COUNTRIES = ("gb", "us", "de", "fr", "in", "br")
NOBODYS = "es"  # where nobody ever lives
ROWS = {field: getattr(content.load(), name) for field, name in CHOICES.items() if field in UNSEEN}
ROLES = ("self", "partner", "friend")
COUNTED = ["publish", "rules", "statistics"]


def questions(kind: str, role: str = "self") -> list[Question]:
    """Return the questions of a kind that a role is asked, but for what is no table and no part of one."""
    return [one for one in content.load().asked(role) if one.kind == kind and one.code not in {"country", "goal"}]


@cache
def attributes() -> dict[str, list[str]]:
    """Return all labels that people have, by attribute: role, answers, choices of several, what a treatment did.

    A patient has each of them; whoever else there is has what patients alone are asked unsaid.
    """
    asked = {one.code: one for role in ROLES for one in questions("one", role)}
    labels = {code: [*(option.code for option in one.options), NOT_SAID] for code, one in asked.items()}
    labels["country"] = [NOBODYS, *COUNTRIES, NOT_SAID]
    labels |= {option.code: ["no", "yes"] for one in questions("many") for option in one.options}
    labels |= {f"{code}.{field}": [*(one.code for one in ROWS[field]), NOT_SAID] for code in TRIED for field in ROWS}
    labels |= {code: [NOT_TRIED, *(option.code for option in content.load().helpfulness)] for code in TRIED}
    return {"role": list(ROLES)} | labels


def people(rng: Random, size: int) -> list[Person]:
    """Draw people: in each attribute some labels are common, some rare, and some nobody has."""
    drawn = {}
    for name, labels in attributes().items():
        weights = [rng.choice([0, 0, 1, 3, 20]) for _ in labels]
        weights[-1] += 1
        if name == "country":
            weights[0] = 0
        if name == "role":
            weights = [12, *weights[1:]]
        drawn[name] = rng.choices(labels, weights, k=size)
    return [possible({name: labels[at] for name, labels in drawn.items()}) for at in range(size)]


def plain(**changes: str) -> Person:
    """Return somebody who left everything unsaid but this."""
    return _nothing() | changes


def possible(person: Person) -> Person:
    """Take from somebody what they are not asked: what only patients are, and how it was what they never tried."""
    asked = {"role", "country", *(one.code for one in questions("one", person["role"]))}
    if person["role"] == "self":
        asked |= {name for name, labels in attributes().items() if "yes" in labels or name in TRIED}
        asked |= {f"{code}.{field}" for code in TRIED if person[code] != NOT_TRIED for field in ROWS}
    return _nothing() | {name: label for name, label in person.items() if name in asked}


def _nothing() -> Person:
    nothing = {name: "no" if "yes" in labels else labels[-1] for name, labels in attributes().items()}
    return nothing | dict.fromkeys(TRIED, NOT_TRIED) | {"role": "self"}


@contextmanager
def _unguarded() -> Iterator[None]:
    """Write as the owner of the database, past its guards: no action is fast enough for a crowd."""
    tables = [model._meta.db_table for model in (Contribution, Revision, Publication)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f'SET ROLE "{settings.WEB_ROLE}"')


def publish(crowd: Iterable[Person], **changes: Any) -> list[Publication]:
    """Put people into the database, each with one published story."""
    stories = [_story(person, make.words(consents=COUNTED) | changes) for person in crowd]
    first = 1 + max(Publication.objects.values_list("position", flat=True), default=0)
    shown = [
        Publication(contribution=one.contribution, revision=one, position=place, facets=facets_of(one))
        for place, one in enumerate(stories, start=first)
    ]
    with _unguarded():
        Contribution.objects.bulk_create([one.contribution for one in stories])
        Revision.objects.bulk_create(stories)
        Publication.objects.bulk_create(shown)
    return shown


def unpublish(stories: Iterable[Publication]) -> None:
    """Take some people's stories away."""
    with _unguarded():
        Publication.objects.filter(pk__in=[one.pk for one in stories]).delete()


def _story(person: Person, words: dict[str, Any]) -> Revision:
    one_each = ["country", *(one.code for one in questions("one", person["role"]))]
    answers: dict[str, Any] = {code: person[code] for code in one_each if person[code] not in {NOT_SAID, NOBODYS}}
    for question in questions("many"):
        if chosen := [option.code for option in question.options if person[option.code] == "yes"]:
            answers[question.code] = chosen
    tried = [_row(person, code) for code in TRIED if person[code] != NOT_TRIED]
    contribution = Contribution(owner_tag=token_bytes(32), voice=b"v", person_seal=b"s", from_receipt=True)
    told = {"role": person["role"], "answers": answers, "treatments": tried}
    return Revision(contribution=contribution, number=1, state="approved", **words | told)


def _row(person: Person, code: str) -> dict[str, str]:
    said = {field: person[f"{code}.{field}"] for field in ROWS}
    return {"code": code, "help": person[code], **{name: one for name, one in said.items() if one != NOT_SAID}}
