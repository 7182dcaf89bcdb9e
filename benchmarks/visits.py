"""The pages that a visitor asks for, on the invented databases, and the acts that publish one more story.

Every database is used as the site uses it: over a login of the web role, with all guards on.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

PAGES, FILTERED = 1.5, 3.0  # by how much the time of a page may grow
SEARCH_MS = 150.0
SITEMAP_MS = 50.0  # it has a line for each ten thousand places, and a part one for each story in them
LOOKED_AT = 10  # different stories
ITEM = b'class="entry"'
WITHDRAW = "withdraw it again"
STORY_AFTER = """
    SELECT p.contribution_id FROM stories_publication AS p JOIN stories_revision AS r ON r.id = p.revision_id
    JOIN stories_publication AS a ON a.parent_id = p.contribution_id
    WHERE p.parent_id IS NULL AND p.position > %s AND p.minutes = 2 AND p.warnings = '{}'
        AND r.audience = 'everyone' AND NOT 'index' = ANY (r.consents)
        AND NOT EXISTS (SELECT FROM stories_suppression AS s WHERE s.contribution_id = p.contribution_id)
    ORDER BY p.position LIMIT 1
"""
SIZES = """
    SELECT relname, pg_total_relation_size(oid), pg_relation_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT %s
"""


@dataclass(frozen=True)
class Page:
    """A kind of page: its addresses on one site, asked for in turn, and what its time must keep to."""

    name: str
    addresses: Callable[[Site], Sequence[str]]
    growth: float | None = PAGES
    most_ms: float | None = None
    cookie: str = ""


@dataclass
class Site:
    """One database of invented stories."""

    count: int
    wrapper: Any
    known: dict[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, count: int, **settings: Any) -> Site:
        """Return the site on a database, reached as Django's settings say but for what is given."""
        from django.db import connections
        from django.db.backends.postgresql.base import DatabaseWrapper

        known = connections.settings["default"]
        return cls(count, DatabaseWrapper({**known, "NAME": f"bench_{count}", **settings}, "default"))

    @contextmanager
    def used(self) -> Iterator[None]:
        """Let this thread's Django work on this database."""
        from django.db import connections

        before = connections["default"]
        connections["default"] = self.wrapper
        try:
            yield
        finally:
            connections["default"] = before

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Let a statement take as long as it needs."""
        ((usual,),) = self.rows("SHOW statement_timeout")
        self.rows("SELECT set_config('statement_timeout', '0', false)")
        yield
        self.rows("SELECT set_config('statement_timeout', %s, false)", usual)

    def rows(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """Ask the tables."""
        with self.wrapper.cursor() as cursor:
            cursor.execute(query, given)
            return list(cursor.fetchall())

    @cached_property
    def top(self) -> int:
        """Return the place of the newest text."""
        ((top,),) = self.rows("SELECT max(position) FROM stories_publication")
        return int(top)

    @cached_property
    def browser(self) -> Any:
        """Return a visitor's browser."""
        from django.test import Client

        return Client(SERVER_NAME="localhost")

    def addresses(self, page: Page) -> Sequence[str]:
        """Return the addresses of a page, worked out once."""
        if page.name not in self.known:
            self.known[page.name] = page.addresses(self)
        return self.known[page.name]

    def get(self, page: Page, turn: int = 0) -> tuple[float, int]:
        """Ask for a page as a visitor; return the milliseconds, and how many stories it lists."""
        addresses = self.addresses(page)
        self.browser.cookies.clear()
        if page.cookie:
            self.browser.cookies["reading"] = page.cookie
        address = addresses[turn % len(addresses)]
        with self.used():
            begun = time.perf_counter()
            response = self.browser.get(address)
            spent = (time.perf_counter() - begun) * 1000
        if response.status_code != 200:
            raise RuntimeError(f"{page.name}: {response.status_code} at {address}")
        return spent, response.content.count(ITEM)


def listed(filters: str = "", *, deep: bool = False) -> Callable[[Site], Sequence[str]]:
    """Return how a page of the list is addressed: the first one, or one that 90 of 100 stories stand above."""

    def addresses(site: Site) -> Sequence[str]:
        from stories.filters import Filters
        from stories.listing import make_cursor
        from stories.views.reading import list_address

        return [list_address(Filters.parse(filters), make_cursor(site.top // 10) if deep else "")]

    return addresses


def searched(typed: str) -> Callable[[Site], Sequence[str]]:
    """Return how what is found for some words is addressed."""

    def addresses(_site: Site) -> Sequence[str]:
        from stories.search.query import parse
        from stories.views.search import address

        return [address(parse(typed))]

    return addresses


def some_stories(site: Site) -> Sequence[str]:
    """Return the addresses of stories of common length that somebody answered, from all over the site."""
    starts = [site.top * number // LOOKED_AT for number in range(LOOKED_AT)]
    return [f"/stories/{pk}/" for start in starts for (pk,) in site.rows(STORY_AFTER, start)]


def parts_of_the_map(site: Site) -> Sequence[str]:
    """Return the addresses of the parts of the map that hold stories."""
    with site.used():
        index = site.browser.get("/sitemap.xml").content.decode()
    return re.findall(r"/sitemap\.xml\?part=[^<]+", index)[1:]


def at(address: str) -> Callable[[Site], Sequence[str]]:
    """Return how a page is addressed that has the same address everywhere."""
    return lambda _site: [address]


PAGES_ASKED = [
    Page("Home", at("/")),
    Page("List", listed()),
    Page("List, common filter (`r1`)", listed("r1"), FILTERED),
    Page("List, people like one writer (`r1.s2.t01.t03`)", listed("r1.s2.t01.t03"), FILTERED),
    Page("List, rare treatment and how it was (`t28.h4`)", listed("t28.h4"), FILTERED),
    Page("List, rare combination (`r1.s9.t27.y4`)", listed("r1.s9.t27.y4"), FILTERED),
    Page("List, warnings left out (`-w1.-w3`)", listed("-w1.-w3"), FILTERED),
    Page("List, partners hidden", listed(), FILTERED, cookie="-r2"),
    Page("List, 90 % down", listed(deep=True)),
    Page("List, common filter, 90 % down", listed("r1", deep=True), FILTERED),
    Page("List, rare treatment, 90 % down", listed("t28.h4", deep=True), FILTERED),
    Page("Search, common word", searched("waiting"), growth=None, most_ms=SEARCH_MS),
    Page("Search, rare word", searched("lighthouse")),
    Page("Search, word of 1 in 100 stories", searched('"domili"'), growth=None, most_ms=SEARCH_MS),
    Page("Search, phrase and minus", searched('"body doctor" -night'), growth=None, most_ms=SEARCH_MS),
    Page("Story with a reply", some_stories),
    Page("Treatment, common", at("/treatments/t01/")),
    Page("Treatment, rare", at("/treatments/t28/")),
    Page("Numbers", at("/numbers/")),
    Page("Feed", at("/feed.atom")),
    Page("Sitemap", at("/sitemap.xml"), growth=None, most_ms=SITEMAP_MS),
    Page("Sitemap, one part", parts_of_the_map, growth=None, most_ms=SITEMAP_MS),
]


def publish_one(site: Site, one: Any, *, keep: bool = False) -> dict[str, float]:
    """Publish one invented story through the site's own actions, and withdraw it; return the milliseconds of each."""
    from accounts.codes import new_code
    from accounts.models import User
    from moderation.actions import Verdict, claim_next, decide
    from stories.actions import save_draft, submit, withdraw
    from stories.models import Outcome
    from stories.owners import Owner
    from stories.words import Words

    owner, pk = Owner.of_code(new_code()), uuid.uuid4()
    words = {name: value for name, value in asdict(one).items() if name in Words.__dataclass_fields__}
    spent: dict[str, float] = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        done = act()
        spent[name] = (time.perf_counter() - begun) * 1000
        return done

    with site.used():
        moderator = User.objects.get(handle="bench-moderator")
        timed("save the draft", lambda: save_draft(pk, words, owner=owner))
        timed("send it", lambda: submit(pk, owner=owner))
        case = timed("claim", lambda: claim_next(moderator=moderator))
        if case.revision.contribution_id != pk:
            raise RuntimeError("Another text waits in this database.")
        verdict = Verdict(Outcome.APPROVE)
        timed("decide and publish", lambda: decide(case.pk, verdict, token=case.lease_token, moderator=moderator))
        if not keep:  # so that the next measurement finds the same stories
            timed(WITHDRAW, lambda: withdraw(pk, owner=owner))
    return spent
