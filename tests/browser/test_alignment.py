"""What a reader on a phone meets first, and whether links stacked under each other begin at one edge."""

from __future__ import annotations

from typing import Any

from tests import make
from tests.journeys import steps

EDGES = """() => [...document.querySelectorAll('main .actions .btn-link')].map((one) => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return Math.round(words.getBoundingClientRect().left - document.querySelector('h1').getBoundingClientRect().left);
})"""


def test_links_below_each_other_begin_at_the_edge_of_the_text(open_browser: Any) -> None:
    story = make.published()
    page = open_browser(width=360)
    for address, least in ((f"/stories/{story.pk}/", 2), ("/stories/mine/", 1)):
        if address == "/stories/mine/":
            steps.signed_in(page, make.member())
        page.goto(address)
        edges = page.evaluate(EDGES)
        assert len(edges) >= least, address
        assert set(edges) == {0}, address


def test_what_others_tried_is_met_before_the_first_story(open_browser: Any) -> None:
    make.published()
    page = open_browser(width=360)
    page.goto("/stories/")
    below = page.locator(".entries").bounding_box()["y"]
    for name in ("What people tried", "Numbers", "For partners"):
        assert page.get_by_role("main").get_by_role("link", name=name).bounding_box()["y"] < below


def test_filters_that_leave_out_stand_together(open_browser: Any) -> None:
    make.published()
    page = open_browser(scripts=False)
    page.goto("/stories/")
    for title in ("Find stories like yours", "Leave out"):
        page.locator("summary", has_text=title).click()
    assert page.get_by_role("group", name="Leave out").get_by_label("Partners’ stories").count() == 1
    assert page.get_by_role("group", name="Who writes").get_by_label("Partners’ stories").count() == 0
