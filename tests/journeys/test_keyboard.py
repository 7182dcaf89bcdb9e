"""People who use the keyboard alone: Tab, Enter, Space and letters."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from stories.models import Revision
from tests import make
from tests.journeys import steps
from tests.journeys.keys import enter, tab_to, tick, type_into
from tests.journeys.steps import TITLE


def test_skip_link_leads_past_the_links(open_browser: Any) -> None:
    page = open_browser()
    page.goto("/stories/")
    enter(page, "Skip to the text")
    page.evaluate("() => { window.focusNow = null; }")
    tab_to(page, "Write your own")


def test_member_writes_and_sends_with_the_keyboard_alone(open_browser: Any) -> None:
    page = open_browser()
    steps.signed_in(page, make.member())
    page.goto("/")
    enter(page, "Write", "Begin to write")
    enter(page, "I have it, or had it", "Write: About you")
    type_into(page, "Where are things for you now?", "In treat")
    enter(page, "11 more questions")
    enter(page, "Go on", "Write: Your story")
    type_into(page, "Title", TITLE)
    tab_to(page, "Your story")
    page.keyboard.insert_text(make.TEXT)
    enter(page, "Go on", "Write: What you tried")
    type_into(page, "What was it?", "Biof")
    enter(page, "More about it")
    type_into(page, "A tip in one line", "Slowly")
    enter(page, "Go on", "Write: Who may see it")
    tick(page, "Not being believed", "This text may be published", "I have read the house rules")
    enter(page, "Look at it once more", "Look once more")
    enter(page, "Send it", "Your text")
    sent = Revision.objects.values_list("title", "text", "role", "warnings", "answers", "treatments", "state")
    tried = [{"code": "t05", "tip": "Slowly"}]
    assert list(sent) == [(TITLE, make.TEXT, "self", ["w3"], {"stage": "s3"}, tried, "waiting")]


def test_enter_in_the_title_sends_nothing(open_browser: Any, watch: Any) -> None:
    watch.expected.add(422)
    page = open_browser()
    steps.signed_in(page, make.member())
    page.goto("/stories/new/")
    steps.begin(page)
    page.get_by_label("Title").fill(TITLE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert list(Revision.objects.values_list("state", flat=True)) == ["draft"]


def test_moderator_approves_with_the_keyboard_alone(open_browser: Any) -> None:
    page = open_browser(width=1280)
    steps.signed_in(page, make.moderator())
    make.waiting(title=TITLE)
    page.goto("/moderation/")
    enter(page, "Read the next text", "A text to read")
    enter(page, "Add content warnings")
    tick(page, "Not being believed")
    tick(page, "I have read it to the end")
    enter(page, "Publish", "Queue")
    expect(page.get_by_text("The text is published.")).to_be_visible()
    page.goto("/stories/")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


def test_warned_story_opens_with_the_keyboard(open_browser: Any) -> None:
    story = make.published(title=TITLE, warnings=["w2"])
    page = open_browser()
    page.goto(f"/stories/{story.pk}/")
    enter(page, "Show the story")
    expect(page.get_by_text("being believed when I answered")).to_be_visible()
