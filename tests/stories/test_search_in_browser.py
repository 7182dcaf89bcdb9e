"""Searching in a real browser: by keyboard, without scripts, narrow and wide, light and dark."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from stories.search.results import A_PAGE
from tests import make
from tests.browser.walk import Walk
from tests.journeys import steps

LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_reader_searches_opens_a_story_and_comes_back(open_browser: Any, *, scripts: bool) -> None:
    for number in range(A_PAGE + 1):
        make.published(title=f"Heron {number}")
    page = open_browser(scripts=scripts)
    page.goto("/")
    steps.nav(page, "Search")
    page.get_by_label("What are you looking for?").fill("heron")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_count(0)
    assert "heron" not in unquote(page.url).lower()
    steps.follow(page, "More")
    steps.follow(page, "Heron 0")
    steps.heading(page, "Heron 0")
    page.go_back()
    expect(page.get_by_role("link", name="Heron 0")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name=f"Heron {A_PAGE}")).to_be_visible()
    expect(page.get_by_label("What are you looking for?")).to_have_value("heron")


def test_search_pages_are_sound(open_browser: Any, watch: Any) -> None:
    make.published(title=LONG, text=f"{make.TEXT} A heron, physio and {LONG} {LONG}. {make.TEXT}")
    make.published(title="Warned", text=f"{make.TEXT} heron physio", warnings=["w1", "w2"])
    walk = Walk(open_browser, watch)
    walk.visit("/search/")
    for typed in ("physio", "heron", LONG, "kingfisher", "the", "-no", "i want to die"):
        walk.watch.expected.add(422)
        walk.page.goto("/search/")
        walk.page.get_by_label("What are you looking for?").fill(typed)
        steps.press(walk.page, "Search")
        walk.look("/search/")
    walk.ends_well()
