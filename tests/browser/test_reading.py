"""The pages on which people find stories, seen like all others: narrow, wide, zoomed, light, dark, right to left."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests import make
from tests.browser.walk import Walk
from tests.journeys import steps

TRIED = [{"code": "t02", "help": "h1", "tip": "Take somebody along."}, {"code": "t01", "help": "h3"}]


@pytest.fixture
def stories(site: Any) -> list[Any]:
    """Some stories that have things in common, one of a partner, one with warnings."""
    said = {"stage": "s4", "type": "y1", "goal": ["g2", "g5"]}
    make.published(title="Learning to ask in daylight", role="partner")
    some = [make.published(title=f"Two steps, number {number}", answers=said, treatments=TRIED) for number in range(3)]
    return [*some, make.published(title="The ceiling", answers=said, treatments=TRIED, warnings=["w2", "w3"])]


@pytest.mark.parametrize("signed_in", [False, True])
def test_pages_of_a_reader_are_sound(open_browser: Any, watch: Any, stories: list[Any], signed_in: bool) -> None:
    walk = Walk(open_browser, watch, make.member() if signed_in else None)
    walk.visit("/stories/?f=r1.s4.t01.t02.-w1", kind="/stories/")
    walk.page.locator(".filters > summary").click()
    walk.look("/stories/")
    walk.visit("/stories/?f=r1.s9", kind="/stories/")
    walk.visit("/stories/?f=r2.s1", kind="/stories/")
    walk.visit("/partners/")
    walk.visit(f"/stories/{stories[0].pk}/", kind="story")
    walk.visit(f"/stories/reading/?open=w2&story={stories[-1].pk}", kind="choices")
    walk.visit(f"/stories/{uuid.uuid4()}/", status=404, kind="gone")
    walk.visit("/stories/?f=nobody", status=404, kind="not here")
    walk.ends_well()


def test_printed_story_is_the_story_and_nothing_else(open_browser: Any, stories: list[Any]) -> None:
    page = open_browser()
    page.goto(f"/stories/{stories[-1].pk}/")
    page.get_by_text("Show the story").click()
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    for words in ("The ceiling", "Still working on it", "Take somebody along.", "For a long time I told nobody"):
        assert words in shown
    elsewhere = ("Answers", "People like this", "Two steps")
    for words in ("Fernway", "Leave", "Print", "Help now", "Show the story", *elsewhere):
        assert words not in shown


def test_print_is_offered_where_it_works(open_browser: Any, stories: list[Any]) -> None:
    page, without = open_browser(), open_browser(scripts=False)
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes'; }")
    for one in (page, without):
        one.goto(f"/stories/{stories[0].pk}/")
    steps.press(page, "Print")
    assert page.locator("html").get_attribute("data-printed") == "yes"
    assert not without.get_by_text("Print", exact=True).is_visible()
