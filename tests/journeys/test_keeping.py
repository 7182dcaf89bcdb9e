"""Somebody leaves a page in the middle of a word, and finds it again; whoever presses Leave leaves nothing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from stories.models import Revision
from tests import make
from tests.journeys import steps

WORDS = "I could not say it aloud, so I type"


def typing(page: Any, user: Any) -> None:
    """Begin a story and stop in the middle of it."""
    if user is not None:
        steps.signed_in(page, user)
    page.goto("/stories/new/?new=1")
    steps.begin(page)
    page.get_by_label("Your story").press_sequentially(WORDS)


@pytest.mark.parametrize("kind", ["member", "visitor"])
def test_words_are_there_after_help_now(open_browser: Any, kind: str) -> None:
    page = open_browser()
    typing(page, make.member() if kind == "member" else None)
    expect(page.get_by_text("this page also keeps it by itself")).to_be_visible()
    steps.sound(page, "Your story")
    steps.follow(page, "Help now")
    steps.heading(page, "Help now")
    page.go_back()
    expect(page.get_by_label("Your story")).to_have_value(WORDS)
    assert len(page.context.pages) == 1

    # What is typed then goes on from there, by a button too.
    page.get_by_label("Your story").fill(f"{WORDS} it here.")
    page.get_by_label("Title").fill("Typed")
    page.reload()
    expect(page.get_by_label("Your story")).to_have_value(f"{WORDS} it here.")
    page.get_by_label("Your story").fill(make.TEXT)
    steps.press(page, "Go on")
    steps.heading(page, "What you tried")


def test_help_opens_beside_where_nothing_is_kept_by_itself(open_browser: Any) -> None:
    page = open_browser(scripts=False)
    typing(page, make.member())
    with page.context.expect_page() as beside:
        page.get_by_role("link", name="Help now").first.click()
    steps.heading(beside.value, "Help now")
    expect(page.get_by_label("Your story")).to_have_value(WORDS)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_house_rules_open_beside_an_answer(open_browser: Any, scripts: bool) -> None:
    page, story = open_browser(scripts=scripts), make.published()
    steps.signed_in(page, make.member())
    page.goto(f"/stories/{story.pk}/reply/")
    page.get_by_label("Your answer").fill(WORDS)
    with page.context.expect_page() as beside:
        page.get_by_role("main").get_by_role("link", name="house rules").click()
    steps.heading(beside.value, "House rules")
    expect(page.get_by_label("Your answer")).to_have_value(WORDS)


def test_answer_is_there_after_help_now(open_browser: Any) -> None:
    page, story = open_browser(), make.published()
    page.goto(f"/stories/{story.pk}/reply/")
    page.get_by_label("Your answer").press_sequentially(WORDS)
    steps.linger(page)
    steps.follow(page, "Help now")
    steps.heading(page, "Help now")
    page.go_back()
    expect(page.get_by_label("Your answer")).to_have_value(WORDS)
    expect(page.get_by_text("Your receipt code, in case you leave")).to_be_visible()


def test_text_too_large_to_outlive_its_page_is_kept_while_it_is_there(open_browser: Any) -> None:
    page = open_browser()
    typing(page, make.member())
    page.get_by_label("Your story").fill("\u0436\u0434 " * 16_000)
    with page.expect_response(lambda answer: answer.request.method == "POST") as kept:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert kept.value.status == 204
    assert len(Revision.objects.get().text) == 3 * 16_000 - 1


def test_leave_sends_nothing(open_browser: Any, site: Any, watch: Any) -> None:
    watch.hosts.add(site.neutral.split("/")[2])
    page = open_browser()
    typing(page, make.member())
    sent: list[str] = []
    page.context.on("request", lambda one: sent.append(one.method))
    steps.follow(page, "Leave")
    page.wait_for_url(site.neutral)
    page.wait_for_timeout(500)
    assert "POST" not in sent
    assert Revision.objects.get().text == ""


def test_older_tab_says_that_nothing_is_lost(open_browser: Any, watch: Any) -> None:
    watch.expected.add(409)
    page = open_browser()
    typing(page, make.member())
    newer = page.context.new_page()
    newer.goto(page.url)
    newer.get_by_label("Your story").fill(make.TEXT)
    steps.press(newer, "Keep it and go on later")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Nothing is lost: it is still here")).to_be_visible()
    steps.press(page, "Go on")
    steps.sound(page, "Your story")
    expect(page.get_by_label("What you wrote")).to_have_value(make.TEXT)
    expect(page.get_by_label("Your story")).to_have_value(WORDS)
    steps.press(page, "Keep what I typed here")
    expect(page.get_by_label("Your story")).to_have_value(WORDS)
    assert Revision.objects.get().text == WORDS
