"""Whatever is asked, the pages of a list are what naive reading of all stories gives: complete, in order, once each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

import content
from stories import actions
from stories.filters import Filters, codes_to_ask, codes_to_leave_out
from stories.listing import make_cursor, page
from stories.models import A_MEMBER, Suppression
from tests import make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
PACK = content.load()
BY_INDEX = "&& (SELECT"  # in a question that only the index of facets answers
# Few codes, so that stories meet, and filters of three codes find some.
FEW = ["s1", "s2", "y1", "g1", "g2", "t01", "t02", "h1", "h2", "r1", "r2", "r3", "-r2", "-w1", "-w2", "a2"]


@dataclass
class Told:
    """What a test knows of a story that it made."""

    pk: UUID
    has: set[str]
    rows: list[tuple[str, str]] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
    gone: bool = False

    def meets(self, filters: Filters, *, member: bool) -> bool:
        """Say whether a list with these filters has it, worked out without a facet."""
        if self.gone or ("a2" in self.has and not member):
            return False
        asked = {letter: [code for code in filters.asked if code[0] == letter] for letter in "rsytgha"}
        tried = any(
            (not asked["t"] or row in asked["t"]) and (not asked["h"] or helped in asked["h"])
            for row, helped in self.rows
        )
        groups = all(not asked[letter] or self.has & set(asked[letter]) for letter in "rsyga")
        out = (self.has | self.warnings) & set(filters.left_out)
        return groups and not out and (tried or not asked["t"] + asked["h"])


def told(chance: random.Random, number: int) -> Told:
    """Publish a story with something of everything; some are hidden or withdrawn again, some are answered."""
    by, role = make.owner(), chance.choice(["self", "self", "self", "partner", "friend"])
    rows = [(code, chance.choice(["h1", "h2", ""])) for code in ("t01", "t02") if chance.random() < 0.4]
    answers = {"stage": chance.choice(["s1", "s2"]), "goal": chance.sample(["g1", "g2"], chance.randrange(3))}
    mine = role == "self"
    audience = "members" if chance.random() < 0.25 else "everyone"
    warnings = [code for code in ("w1", "w2") if chance.random() < 0.2]
    live = make.published(
        by,
        title=f"Story {number}",
        role=role,
        answers=answers if mine else {},
        treatments=[{"code": code, **({"help": helped} if helped else {})} for code, helped in rows] if mine else [],
        audience=audience,
        warnings=warnings,
    )
    has: set[str] = {PACK.role(role).facet, *([answers["stage"], *answers["goal"]] if mine else [])}
    has |= {"a2"} if audience == "members" else set()
    one = Told(live.pk, has, rows if mine else [], set(warnings), gone=chance.random() < 0.2)
    if one.gone and chance.random() < 0.5:
        actions.withdraw(live.pk, owner=by)
    elif one.gone:
        Suppression.objects.create(contribution=live.contribution, ground="trial")
    elif chance.random() < 0.3:
        make.published_reply(live)
    return one


def pages(reader: Any, filters: Filters, size: int) -> list[list[UUID]]:
    """Page through a list to its end, then back to its beginning; both ways show the same pages."""
    found, cursors = [], [""]
    while True:
        one = page(reader, filters=filters, after=cursors[-1], size=size)
        assert (one.newer is None) == (len(cursors) == 1)
        assert one.newer is None or one.newer == cursors[-2]
        found.append([teaser.pk for teaser in one.stories])
        if one.older is None:
            return found
        cursors.append(one.older)


def draw(chance: random.Random) -> Filters:
    """Return some filters."""
    return Filters.of(chance.sample(FEW, chance.randrange(5)))


def test_codes_drawn_here_are_codes() -> None:
    assert {code for code in FEW if not code.startswith("-")} <= codes_to_ask(PACK)
    assert {code[1:] for code in FEW if code.startswith("-")} <= codes_to_leave_out(PACK)


def test_pages_are_what_reading_everything_gives(settings: Any) -> None:
    chance = random.Random(20)
    stories = [told(chance, number) for number in range(40)]
    used = set()
    for _turn in range(150):
        settings.STORIES_WINDOW, settings.STORIES_CANDIDATES = chance.choice([(1, 1), (3, 2), (10, 4), (5_000, 200)])
        filters, size, member = draw(chance), chance.choice([1, 2, 3, 7]), chance.random() < 0.5
        expected = [one.pk for one in reversed(stories) if one.meets(filters, member=member)]
        with CaptureQueriesContext(connection) as seen:
            found = pages(A_MEMBER if member else VISITOR, filters, size)
        used.add(any(BY_INDEX in query["sql"] for query in seen))
        assert [pk for one in found for pk in one] == expected, (filters, size, member)
        assert all(len(one) == size for one in found[:-1])
    assert used == {True, False}


def test_way_back_over_a_long_gap_leads_to_the_same_pages(settings: Any) -> None:
    settings.STORIES_WINDOW = 3
    roles = ["partner"] * 3 + ["self"] * 3 + ["partner"] * 2
    made = [make.published(role=role).pk for role in roles]
    expected = [[pk] for pk, role in zip(reversed(made), reversed(roles), strict=True) if role == "partner"]
    assert pages(VISITOR, Filters.parse("r2"), 1) == expected


@pytest.mark.parametrize(("window", "first", "later"), [(5_000, 1, 2), (2, 2, 4)])
def test_steps_are_as_many_as_they_must_be(settings: Any, window: int, first: int, later: int) -> None:
    settings.STORIES_WINDOW = window
    for number in range(9):
        make.published(title=f"Story {number}", role="self" if number % 3 else "partner")
    filters = Filters.parse("r2")
    asked = [queries(filters, ""), queries(filters, page(VISITOR, filters=filters, size=1).older or "")]
    assert asked == [first, later]


@pytest.mark.parametrize(("hidden", "rounds"), [(0, 1), (1, 1), (2, 3), (4, 3), (5, 5), (8, 7)])
def test_a_look_at_the_index_is_repeated_only_for_what_is_hidden(settings: Any, hidden: int, rounds: int) -> None:
    settings.STORIES_WINDOW, settings.STORIES_CANDIDATES = 1, 3
    fit = [make.published(role="partner") for _ in range(hidden + 3)]
    make.published()
    make.published()
    for one in fit[3:]:
        Suppression.objects.create(contribution=one.contribution, ground="trial")
    with CaptureQueriesContext(connection) as seen:
        found = page(VISITOR, filters=Filters.parse("r2"), size=1)
    assert [one.pk for one in found.stories] == [fit[2].pk]
    assert sum(BY_INDEX in query["sql"] for query in seen) == rounds


@pytest.mark.parametrize("count", [3, 30])
def test_later_page_of_a_rare_filter_asks_four_times_at_most(settings: Any, count: int) -> None:
    settings.STORIES_WINDOW, settings.STORIES_A_PAGE = 1, 2
    for _ in range(count):
        make.published(role="partner")
        make.published()
    filters, after, most = Filters.parse("r2"), "", 0
    for _ in range(count):
        most, found = max(most, queries(filters, after)), page(VISITOR, filters=filters, after=after, size=1)
        after = found.older or ""
    assert most == 4


def queries(filters: Filters, after: str) -> int:
    """Count what is read for a page."""
    with CaptureQueriesContext(connection) as seen:
        page(VISITOR, filters=filters, after=after, size=1)
    return sum(query["sql"].startswith("SELECT") for query in seen)


def test_page_further_back_than_there_is_anything_is_empty() -> None:
    live = make.published()
    found = page(VISITOR, after=make_cursor(live.position))
    assert (found.stories, found.older, found.newer) == ([], None, "")


def test_filters_that_leave_only_something_out_ask_once() -> None:
    make.published(warnings=["w1"])
    assert queries(Filters.parse("-r2.-w1"), "") == 1


@pytest.mark.django_db(transaction=True)
def test_planner_forgets_what_it_was_told(settings: Any, key_known: None) -> None:
    settings.STORIES_WINDOW = 1
    make.published(role="partner")
    make.published()
    with connection.cursor() as cursor:
        assert page(VISITOR, filters=Filters.parse("r2")).stories
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchall() == [("on",)]
