"""What a real browser makes of the ways back that the site's sentences name."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from community.body import TooSlowError
from stories.models import Revision
from tests import make
from tests.journeys import steps


def test_page_about_a_slow_connection_loaded_again_sends_what_was_typed(open_browser: Any, watch: Any) -> None:
    watch.expected.add(408)
    page = open_browser()
    steps.signed_in(page, make.member())
    page.goto("/stories/new/")
    steps.begin(page)
    page.get_by_label("Your story").fill(make.TEXT)
    slow = [True]

    def answer(route: Any) -> None:
        """Let the network be too slow once."""
        if route.request.method == "POST" and slow and slow.pop():
            icon = "<!doctype html><html lang=en><title>Slow</title><link rel=icon href=data:,>"
            headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
            route.fulfill(status=408, body=f"{icon}<p>{TooSlowError.sentence}</p>", headers=headers)
        else:
            route.continue_()

    page.route("**/stories/new/**", answer)
    steps.press(page, "Keep it and go on later")
    expect(page.get_by_text("load this page again")).to_be_visible()
    assert Revision.objects.get().text == ""
    page.reload()
    expect(page.get_by_text("Only you can see this. Nothing has been sent yet.")).to_be_visible()
    assert Revision.objects.get().text == make.TEXT
