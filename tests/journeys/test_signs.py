"""A reader finds a story, leaves a sign, saves it for later, finds people like its writer, and reports one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from moderation.models import Report
from stories.actions import react
from stories.models import Publication, Reaction
from tests import make
from tests.journeys import steps

GLAD, KNOW = "I am glad you told this", "I know this too"
KEPT = "() => [sessionStorage.length, localStorage.length]"


@pytest.fixture
def story(site: Any) -> Publication:
    """A story that three others know too, and one of somebody in the same place."""
    make.published(title="Two steps", answers={"stage": "s4"})
    published = make.published(title="The long way home", answers={"stage": "s4"})
    for _ in range(3):
        react(published, kind="c2", owner=make.owner(make.member()))
    return published


def pressed(page: Any, name: str, *, is_on: bool) -> None:
    """See whether a button is on."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_have_attribute("aria-pressed", "true" if is_on else "false")


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_member_finds_signs_saves_and_reports_stories(open_browser: Any, story: Publication, scripts: bool) -> None:
    page = open_browser(scripts=scripts)

    # Given a visitor who finds a story, they see that others know it, and are asked to sign in for a sign.
    page.goto("/stories/?f=s4")
    steps.sound(page, "Stories")
    steps.follow(page, "The long way home")
    steps.sound(page, "The long way home")
    expect(page.get_by_text("3 people know this too")).to_be_visible()
    steps.follow(page, "Sign in to leave a sign or save it for later")
    steps.heading(page, "Sign in")

    # When they are signed in and leave one, and another one in its place,
    member = make.member()
    steps.signed_in(page, member)
    page.goto(f"/stories/{story.pk}/")
    loaded = page.evaluate("() => performance.timeOrigin")
    for name, other in ((GLAD, KNOW), (KNOW, GLAD)):
        steps.press(page, name)
        pressed(page, name, is_on=True)
        pressed(page, other, is_on=False)

    # then only the last one is there, nothing tells a number that has theirs in it, and nothing stays behind.
    assert Reaction.objects.filter(kind="c2").count() == 4
    expect(page.get_by_text("3 people know this too")).to_be_visible()
    assert (page.evaluate("() => performance.timeOrigin") == loaded) is scripts, "with scripts no page was loaded"
    assert page.evaluate(KEPT) == [0, 0]

    # When they press it again, it is off.
    steps.press(page, KNOW)
    pressed(page, KNOW, is_on=False)
    assert Reaction.objects.count() == 3

    # When they save the story, it stands in their list until they take it off.
    steps.press(page, "Save for later")
    pressed(page, "Saved for later", is_on=True)
    steps.nav(page, "Your texts")
    steps.follow(page, "Saved for later")
    steps.sound(page, "Saved for later")
    steps.follow(page, "The long way home")
    steps.sound(page, "The long way home")
    steps.follow(page, "Your saved stories")
    steps.press(page, "Take it off the list The long way home")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()

    # When they look for people like its writer, they find one, and what they have in common; and can report it.
    page.goto(f"/stories/{story.pk}/")
    steps.follow(page, "read the stories of people in the same place")
    expect(page.get_by_role("list", name="What fits").first).to_contain_text("Still working on it")
    steps.follow(page, "Two steps")
    steps.follow(page, "Report this story")
    page.get_by_label("Be kind").check()
    steps.press(page, "Send the report")
    steps.sound(page, "Your report has arrived")


def test_sign_is_left_by_keyboard_and_keeps_the_place(open_browser: Any, story: Publication) -> None:
    page = open_browser()
    steps.signed_in(page, make.member())
    page.goto(f"/stories/{story.pk}/")
    page.get_by_role("button", name=GLAD).focus()
    page.keyboard.press("Enter")
    pressed(page, GLAD, is_on=True)
    expect(page.get_by_role("button", name=GLAD)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=KNOW)).to_be_focused()


def test_press_after_the_visit_ended_is_told_and_not_lost_in_silence(
    open_browser: Any, watch: Any, story: Publication
) -> None:
    watch.expected.add(409)
    page = open_browser()
    steps.signed_in(page, make.member())
    page.goto(f"/stories/{story.pk}/")
    page.context.clear_cookies(name="visit")
    steps.press(page, GLAD)
    steps.heading(page, "This was not done yet")
    assert Reaction.objects.count() == 3


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_visitor_reports_a_story(open_browser: Any, watch: Any, story: Publication, scripts: bool) -> None:
    watch.expected.add(422)
    page = open_browser(scripts=scripts)

    # Given a visitor who finds something wrong in a story, and presses Send before they chose a reason,
    page.goto(f"/stories/{story.pk}/")
    steps.follow(page, "Report this story")
    steps.sound(page, "Report this story")
    page.get_by_label("Do you want to say more?").fill("It names the clinic.")
    steps.linger(page)
    steps.press(page, "Send the report")
    expect(page.get_by_role("alert").get_by_text("Please tick at least one rule")).to_be_visible()

    # when they choose one and send it,
    page.get_by_label("Name nobody").check()
    steps.press(page, "Send the report")

    # then they read what happens next, and the same again when they come back.
    steps.heading(page, "Your report has arrived")
    page.goto(f"/report/{story.pk}/")
    steps.heading(page, "Your report has arrived")
    report = Report.objects.get()
    assert (report.rules, report.text, report.weight) == (["identify"], "It names the clinic.", 1)
