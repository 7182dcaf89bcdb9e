"""What readers see: the list page by page, with sealed places instead of numbers, and no total."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Left
from django.utils.functional import Promise
from django.utils.translation import get_language

import content
from accounts.keys import SealError, seal, unseal
from stories.models import Publication, PublicationQuerySet, Revision
from stories.text import excerpt, minutes, paragraphs

PURPOSE = "list place"
PLACE = b"stories list"
EXCERPT_SOURCE = 600  # characters of a text that are read to make its excerpt


class BadCursor(ValueError):
    """An address that was not made here."""


@dataclass(frozen=True)
class Teaser:
    """One story in a list; a text with warnings shows no word of itself before it is opened."""

    pk: UUID
    title: str
    excerpt: str
    role: str
    warnings: list[str]
    minutes: int
    example: bool
    language: str


@dataclass(frozen=True)
class Passage:
    """A stretch of a text, as half-open places of its characters, and what is said about it."""

    start: int
    end: int
    label: str | Promise = ""


@dataclass(frozen=True)
class Piece:
    """A run of words, marked or not."""

    text: str
    is_marked: bool = False
    label: str | Promise = ""


@dataclass(frozen=True)
class Story:
    """One text as its readers see it, in pieces; some are marked, for its owner only."""

    title: list[Piece]
    paragraphs: list[list[Piece]]
    role: str
    warnings: list[str]
    minutes: int
    language: str
    example: bool = False
    month: date | None = None


@dataclass(frozen=True)
class Page:
    """Some stories, and the cursors of the pages beside: empty for the first page, None for no page."""

    stories: list[Teaser]
    newer: str | None
    older: str | None


def page(reader: Any, *, role: str = "", after: str = "", size: int | None = None) -> Page:
    """Return the stories below a place, newest first; raise BadCursor for a place not sealed here."""
    most = size or settings.STORIES_A_PAGE
    before = open_cursor(after) if after else None
    readable = Publication.objects.readable_by(reader)
    readable = readable.written_as(role) if role else readable
    rows = list(_teasable(readable, before)[: most + 1])
    older = make_cursor(rows[most - 1].position) if len(rows) > most else None
    return Page([_teaser(row) for row in rows[:most]], _newer(readable, before, most), older)


def published_story(publication: Publication) -> Story:
    """Return a published text as readers see it."""
    revision, contribution = publication.revision, publication.contribution
    shown = story_of(revision, warnings=publication.warnings)
    return replace(shown, example=contribution.is_example, month=publication.month)


def story_of(
    revision: Revision,
    *,
    warnings: Iterable[str] | None = None,
    title_passages: Sequence[Passage] = (),
    text_passages: Sequence[Passage] = (),
) -> Story:
    """Return a version as readers would see it, with passages marked in place."""
    return Story(
        title=pieces_of(revision.title, title_passages),
        paragraphs=paragraphs_of(revision.text, text_passages),
        role=role_label(revision.role),
        warnings=warning_labels(revision.warnings if warnings is None else warnings),
        minutes=minutes(revision.text),
        language=revision.language,
    )


def paragraphs_of(text: str, passages: Sequence[Passage] = ()) -> list[list[Piece]]:
    """Return a text by its paragraphs, each in pieces; a passage that runs over several is marked in each."""
    found, place = [], 0
    for part in paragraphs(text):
        begin = text.index(part, place)
        place = begin + len(part)
        inside = [
            Passage(max(one.start - begin, 0), min(one.end - begin, len(part)), one.label)
            for one in passages
            if one.start < place and one.end > begin
        ]
        found.append(pieces_of(part, inside))
    return found


def pieces_of(text: str, passages: Sequence[Passage] = ()) -> list[Piece]:
    """Cut a text where passages begin and end; joined, the pieces are the text again."""
    pieces, place = [], 0
    for one in sorted(passages, key=lambda passage: (passage.start, -passage.end)):
        start, end = max(one.start, place), min(one.end, len(text))
        if start >= end:
            continue
        if start > place:
            pieces.append(Piece(text[place:start]))
        pieces.append(Piece(text[start:end], is_marked=True, label=one.label))
        place = end
    if place < len(text):
        pieces.append(Piece(text[place:]))
    return pieces


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


def warning_labels(codes: Iterable[str]) -> list[str]:
    """Return content warnings in words, in the order of the pack; a code it no longer has is left out."""
    wanted = set(codes)
    return [one.label for one in content.load(get_language() or "en").warnings if one.code in wanted]


def role_label(code: str) -> str:
    """Return how readers see in which place the writer stands."""
    labels = {role.code: role.reader_label for role in content.load(get_language() or "en").roles}
    return labels.get(code, "")


def _teasable(readable: PublicationQuerySet, before: int | None) -> Any:
    return (
        readable.newest(before=before)
        .only(
            "position",
            "warnings",
            "minutes",
            "revision__title",
            "revision__role",
            "revision__language",
            "contribution__is_example",
        )
        .annotate(start=Left("revision__text", EXCERPT_SOURCE))
    )


def _newer(readable: PublicationQuerySet, before: int | None, size: int) -> str | None:
    """Return the cursor of the page above."""
    if before is None:
        return None
    above = readable.filter(position__gte=before).order_by("position")
    places = list(above.values_list("position", flat=True)[: size + 1])
    if not places:
        return None
    return make_cursor(places[size]) if len(places) > size else ""


def _teaser(row: Any) -> Teaser:
    return Teaser(
        pk=row.contribution_id,
        title=row.revision.title,
        excerpt="" if row.warnings else excerpt(row.start),
        role=role_label(row.revision.role),
        warnings=warning_labels(row.warnings),
        minutes=row.minutes,
        example=row.contribution.is_example,
        language=row.revision.language,
    )
