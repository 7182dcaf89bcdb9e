"""Stories beside a story: of people in the same place, who are at the same stage or tried the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import Combinable

from stories.choices import Choices
from stories.filters import ROLE, STAGE, TREATMENT
from stories.listing import Teaser, teasable, teaser
from stories.models import Publication

MOST = 3
REACH = 500  # places before and after


def related(publication: Publication, *, reader: Any, choices: Choices, for_engines: bool = False) -> list[Teaser]:
    """Return a few stories published not long before or after this one that share most with it.

    With ``for_engines`` only those that a page which search engines show may tell of.

    One query, and one that reads no further than so many places around the story, however many there are.
    """
    facets, place = publication.facets, publication.position
    roles = [code for code in facets if code[0] == ROLE]
    common = [code for code in facets if code[0] in (STAGE, TREATMENT)]
    near = (
        Publication.objects.readable_by(reader)
        .stories()
        .filter(position__gt=place - REACH, position__lt=place + REACH)
        .exclude(pk=publication.pk)
        .showing([group for group in (roles, common) if group])
    )
    near = near.open_to_engines() if for_engines else near
    closest = near.annotate(closeness=_closeness(common)).order_by("-closeness", "-position")
    return [teaser(row, choices) for row in teasable(closest)[:MOST]]


def fitting(codes: Iterable[str], *, reader: Any, choices: Choices) -> list[Teaser]:
    """Return the newest stories that have one of these codes, of those that a page for search engines may tell of."""
    rows = Publication.objects.readable_by(reader).open_to_engines().showing([list(codes)])
    return [teaser(row, choices) for row in teasable(rows)[:MOST]]


def _closeness(codes: list[str]) -> Combinable:
    """Count in the database how many of these facets a story has."""
    score: Combinable = Value(0)
    for code in codes:
        score = score + Case(When(facets__contains=[code], then=1), default=0, output_field=IntegerField())
    return score
