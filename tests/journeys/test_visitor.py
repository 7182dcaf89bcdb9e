"""A visitor reads, finds help, and leaves."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from stories.models import Publication
from tests import make
from tests.journeys import steps

HARD = "What I remember most is the ceiling, and that nobody in the room asked me whether they should stop. " * 2


@pytest.fixture
def warned(site: Any) -> Publication:
    """A plain story, and one that is opened by a button."""
    make.published(title="A slow way round", consents=["publish", "rules", "index"])
    return make.published(title="The ceiling", text=HARD, warnings=["w2"])


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_visitor_reads_home_list_story_and_help(open_browser: Any, warned: Publication, scripts: bool) -> None:
    page = open_browser(scripts=scripts)

    # Given somebody who opens the home page, they see three ways in, three counts, the newest stories, help.
    page.goto("/")
    for door in ("For me", "For my partner", "Just reading"):
        expect(page.get_by_role("link", name=door)).to_be_visible()
    for count in ("stories to read", "people have shared", "members"):
        expect(page.get_by_text(count, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="A slow way round")).to_be_visible()
    expect(page.get_by_role("link", name="Find help now").first).to_be_visible()

    # When they open the list, then the story with a warning,
    steps.nav(page, "Stories")
    steps.heading(page, "Stories")
    expect(page.get_by_text("Before you read: Pain during an examination or procedure")).to_be_visible()
    expect(page.get_by_text("What I remember most")).to_have_count(0)
    steps.follow(page, "The ceiling")

    # then its words stay closed until they press the button.
    steps.heading(page, "The ceiling")
    expect(page.get_by_text("What I remember most")).to_be_hidden()
    page.get_by_text("Show the story").click()
    expect(page.get_by_text("What I remember most")).to_be_visible()

    # And help is one tap away, country by country.
    steps.follow(page, "Help now")
    steps.heading(page, "Help now")
    page.get_by_label("Where are you?").select_option(label="United Kingdom")
    steps.press(page, "Show help there")
    expect(page.get_by_role("heading", name="United Kingdom")).to_be_visible()
    assert page.context.cookies() == []


def old_visit_is_refused(open_browser: Any, cookies: list[Any]) -> None:
    """See that nobody comes back in with what a browser held before it left."""
    other = open_browser()
    other.context.add_cookies(cookies)
    other.goto("/accounts/")
    steps.heading(other, "Sign in")


def reading(open_browser: Any, watch: Any, site: Any, story: Publication, *, scripts: bool) -> tuple[Any, list[Any]]:
    """Given a member who came from their own texts to a story."""
    watch.hosts.add(site.neutral.split("/")[2])
    page = open_browser(scripts=scripts)
    steps.signed_in(page, make.member())
    page.goto("/stories/mine/")
    page.goto(f"/stories/{story.pk}/")
    cookies = page.context.cookies()
    assert settings.SESSION_COOKIE_NAME in {one["name"] for one in cookies}
    return page, cookies


@pytest.mark.parametrize("way", ["tap", "shift"])
def test_leaving_ends_the_visit_and_takes_the_page_out_of_back(
    open_browser: Any, watch: Any, site: Any, warned: Publication, way: str
) -> None:
    page, cookies = reading(open_browser, watch, site, warned, scripts=True)

    # When they tap Leave, or press Shift three times,
    if way == "tap":
        page.get_by_role("link", name="Leave", exact=True).click()
    else:
        page.keyboard.press("Shift")
        expect(page.get_by_text("Press Shift twice more to leave.")).to_be_attached()
        page.keyboard.press("Shift")
        page.keyboard.press("Shift")

    # then they are on a neutral page, Back does not bring the story up, and nobody is signed in.
    page.wait_for_url(site.neutral)
    assert page.context.cookies() == []
    page.go_back()
    assert "The ceiling" not in page.content()
    steps.heading(page, "Open a text with its receipt")
    old_visit_is_refused(open_browser, cookies)


def test_capitals_do_not_lead_away(open_browser: Any, watch: Any, site: Any, warned: Publication) -> None:
    page, _ = reading(open_browser, watch, site, warned, scripts=True)
    for _ in range(4):
        page.keyboard.press("Shift+A")
    page.keyboard.press("Shift")
    page.keyboard.press("b")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)
    steps.heading(page, "The ceiling")


def test_leaving_without_scripts_ends_the_visit(open_browser: Any, watch: Any, site: Any, warned: Publication) -> None:
    page, cookies = reading(open_browser, watch, site, warned, scripts=False)
    page.goto("/accounts/")
    page.get_by_role("link", name="Leave", exact=True).click()
    page.wait_for_url(site.neutral)
    assert page.context.cookies() == []

    # Back asks the site again, and the site knows nobody any more.
    page.go_back()
    steps.heading(page, "Sign in")
    old_visit_is_refused(open_browser, cookies)
