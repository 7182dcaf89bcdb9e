"""What is left in a real profile directory after somebody read, searched and wrote here, and left."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.profile import holding, packed, unsnapped
from tests.chromium import CHROMIUM, QUIET
from tests.journeys import steps

TYPED, SOUGHT, READ = "kanarityped", "kanarisought", "kanariread"
HANDLE = "kanari-handle-77"
KEPT = "kanarikept"  # on a page elsewhere that lets a browser keep it: the control
PAGE = f"<!doctype html><title>Weather</title><p>{KEPT}one</p>"
STORED = f"<script>localStorage.word = '{KEPT}two'; document.title = '{KEPT}three'</script>"


class Keeping(BaseHTTPRequestHandler):
    """Somebody else's page, which a browser may keep."""

    def do_GET(self) -> None:
        """Answer every address alike, packed."""
        body = packed((PAGE + STORED).encode())
        self.send_response(200)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Encoding": "gzip",
            "Content-Length": str(len(body)),
            "Cache-Control": "max-age=3600",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def held(page: Any) -> set[str]:
    """Return the names of the cookies that a browser holds."""
    return {one["name"] for one in page.context.cookies()}


def visit(page: Any, story: str) -> None:
    """Choose how to read, sign in by typing, read, search, write a draft, and look at the account."""
    for where, chosen in (("/stories/reading/", "Keep this"), ("/look/", "Dark"), ("/language/", "English")):
        page.goto(where)
        if chosen == "Keep this":
            page.get_by_role("checkbox").first.check()
        steps.press(page, chosen)
    assert held(page) >= {"reading", "theme", "language"}
    steps.sign_in(page, HANDLE)
    assert "reading" not in held(page), "from here on the account's choices count"
    page.goto(story)
    expect(page.get_by_text(READ).first).to_be_visible()
    page.goto("/search/")
    page.get_by_label("What are you looking for?").fill(f"{SOUGHT} harbour")
    with page.expect_navigation(url="**/search/?*"):
        page.keyboard.press("Enter")
    page.goto("/stories/new/")
    steps.write(page, title=f"About {TYPED}", text=f"{make.TEXT} {TYPED} was the word.")
    steps.look(page)
    page.go_back()
    page.go_forward()
    page.goto("/accounts/")
    expect(page.get_by_text(HANDLE)).to_be_visible()


def leave(page: Any, neutral: str) -> None:
    page.get_by_role("link", name="Leave", exact=True).click(no_wait_after=True)
    page.wait_for_url(neutral)


def sign_out(page: Any, neutral: str) -> None:
    steps.sign_out(page)
    page.wait_for_url("**/")
    page.goto(neutral)


@pytest.mark.parametrize("way", [leave, sign_out])
def test_nothing_is_left_in_the_profile(playwright: Any, site: Any, tmp_path: Path, way: Any) -> None:
    make.member(HANDLE)
    story = make.published(title=f"About {READ}", text=f"{make.TEXT} {READ} is in it.", consents=["publish", "rules"])
    with ThreadingHTTPServer(("127.0.0.1", 0), Keeping) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch_persistent_context(
            str(tmp_path), executable_path=CHROMIUM, args=QUIET, base_url=site.url
        )
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        visit(page, f"/stories/{story.pk}/")
        way(page, site.neutral)
        assert browser.cookies() == []
        browser.close()
        elsewhere.shutdown()
    left = {word: holding(tmp_path, word) for word in (TYPED, SOUGHT, READ, make.PASSWORD, HANDLE)}
    # Chromium's own keeper of passwords notes for which name it offered to keep one; no page can forbid that.
    left[HANDLE].discard("Default/Login Data")
    assert {word: files for word, files in left.items() if files} == {}
    # The same look finds what a page elsewhere left: in the cache, packed; in storage; in the history.
    for part in ("one", "two", "three"):
        assert holding(tmp_path, f"{KEPT}{part}"), part


@pytest.mark.parametrize("leaves", [False, True])
def test_leaving_empties_the_store_of_our_files(playwright: Any, site: Any, tmp_path: Path, leaves: bool) -> None:
    browser = playwright.chromium.launch_persistent_context(
        str(tmp_path), executable_path=CHROMIUM, args=QUIET, base_url=site.url
    )
    page = browser.new_page()
    page.goto("/rules/")
    page.evaluate(f"localStorage.word = '{KEPT}four'")
    if leaves:
        leave(page, site.neutral)
    else:
        page.goto(site.neutral)
    browser.close()
    stored = {name for name in holding(tmp_path, f"127.0.0.1:{site.port}/static/") if name.startswith("Default/Cache/")}
    assert (bool(stored), bool(holding(tmp_path, f"{KEPT}four"))) == (not leaves, not leaves)


def test_packed_blocks_are_read() -> None:
    assert unsnapped(bytes.fromhex("0b2c") + b"hello world") == b"hello world"
    assert unsnapped(bytes([9, 8]) + b"abc" + bytes([(6 - 4) << 2 | 1, 3])) == b"abcabcabc"
