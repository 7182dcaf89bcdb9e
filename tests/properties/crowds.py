"""Crowds of people for figures: drawn at random, and put into the database as published stories all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from random import Random
from secrets import token_bytes
from typing import Any

from django.conf import settings
from django.db import connection, transaction

import content
from stories.facets import facets_of
from stories.models import Contribution, Publication, Revision
from stories.tally import NOT_SAID
from tests import make

Person = dict[str, str]  # the label of each attribute

TRIED = ("t01", "t02")
NOT_TRIED = "none"
COUNTRIES = ("gb", "us", "de", "fr", "in", "br")
NOBODYS = "es"  # where nobody ever lives
ONE_EACH = ("type", "stage", "time_to_name", "recognised_by")
COUNTED = ["publish", "rules", "statistics"]


def attributes() -> dict[str, list[str]]:
    """Return all labels that people have, by attribute: answers, choices of several, what a treatment did."""
    pack = content.load()
    labels = {one: [*(option.code for option in pack.question(one).options), NOT_SAID] for one in ONE_EACH}
    labels["country"] = [NOBODYS, *COUNTRIES, NOT_SAID]
    labels |= {option.code: ["no", "yes"] for option in pack.question("barriers").options}
    return labels | {code: [NOT_TRIED, *(option.code for option in pack.helpfulness)] for code in TRIED}


def people(rng: Random, size: int) -> list[Person]:
    """Draw people: in each attribute some labels are common, some rare, and some nobody has."""
    drawn = {}
    for name, labels in attributes().items():
        weights = [rng.choice([0, 0, 1, 3, 20]) for _ in labels]
        weights[-1] += 1
        if name == "country":
            weights[0] = 0
        drawn[name] = rng.choices(labels, weights, k=size)
    return [{name: labels[at] for name, labels in drawn.items()} for at in range(size)]


def plain(**changes: str) -> Person:
    """Return somebody who left everything unsaid but this."""
    nothing = {name: "no" if "yes" in labels else labels[-1] for name, labels in attributes().items()}
    return nothing | dict.fromkeys(TRIED, NOT_TRIED) | changes


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
    answers: dict[str, Any] = {
        name: person[name] for name in (*ONE_EACH, "country") if person[name] not in {NOT_SAID, NOBODYS}
    }
    barriers = [name for name, label in person.items() if label == "yes"]
    if barriers:
        answers["barriers"] = barriers
    tried = [{"code": code, "help": person[code]} for code in TRIED if person[code] != NOT_TRIED]
    contribution = Contribution(owner_tag=token_bytes(32), voice=b"v", person_seal=b"s", from_receipt=True)
    return Revision(
        contribution=contribution, number=1, state="approved", **words | {"answers": answers, "treatments": tried}
    )
