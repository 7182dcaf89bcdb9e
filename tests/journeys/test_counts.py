"""Two people have the home page open while the site grows."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.test import override_settings
from playwright.sync_api import expect

from community.actions import count_people
from stories.models import Outcome
from tests import make
from tests.journeys import steps

SOON = 1.0
WATCH = """name => {
  const place = document.querySelector(`[data-count=${name}]`);
  new MutationObserver(() => { place.dataset.seen ??= Date.now(); })
    .observe(place, {childList: true, characterData: true, subtree: true});
}"""


@pytest.fixture(autouse=True)
def told(site: Any, web_connection: psycopg.Connection[Any]) -> None:
    """Tell the running site that the database was emptied under it, which no trigger does."""
    for _ in range(50):
        web_connection.execute("SELECT pg_notify('counts', '')")
        with urllib.request.urlopen(f"{site}/live/counts", timeout=5) as stream:
            first = next(line for line in stream if line.startswith(b"data:"))
        if set(json.loads(first.removeprefix(b"data:")).values()) == {0}:
            return
        time.sleep(0.1)
    raise AssertionError(first)


def seconds_until_seen(pages: list[Any], name: str, becomes: str, act: Callable[[], object]) -> list[float]:
    """Do something and return how long after its commit each open page showed the number."""
    for page in pages:
        page.locator(f"[data-count={name}]").evaluate(f"() => ({WATCH})('{name}')")
    act()
    committed = time.time()
    for page in pages:
        expect(page.locator(f"[data-count={name}]")).to_have_text(becomes)
    return [int(page.locator(f"[data-count={name}]").get_attribute("data-seen")) / 1000 - committed for page in pages]


def shown(page: Any) -> list[str]:
    """Read the three counts."""
    return [steps.count(page, name) for name in ("members", "shared", "stories")]


@override_settings(PERSON_COUNT_STEP=1)
def test_open_pages_see_the_counts_change_within_a_second(open_browser: Any) -> None:
    # Given two open home pages and a text that waits,
    waits = make.waiting()
    pages = [open_browser(), open_browser(width=1280)]
    for page in pages:
        with page.expect_response("**/live/counts"):
            page.goto("/")
        assert shown(page) == ["0", "0", "0"]

    # when somebody joins and the text is published, both see it within a second of the commit,
    joined = seconds_until_seen(pages, "members", "1", make.member)
    assert max(joined) < SOON, joined
    reviewer = make.moderator(second_factor=False)
    read = seconds_until_seen(pages, "stories", "1", lambda: make.decided(waits, Outcome.APPROVE, reviewer=reviewer))
    assert max(read) < SOON, read

    # and the people who have shared once they are counted; nobody who works here is a member.
    assert [steps.count(page, "shared") for page in pages] == ["0", "0"]
    counted = seconds_until_seen(pages, "shared", "1", count_people)
    assert max(counted) < SOON, counted
    assert [shown(page) for page in pages] == [["1", "1", "1"]] * 2


@override_settings(PERSON_COUNT_STEP=1)
def test_counts_are_right_without_scripts(open_browser: Any) -> None:
    page = open_browser(scripts=False)
    page.goto("/")
    assert shown(page) == ["0", "0", "0"]
    by = make.owner()
    for title in ("One of two", "Two of two"):
        make.published(by, title=title)
    for _ in range(3):
        make.member()
    make.member(confirmed=False)
    count_people()
    page.reload()
    assert shown(page) == ["3", "1", "2"]


def test_counts_go_on_after_back_and_forth(open_browser: Any) -> None:
    page = open_browser()
    page.goto("/")
    steps.nav(page, "Stories")
    make.member()
    page.go_back()
    expect(page.locator("[data-count=members]")).to_have_text("1")
    make.member()
    expect(page.locator("[data-count=members]")).to_have_text("2")
