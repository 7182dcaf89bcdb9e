"""What machines ask for: robots, the feed, the map of the site. They see what a visitor sees, and less."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from accounts.access import public
from advice.changes import SteadyFeed, changed_articles
from stories.listing import BadCursor, Teaser, make_cursor, open_cursor, teasable, teaser
from stories.models import Publication, PublicationQuerySet

# Pages that only make sense to the person who was sent to them.
NOT_FOR_ROBOTS = (
    "accounts/",
    "stories/new/",
    "stories/reply/",
    "stories/*/reply/",
    "stories/*/react/",
    "stories/*/save/",
    "stories/preview/",
    "stories/mine/",
    "stories/saved/",
    "stories/reading/",
    "stories/receipt/",
    "stories/status/",
    "report/",
    "search/",
    "moderation/",
    "desk/",
    "advice/*/opinion/",
    "live/",
    "leave/",
    "about/design/",
)
# Pages with words of stories whose writers said no to search engines (the list, the partners' pages, each
# treatment) are not among these.
READING = (
    "community:home",
    "treatments",
    "numbers",
    "advice:help_now",
    "advice:index",
    "advice:research",
    "advice:organisations",
    "advice:care_team",
    "advice:card",
    "advice:words",
    "community:rules",
    "community:privacy",
    "community:reading",
    "community:about",
    "community:accessibility",
)
PAGES = "pages"  # the part of the map that is not stories
# From each part of the map to the next one with a place in it, so that the stories between are not read.
WALK = """
    WITH RECURSIVE parts (part) AS (
        SELECT 9223372036854775807 / %s UNION ALL SELECT ({next}) FROM parts WHERE part IS NOT NULL
    )
    SELECT part FROM parts OFFSET 1
"""


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines which pages are nobody's but one person's, and where the map is."""
    root = reverse("community:home")
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in NOT_FOR_ROBOTS)]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest stories whose writers let search engines show them."""
    address = request.build_absolute_uri
    made = SteadyFeed(
        title=settings.SITE_NAME,
        link=address(reverse("stories:list")),
        description="",
        language=get_language(),
        author_name=settings.SITE_NAME,
        feed_url=address(reverse("feed")),
    )
    rows = teasable(_indexable()).annotate(on=F("month"))
    for row in rows[: settings.STORIES_A_PAGE]:
        made.add_item(
            title=row.revision.title,
            link=address(reverse("stories:detail", args=[row.pk])),
            description=escape(_summary(teaser(row))),  # a summary is read as HTML
            unique_id=f"urn:uuid:{row.pk}",
            updateddate=_moment(row.on),
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the parts of the map, or one of them: windows of places with such a story, each named by its sealed end."""
    part = request.GET.get("part", "")
    if not part:
        places = [f"{reverse('sitemap')}?part={name}" for name in (PAGES, *_parts())]
        return _xml(request, "community/sitemap_index.xml", [(place, None) for place in places])
    if part == PAGES:
        return _xml(request, "community/sitemap.xml", [*_reading_pages(), *_articles()])
    try:
        end = open_cursor(part)
    except BadCursor as error:
        raise Http404 from error
    inside = _indexable().filter(engine_place__lt=end, engine_place__gte=end - settings.SITEMAP_WIDTH)
    stories = inside.values_list("pk", "month")
    return _xml(request, "community/sitemap.xml", [(reverse("stories:detail", args=[pk]), on) for pk, on in stories])


def _indexable() -> PublicationQuerySet:
    return Publication.objects.readable_by(AnonymousUser()).indexable()


def _parts() -> list[str]:
    """Return the sealed ends of the windows of places in which such stories lie, newest first."""
    width = settings.SITEMAP_WIDTH
    below = _indexable().filter(engine_place__lt=RawSQL("part * %s", [width]))
    following, given = below.values_list(F("engine_place") / width)[:1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(WALK.format(next=following), [width, *given])
        return [make_cursor((part + 1) * width) for (part,) in cursor.fetchall() if part is not None]


def _reading_pages() -> list[tuple[str, date | None]]:
    return [(reverse(name), None) for name in READING]


def _articles() -> list[tuple[str, date | None]]:
    """Return the live articles in every language, each with the day of its last change."""
    rows = changed_articles().values_list("article__slug", "article__language", "changed_on")
    return [(reverse("advice:article_in", args=[slug, language]), on) for slug, language, on in rows]


def _summary(card: Teaser) -> str:
    """Return the beginning of a story, or what it warns of in the place of any word of it."""
    if card.warnings:
        return _("Before you read: %(warnings)s") % {"warnings": ", ".join(card.warnings)}
    return card.excerpt


def _moment(month: date) -> datetime:
    return datetime.combine(month, time(tzinfo=UTC))


def _xml(request: HttpRequest, template: str, places: list[tuple[str, Any]]) -> HttpResponse:
    found = [(request.build_absolute_uri(place), month) for place, month in places]
    return render(request, template, {"places": found}, content_type="application/xml")
