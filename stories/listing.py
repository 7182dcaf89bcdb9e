"""The list of stories, page by page: sealed places instead of numbers, and no total."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Left

from accounts.keys import SealError, seal, unseal
from stories.choices import Choices
from stories.filters import Filters
from stories.models import PublicationQuerySet
from stories.reading import role_label, warning_labels
from stories.text import excerpt
from stories.two_steps import Matching

PURPOSE = "list place"
PLACE = b"stories list"
EXCERPT_SOURCE = 600  # characters of a text that are read to make its excerpt
NO_FILTERS, NO_CHOICES = Filters(), Choices()


class BadCursor(ValueError):
    """An address that was not made here."""


@dataclass(frozen=True)
class Teaser:
    """One story in a list; a text with warnings shows no word of itself, unless its reader chose otherwise."""

    pk: UUID
    title: str
    excerpt: str
    role: str
    warnings: list[str]
    minutes: int
    example: bool
    language: str
    facets: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """Some stories, and the cursors of the pages beside: empty for the first page, None for no page."""

    stories: list[Teaser]
    newer: str | None = None
    older: str | None = None


def page(
    reader: Any,
    *,
    filters: Filters = NO_FILTERS,
    choices: Choices = NO_CHOICES,
    after: str = "",
    size: int | None = None,
) -> Page:
    """Return the stories below a place, newest first; raise BadCursor for a place not sealed here."""
    most = size or settings.STORIES_A_PAGE
    before = open_cursor(after) if after else None
    filters = choices.applied_to(filters)
    if not filters.is_answerable:
        return Page([])
    matching = Matching(reader, filters)
    found = matching.below(teasable, before, most + 1)
    rows = found.rows[:most]
    older = make_cursor(rows[-1].position) if len(found.rows) > most else None
    above = [] if before is None else matching.above(before, most + 1, is_rare=found.is_rare)
    return Page([teaser(row, choices) for row in rows], _newer(above, most), older)


def newest_for_engines(reader: Any, *, choices: Choices, size: int) -> list[Teaser]:
    """Return the newest stories for a page that search engines show."""
    rows = Matching(reader, choices.applied_to(NO_FILTERS)).rows.open_to_engines()
    return [teaser(row, choices) for row in teasable(rows)[:size]]


def make_cursor(position: int) -> str:
    """Return the same address for the same place, so that any two visitors get the same bytes."""
    sealed = seal(settings.SESSION_KEYS, PURPOSE, position.to_bytes(8, "big"), place=PLACE, fixed=True)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def open_cursor(cursor: str) -> int:
    """Return the place that an address names; raise BadCursor for one that was not made here."""
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return int.from_bytes(unseal(settings.SESSION_KEYS, PURPOSE, sealed, place=PLACE), "big")
    except (SealError, binascii.Error, ValueError) as error:
        raise BadCursor from error


def teasable(rows: PublicationQuerySet) -> Any:
    """Read of each story only what its teaser needs: no whole text, no tag."""
    return (
        rows.select_related("revision", "contribution")
        .only(
            "position",
            "facets",
            "warnings",
            "minutes",
            "revision__title",
            "revision__role",
            "revision__language",
            "contribution__is_example",
        )
        .annotate(start=Left("revision__text", EXCERPT_SOURCE))
    )


def teaser(row: Any, choices: Choices = NO_CHOICES) -> Teaser:
    """Return what a list shows of a row that was read as teasable."""
    return Teaser(
        pk=row.contribution_id,
        title=row.revision.title,
        excerpt=excerpt(row.start) if choices.opens(row.warnings) else "",
        role=role_label(row.revision.role),
        warnings=warning_labels(row.warnings),
        minutes=row.minutes,
        example=row.contribution.is_example,
        language=row.revision.language,
        facets=row.facets,
    )


def _newer(places: list[int], size: int) -> str | None:
    """Return the cursor of the page above, given the places from the cursor of this one on."""
    if not places:
        return None
    return make_cursor(places[size]) if len(places) > size else ""
