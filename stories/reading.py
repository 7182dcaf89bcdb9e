"""A text as its readers see it: its pieces, some of them marked, and the labels beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import content
from stories.models import Publication, Revision
from stories.pieces import Piece, paragraphs_of, pieces_of
from stories.shown import Facts, Marked, shown_facts
from stories.text import minutes


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
    facts: Facts | None = None


def published_story(publication: Publication) -> Story:
    """Return a published text as readers see it."""
    revision, contribution = publication.revision, publication.contribution
    shown = story_of(revision, warnings=publication.warnings)
    return replace(shown, example=contribution.is_example, month=publication.month)


def linked_data(publication: Publication, url: str) -> dict[str, Any]:
    """Describe a story that search engines may show as a DiscussionForumPosting, by nobody in particular.

    One with warnings tells no word of itself.
    """
    revision = publication.revision
    told = {} if publication.warnings else {"text": revision.text}
    return {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "@id": url,
        "url": url,
        "headline": revision.title,
        "datePublished": f"{publication.month:%Y-%m}",
        "inLanguage": revision.language,
        "author": {"@type": "Person", "name": str(_("A member"))},
    } | told


def story_of(revision: Revision, *, warnings: Iterable[str] | None = None, passages: Marked | None = None) -> Story:
    """Return a version as readers would see it, with passages marked in place, by the names of their fields."""
    marked = passages or {}
    return Story(
        title=pieces_of(revision.title, marked.get("title", ())),
        paragraphs=paragraphs_of(revision.text, marked.get("text", ())),
        role=role_label(revision.role),
        warnings=warning_labels(revision.warnings if warnings is None else warnings),
        minutes=minutes(revision.text),
        language=revision.language,
        facts=shown_facts(revision, passages=marked),
    )


def warning_labels(codes: Iterable[str]) -> list[str]:
    """Return content warnings in words, in the order of the pack; a code it no longer has is left out."""
    wanted = set(codes)
    return [one.label for one in content.load(get_language() or "en").warnings if one.code in wanted]


def role_label(code: str) -> str:
    """Return how readers see in which place the writer stands."""
    labels = {role.code: role.reader_label for role in content.load(get_language() or "en").roles}
    return labels.get(code, "")
