"""Among invented stories every page says what a naive look at what was invented says: what `make bench` measures."""

from __future__ import annotations

import base64
import html
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

import content
from benchmarks import seed, stories
from benchmarks.invented import COMMON, RARE, Invented, Writers
from benchmarks.plans import Queries
from benchmarks.report import Found, written
from benchmarks.visits import PAGES_ASKED, Site, publish_one, searched
from community import postgres, roles
from stories.actions.figures import refresh_figures

COUNT = 300
CARD = re.compile(r'class="entry__title"[^>]*><a href="([^"]*)">([^<]*)</a>')
NEXT = re.compile(r'rel="next" href="([^"]*)"')
ROLES = {"self": "r1", "partner": "r2", "friend": "r3"}


@dataclass(frozen=True)
class Ground:
    """A site with invented stories; all that was invented, by place; and the stories of visitors, newest first."""

    site: Site
    texts: list[Invented]
    stories: list[Invented]

    def page(self, address: str) -> str:
        with self.site.used():
            response = Client().get(address, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    def cards(self, address: str) -> list[tuple[str, str]]:
        """Return address and title of the stories in a list, page after page."""
        cards, more = list[tuple[str, str]](), address
        while more:
            page = self.page(more)
            cards += [card for card in CARD.findall(page) if card[0].startswith("/stories/")]
            found = NEXT.search(page)
            more = html.unescape(found[1]) if found else ""
        return cards

    def listed(self, address: str) -> list[str]:
        """Return the titles of the stories in a list, page after page."""
        return [title for _, title in self.cards(address)]


@pytest.fixture(scope="module")
def ground(django_db_blocker: Any) -> Iterator[Ground]:
    """Seed a small site on a server of its own, and publish one more story there as the benchmark does."""
    top = Path(tempfile.mkdtemp(prefix="fernway-test-"))
    place = postgres.place(top / "data")
    texts = list(Writers().stories(COUNT))
    last = next(one for one in Writers(seed=2).stories(COUNT) if one.parent is None and one.audience == "everyone")
    where = {**settings.DATABASES["default"]["OPTIONS"], "host": str(place.socket_dir)}
    login = {"USER": roles.WEB, "PASSWORD": place.passwords[roles.WEB], "HOST": "", "PORT": "", "OPTIONS": where}
    site = Site.of(COUNT, **login)
    public = [one for number, one in enumerate(texts, start=1) if number % seed.HIDDEN_EACH]
    told = [one for one in [*public, last] if one.parent is None and one.audience == "everyone"]
    try:
        with postgres.Server(place, durable=False), django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
            patch.setenv("OWNERSHIP_KEYS", base64.urlsafe_b64encode(settings.OWNERSHIP_KEYS[0]).decode())
            seed.make(COUNT, place.data_dir)
            publish_one(site, last, keep=True)
            yield Ground(site, texts, told[::-1])
    finally:
        site.wrapper.close()
        postgres.remove(place.data_dir)
        top.rmdir()


def codes_of(one: Invented) -> set[str]:
    """Return by what a story is found, read from what was invented."""
    answers = [code for given in one.answers.values() for code in ([given] if isinstance(given, str) else given)]
    tried = {row["code"] for row in one.treatments} | {row["help"] for row in one.treatments}
    return {ROLES[one.role], *answers, *tried, *one.warnings}


def words_of(one: Invented) -> set[str]:
    """Return the words of a story, and those by which people call what was tried in it."""
    tried = [content.load().treatment(row["code"]) for row in one.treatments]
    called = [name for treatment in tried for name in (treatment.name, treatment.short, *treatment.aliases)]
    return set(re.findall(r"\w+", " ".join([one.title, one.text, *called]).lower()))


def matches(one: Invented, address: str) -> bool:
    """Say whether filters let a story through, code by code."""
    codes = address.split(".")
    has, tried = codes_of(one), {(row["code"], row["help"]) for row in one.treatments}
    if any(code[1:] in has for code in codes if code.startswith("-")):
        return False
    asked = sorted(code for code in codes if not code.startswith("-"))
    groups = {letter: set(group) for letter, group in groupby(asked, lambda code: code[0])}
    if {"t", "h"} <= groups.keys():
        pairs = {(row, how) for row in groups["t"] for how in groups["h"]}
        return bool(pairs & tried) and all(group & has for group in groups.values())
    return all(group & has for group in groups.values())


def test_list_shows_every_public_story_once_newest_first(ground: Ground) -> None:
    assert ground.listed("/stories/") == [one.title for one in ground.stories]


@pytest.mark.parametrize("window", [5_000, 30])
@pytest.mark.parametrize("address", ["r1", "r2.r3", "s1.s2.t01.t03", "t01.h1.h2", "-w1.-w3", "r1.-w2", "s9.t27"])
def test_filtered_list_is_what_a_naive_filter_leaves(ground: Ground, address: str, window: int, settings: Any) -> None:
    settings.STORIES_WINDOW, settings.STORIES_CANDIDATES = window, 15
    expected = [one.title for one in ground.stories if matches(one, address)]
    assert ground.listed(f"/stories/?f={address}") == expected


@pytest.mark.parametrize("word", [COMMON, RARE])
def test_search_finds_every_story_with_the_word(ground: Ground, word: str) -> None:
    (address,) = searched(word)(ground.site)
    expected = sorted(one.title for one in ground.stories if word in words_of(one))
    assert len(expected) > 10
    assert sorted(ground.listed(address)) == expected


def test_story_shows_its_words_and_its_answer(ground: Ground) -> None:
    answers = {one.number: one for one in ground.texts if one.parent is not None}
    one = next(
        one for one in ground.stories if one.number in answers and not one.warnings and "index" not in one.consents
    )
    address = next(address for address, title in ground.cards("/stories/") if title == one.title)
    page = ground.page(address)
    for paragraph in (*one.text.split("\n\n"), *answers[one.number].text.split("\n\n")):
        assert paragraph in page


def test_treatment_counts_who_may_be_counted(ground: Ground) -> None:
    with ground.site.used():
        refresh_figures(today=date(2026, 2, 2))
    counted = [
        row["help"]
        for place, one in enumerate(ground.texts, start=1)
        if place % seed.HIDDEN_EACH and "statistics" in one.consents
        for row in one.treatments
        if row["code"] == "t01"
    ]
    ((cells,),) = ground.site.rows("SELECT cells FROM stories_figure WHERE code = 't01'")
    shown = {how: count for how, count in json.loads(cells).items() if count is not None}
    assert len(shown) > 1
    assert shown == {how: counted.count(how) for how in shown}
    assert ground.listed("/treatments/t01/") == [one.title for one in ground.stories if matches(one, "t01")][:3]


@pytest.mark.parametrize(
    ("name", "index", "queries"),
    [
        ("Home", "publication_for_engines", 2),
        ("Feed", "publication_for_engines", 1),
        ("Sitemap", "publication_for_engines", 1),
        ("Sitemap, one part", "publication_for_engines", 1),
        ("Treatment, common", "publication_quotable", 4),
    ],
)
def test_pages_of_the_few_who_agreed_read_no_others(ground: Ground, name: str, index: str, queries: int) -> None:
    (page,) = [page for page in PAGES_ASKED if page.name == name]
    ground.site.get(page)
    noted = Queries(explained=True)
    with ground.site.wrapper.execute_wrapper(noted):
        ground.site.get(page)
    assert noted.count == queries
    assert any(index in node for plan in noted.plans for node in plan.nodes), noted.plans


def test_report_tells_of_every_page(ground: Ground) -> None:
    figures = {COUNT: stories.work_out_figures(ground.site)}
    measured = stories.measure([ground.site], turns=1, warm=0)
    report = written(
        Found([ground.site], figures=figures, published={COUNT: [{"all": 1.0}] * 2}, load=[1.0, 2.0], **measured)
    )
    assert [page.name for page in PAGES_ASKED if f"### {page.name}\n" not in report] == []
    assert "Index Scan publication_stories" in report
