"""Which addresses elsewhere the site names, and where; and which of them have stopped answering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import content
from advice.links import TROUBLES
from advice.markdown import links_of
from advice.models import Link, State, Version
from advice.models.articles import OPEN
from content.shapes import Pack

LONGEST_KEPT = 500
PLACES: dict[str, Promise] = {
    "article": _("Article"),
    "draft": _("Draft"),
    "organisation": _("Organisation"),
    "helpline": _("Help now"),
    "term": _("Word"),
    "carer": _("Care team"),
    "treatment": _("What people tried"),
    "home": _("Home"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Hold one place where an address is named: a key of PLACES, a slug or a code, a title, a language."""

    place: str
    code: str
    title: str
    language: str

    @property
    def label(self) -> Promise:
        """Say in words what kind of place it is."""
        return PLACES[self.place]


@dataclass(frozen=True, slots=True)
class Failing:
    """Hold one link that has stopped answering: since when, what went wrong last, where it is named."""

    url: str
    since: date
    trouble: str
    named: tuple[Named, ...]

    @property
    def words(self) -> Promise | str:
        """Say in words what went wrong last."""
        return TROUBLES.get(self.trouble, "")


def named_links() -> dict[str, tuple[Named, ...]]:
    """Return every web address that articles, also those that wait, and the pack name, with where."""
    found: dict[str, dict[Named, None]] = {}
    for url, named in (*_in_articles(), *_in_packs()):
        if url.startswith(("https:", "http:")) and len(url) <= LONGEST_KEPT:
            found.setdefault(url, {})[named] = None
    return {url: tuple(places) for url, places in found.items()}


def failing(today: date) -> list[Failing]:
    """Return the links that have not answered for two days and are still named, the longest first."""
    rows = Link.objects.failing(today).values_list("url", "failing_since", "trouble")
    if not rows:
        return []
    named = named_links()
    return [Failing(url, since, trouble, named[url]) for url, since, trouble in rows if since and url in named]


def _in_articles() -> Iterator[tuple[str, Named]]:
    """Yield the sources and the links of what readers see, and of what somebody still writes or reads."""
    rows = Version.objects.filter(state__in=[State.LIVE, *OPEN]).select_related("article")
    for one in rows.order_by("article__language", "article__slug", "number"):
        place = "article" if one.state == State.LIVE else "draft"
        named = Named(place, one.article.slug, one.title or one.article.slug, one.article.language)
        for url in (*(str(source.get("link", "")) for source in one.sources), *links_of(one.body)):
            yield url, named


def _in_packs() -> Iterator[tuple[str, Named]]:
    for language in content.languages():
        yield from _in_pack(content.load(language))


def _in_pack(pack: Pack) -> Iterator[tuple[str, Named]]:
    said, where = pack.advice, pack.language
    for organisation in said.organisations:
        yield organisation.link, Named("organisation", organisation.code, organisation.name, where)
    for line in pack.helplines:
        yield line.link, Named("helpline", line.country, line.name, where)
    links = {source.key: source.link for source in said.sources}
    for term in said.terms:
        yield from ((links[key], Named("term", term.code, term.term, where)) for key in term.sources)
    for carer in said.carers:
        yield from ((links[key], Named("carer", carer.code, carer.name, where)) for key in carer.sources)
    for one in pack.treatments:
        yield from ((links[key], Named("treatment", one.code, one.name, where)) for key in one.sources)
    home = Named("home", "", pack.site.condition_title, where)
    yield from ((links[key], home) for key in pack.site.short_answer_sources)
