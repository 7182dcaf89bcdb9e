"""One article as readers see it, and the lists of articles: what is live, and whether its review is in date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, override

import content
from advice.markdown import Section, render
from advice.models import Kind, Version
from advice.models.links import QUIET
from content import Treatment
from stories.choices import Choices
from stories.listing import Teaser
from stories.numbers import totals
from stories.related import fitting
from stories.search.pages import Also, Page
from stories.small_numbers import Cell

FALLBACK = "en"
SOON = 60  # days before a review is due that the desk says so
STALE = 90  # days after which what was checked by hand is to be checked again


@dataclass(frozen=True)
class Review:
    """Who read a version, what they are, on which day, and until when it holds."""

    pk: UUID
    by: UUID | None
    name: str
    qualification: str
    reviewed_on: date
    due_on: date


@dataclass(frozen=True)
class Cited:
    """One source as the page lists it; ``answered_on`` is the last day on which its link answered."""

    number: int
    title: str
    publisher: str
    year: int
    link: str
    is_cited: bool
    answered_on: date | None
    failing_since: date | None


@dataclass(frozen=True)
class Beside:
    """Another article, or the same one in another language."""

    title: str
    slug: str
    language: str
    language_name: str


@dataclass(frozen=True)
class ArticlePage:
    """All that the page of one article shows."""

    version: Version
    html: SafeString
    sections: tuple[Section, ...]
    review: Review | None
    sources: list[Cited]
    related: list[Beside]
    translations: list[Beside]
    treatments: list[tuple[Treatment, Cell | None]]
    stories: list[Teaser]


def article_page(slug: str, language: str, *, reader: Any, choices: Choices) -> ArticlePage | None:
    """Return an article in a language, in English where there is none in it; None for no such article. Four queries."""
    rows = Version.objects.live().labelled(timezone.localdate()).with_links()
    found = {
        one.article.language: one for one in rows.filter(article__slug=slug, article__language__in={language, FALLBACK})
    }
    version = found.get(language) or found.get(FALLBACK)
    if version is None:
        return None
    with override(version.article.language):  # labels inside the text are read aloud in its language
        shown = render(version.body, [source["key"] for source in version.sources])
    beside = [_beside(one) for one in Version.objects.beside(version)]
    codes = version.treatments or version.facets
    return ArticlePage(
        version=version,
        html=shown.html,
        sections=shown.sections,
        review=review_of(version),
        sources=list(_sources(version, shown.cited)),
        related=[one for one in beside if one.slug != slug],
        translations=[one for one in beside if one.slug == slug],
        treatments=_treatments(version),
        stories=fitting(codes, reader=reader, choices=choices) if codes else [],
    )


def listed(language: str, *kinds: Kind) -> list[Version]:
    """Return the live articles of these kinds in a language, or all in English where it has none. One query."""
    rows = Version.objects.live().of_kind(*kinds).labelled(timezone.localdate()).defer("body", "sources", "aliases")
    found = list(rows.filter(article__language__in={language, FALLBACK}))
    return [one for one in found if one.article.language == language] or found


def also_found(language: str) -> list[Also]:
    """Return the articles that a search may find in a language. One query."""
    rows = Version.objects.live().filter(article__language__in={language.split("-")[0], FALLBACK})
    rows = rows.order_by("article__kind", "article__place", "article__slug", "article__language")
    told = list(rows.values_list("article__language", "article__slug", "title", "short", "aliases"))
    own = [row for row in told if row[0] == language.split("-")[0]] or told
    return [
        Also(Page(title, reverse("advice:article", args=[slug]), short), [title, *aliases], [title, short])
        for _language, slug, title, short, aliases in own
    ]


def about_treatment(code: str, language: str) -> list[Beside]:
    """Return the live articles about a treatment in a language, or all in English where it has none. One query."""
    rows = Version.objects.live().filter(treatments__contains=[code]).select_related("article").defer("body", "sources")
    found = [_beside(one) for one in rows.order_by("article__place", "article__slug")]
    spoken = language.split("-")[0]
    own = [one for one in found if one.language == spoken]
    return own or [one for one in found if one.language == FALLBACK]


def review_of(version: Version) -> Review | None:
    """Return the review that a version was found with (``labelled``), when it is in date."""
    told = version.review  # type: ignore[attr-defined]  # noted by the query
    if told is None:
        return None
    days = {name: date.fromisoformat(told[name]) for name in ("reviewed_on", "due_on")}
    by = UUID(told["by"]) if told["by"] else None
    return Review(UUID(told["pk"]), by, told["name"], told["qualification"], **days)


def _sources(version: Version, cited: tuple[str, ...]) -> Iterable[Cited]:
    """Yield the sources in the order in which they are cited, then those that are not."""
    asked = version.asked or {}  # type: ignore[attr-defined]  # noted by the query
    place = {key: number for number, key in enumerate(cited, start=1)}
    rows = sorted(version.sources, key=lambda row: place.get(row["key"], len(cited) + 1))
    for number, row in enumerate(rows, start=1):
        answered, failing = asked.get(row["link"], (None, None))
        since = date.fromisoformat(failing) if failing else None
        yield Cited(
            number,
            row["title"],
            row["publisher"],
            row["year"],
            row["link"],
            is_cited=row["key"] in place,
            answered_on=date.fromisoformat(answered) if answered else None,
            failing_since=since if since and since <= timezone.localdate() - QUIET else None,
        )


def _treatments(version: Version) -> list[tuple[Treatment, Cell | None]]:
    """Return the treatments that an article is about, each with how many stories tell of it."""
    if not version.treatments:
        return []
    known = {one.code: one for one in content.load(version.article.language).treatments}
    said = totals(version.treatments)
    return [(known[code], said.get(code)) for code in version.treatments if code in known]


def _beside(version: Version) -> Beside:
    article = version.article
    return Beside(version.title, article.slug, article.language, get_language_info(article.language)["name_local"])
