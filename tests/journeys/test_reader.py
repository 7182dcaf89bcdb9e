"""A reader finds people like them, decides what opens by itself, and is left alone by the rest."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests import make
from tests.journeys import steps
from tests.journeys.keys import enter, tick

TRIED = [{"code": "t02", "help": "h1"}]
HARD = "What I remember most is the ceiling, and that nobody in the room asked me whether they should stop. " * 2


@pytest.fixture
def told(site: Any) -> None:
    """Stories at two stages, one with a warning, one of a partner."""
    make.published(title="Learning to ask", role="partner")
    make.published(title="Only just a name", answers={"stage": "s1"})
    make.published(title="Two steps", answers={"stage": "s4"}, treatments=TRIED)
    make.published(title="The ceiling", text=HARD, answers={"stage": "s4"}, treatments=TRIED, warnings=["w2"])


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_reader_narrows_the_list_and_widens_it_again(open_browser: Any, told: None, scripts: bool) -> None:
    page = open_browser(scripts=scripts, width=360)

    # Given somebody on a phone who looks for people in the same place,
    page.goto("/stories/")
    page.get_by_text("Find stories like yours").click()
    page.locator("summary", has_text="Where things are now").click()
    page.get_by_label("Still working on it").check()
    page.locator("summary", has_text="Leave out").click()
    page.get_by_label("Pain during an examination").check()
    steps.press(page, "Show these stories")

    # then they see those stories only, and what fits; the address holds codes.
    expect(page.get_by_role("link", name="Two steps")).to_be_visible()
    expect(page.get_by_role("list", name="What fits")).to_have_text("Still working on it")
    for title in ("The ceiling", "Only just a name", "Learning to ask"):
        expect(page.get_by_role("link", name=title)).to_have_count(0)
    assert page.url.endswith("/stories/?f=s4.-w2")

    # When they take one filter away, more comes back; when all, everything.
    steps.follow(page, "Take away: Without: Pain during an examination or procedure")
    expect(page.get_by_role("link", name="The ceiling")).to_be_visible()
    steps.follow(page, "Clear all")
    expect(page.get_by_role("link", name="Only just a name")).to_be_visible()

    # And where nobody has told such a story, the page says so and helps on.
    page.goto("/stories/?f=s4.t05")
    expect(page.get_by_text("Nobody has told such a story here yet")).to_be_visible()
    steps.follow(page, "Leave out “Tried: Biofeedback”")
    expect(page.get_by_role("link", name="Two steps")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_reader_finds_people_like_a_writer(open_browser: Any, told: None, scripts: bool) -> None:
    page = open_browser(scripts=scripts)
    page.goto("/stories/")
    steps.follow(page, "Two steps")
    expect(page.get_by_role("heading", name="People like this")).to_be_visible()
    steps.follow(page, "read the stories of people in the same place")
    expect(page.get_by_role("link", name="The ceiling")).to_be_visible()
    expect(page.get_by_role("link", name="Only just a name")).to_have_count(0)
    expect(page.get_by_role("list", name="What fits").first).to_contain_text("Physiotherapy")


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "member"])
@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_reader_says_once_what_opens_by_itself(open_browser: Any, told: None, scripts: bool, signed_in: bool) -> None:
    page, user = open_browser(scripts=scripts), make.member()
    if signed_in:
        steps.signed_in(page, user)

    # Given a story that waits to be opened,
    page.goto("/stories/?f=s4")
    steps.follow(page, "The ceiling")
    expect(page.get_by_text("What I remember most")).to_be_hidden()

    # when its reader says that such stories need not ask,
    steps.follow(page, "Always open stories about this")
    expect(page.get_by_label("Pain during an examination or procedure")).to_be_checked()
    page.get_by_label("Leave out partners’ stories").check()
    steps.press(page, "Keep this")

    # then it stands open, in the list too, and partners' stories are left out of it.
    steps.heading(page, "The ceiling")
    expect(page.get_by_text("What I remember most")).to_be_visible()
    steps.nav(page, "Stories")
    expect(page.get_by_text("What I remember most")).to_be_visible()
    expect(page.get_by_role("link", name="Learning to ask")).to_have_count(0)

    # Both for this list only can be set aside,
    steps.follow(page, "Take away: Partners’ stories are left out, as you chose")
    expect(page.get_by_role("link", name="Learning to ask")).to_be_visible()

    # and it is the visitor's cookie, or the member's account, that knows.
    kept = [one for one in page.context.cookies() if one["name"] == "reading"]
    assert [(one["value"], one["expires"], one["httpOnly"]) for one in kept] == (
        [] if signed_in else [("w2.-r2", -1, True)]
    )
    assert User.objects.get(pk=user.pk).reading_choices == (["w2", "-r2"] if signed_in else [])


def test_partner_is_at_home_on_the_partners_pages(open_browser: Any, told: None) -> None:
    page = open_browser(width=360)
    page.goto("/")
    page.get_by_role("link", name="For my partner").click()
    steps.heading(page, "For partners")
    expect(page.get_by_role("link", name="Learning to ask")).to_be_visible()
    expect(page.get_by_role("link", name="Two steps")).to_have_count(0)
    steps.follow(page, "Write as a partner")
    assert "f=r2" in page.url


def test_filters_by_keyboard_alone(open_browser: Any, told: None) -> None:
    page = open_browser()
    page.goto("/stories/")
    enter(page, "Find stories like yours")
    enter(page, "Where things are now")
    tick(page, "Just found out")
    enter(page, "Show these stories")
    page.wait_for_url("**/stories/?f=s1")
    enter(page, "Take away")
    page.wait_for_url("**/stories/")
