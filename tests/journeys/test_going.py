"""Somebody comes into the room, whether our site is quick, slow or away."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Error, expect

from accounts.models import Role, Session
from moderation.actions import claim
from tests import make
from tests.chromium import answers, free_port, serve, stop
from tests.journeys import steps
from tests.journeys.leaving import line, recorder
from tests.moderation import two

# Told in the console, which is heard even when the page that told it has gone.
COVERED = """() => {
  const look = new MutationObserver(() => {
    if (!document.querySelector('.leave-cover')) return;
    requestAnimationFrame(() => setTimeout(() => {
      const inTheMiddle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      console.log(JSON.stringify([performance.now() - window.pressed, inTheMiddle.className, document.title]));
    }));
  });
  look.observe(document.body, {childList: true});
  const note = () => { window.pressed = performance.now(); };
  for (const name of ['click', 'keyup']) document.addEventListener(name, note, {capture: true});
}"""


@pytest.fixture(scope="module")
def outside(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[int, str, list[dict[str, str]]]]:
    """A site of its own whose way out leads to a place that records who comes."""
    with recorder() as (neutral, came):
        with django_db_blocker.unblock():
            port = free_port()
            process = serve(port, LEAVE_TARGET=neutral)
        try:
            answers(f"http://127.0.0.1:{port}/healthz")
            yield port, neutral, came
        finally:
            stop(process)


def tapped(page: Any) -> None:
    page.get_by_role("link", name="Leave", exact=True).click(no_wait_after=True)


def pressed(page: Any) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


@pytest.mark.alone
@pytest.mark.parametrize("way", [tapped, pressed])
def test_a_slow_site_is_covered_at_once_and_the_visit_ends_all_the_same(
    open_browser: Any, watch: Any, outside: Any, way: Any
) -> None:
    port, neutral, came = outside
    user = make.member()
    with line(port, late={"/leave/": 3.0}) as slow:
        watch.hosts |= {f"127.0.0.1:{slow}", neutral.split("/")[2]}
        page = open_browser()
        steps.signed_in(page, user)
        page.goto(f"http://127.0.0.1:{slow}/rules/")
        page.goto(f"http://127.0.0.1:{slow}/accounts/")
        cookies = page.context.cookies()
        page.evaluate(COVERED)
        came.clear()
        with page.expect_console_message() as told:
            way(page)
        milliseconds, shown, title = json.loads(told.value.text)
        assert (milliseconds < 100, shown, title) == (True, "leave-cover", "\u2026")
        page.wait_for_url(neutral)
        assert "referer" not in came[0]

        # The answer had not come when the page went: the request is kept alive, and row and cookies go.
        for _ in range(60):
            if not Session.objects.exists() and not page.context.cookies():
                break
            page.wait_for_timeout(100)
        assert (Session.objects.exists(), page.context.cookies(), len(came)) == (False, [], 1)
        page.go_back()
        assert "/accounts/" not in page.url
        steps.heading(page, "House rules")
        page.go_forward()
        assert page.url == neutral
    assert settings.SESSION_COOKIE_NAME in {one["name"] for one in cookies}


def addresses(page: Any) -> list[str]:
    """Return what is behind Back, and last what the address line shows: of an error page, the address that failed."""
    for _ in range(50):
        with contextlib.suppress(Error):  # while one page takes the place of another there is none to ask
            told = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
            return [one["url"] for one in told["entries"][: told["currentIndex"] + 1]]
        page.wait_for_timeout(100)
    raise AssertionError("no page is there")


@pytest.mark.parametrize("way", [tapped, pressed])
@pytest.mark.parametrize("fault", ["none", "refused", "offline", "bad gateway"])
def test_a_site_that_is_away_leads_to_the_neutral_page_all_the_same(
    open_browser: Any, watch: Any, outside: Any, fault: str, way: Any
) -> None:
    port, neutral, _came = outside
    with contextlib.ExitStack() as connected:
        ours = connected.enter_context(line(port, broken="/leave/" if fault == "bad gateway" else ""))
        watch.hosts |= {f"127.0.0.1:{ours}", neutral.split("/")[2]}
        watch.expected |= {502, "net::ERR_"}
        page = open_browser()
        page.clock.install()
        page.goto(f"http://127.0.0.1:{ours}/rules/")
        page.goto(f"http://127.0.0.1:{ours}/about/")
        *before, _left = addresses(page)
        if fault == "refused":
            connected.close()
        page.context.set_offline(fault == "offline")

        # With a clock that stands still, going cannot be the work of the timer for a slow site.
        page.clock.pause_at(page.evaluate("Date.now() + 60_000"))
        with page.expect_event("framenavigated"):
            way(page)
        assert addresses(page) == [*before, neutral]


def test_a_page_that_was_on_its_way_does_not_come_in_place_of_leaving(
    open_browser: Any, watch: Any, outside: Any
) -> None:
    port, neutral, _came = outside
    with line(port, late={"/leave/": 3.0, "/rules/": 1.0}) as slow:
        watch.hosts |= {f"127.0.0.1:{slow}", neutral.split("/")[2]}
        page = open_browser()
        page.goto(f"http://127.0.0.1:{slow}/about/")
        with page.expect_event("framenavigated"):
            page.evaluate(
                "for (const one of ['[href=\"/rules/\"]', '[data-leave]']) document.querySelector(one).click()"
            )
        assert page.url == neutral


def test_staff_leave_like_everybody_and_the_target_learns_nothing(open_browser: Any, watch: Any, outside: Any) -> None:
    port, neutral, came = outside
    watch.hosts |= {f"127.0.0.1:{port}", neutral.split("/")[2]}
    for scripts in (True, False):
        page = open_browser(scripts=scripts)
        steps.signed_in(page, make.moderator(role=Role.LEAD))
        for where in ("/moderation/", "/moderation/people/", "/no/such/page/"):
            watch.expected.add(404)
            page.goto(f"http://127.0.0.1:{port}{where}")
            expect(page.get_by_role("link", name="Leave", exact=True)).to_be_visible()
        came.clear()
        tapped(page)
        page.wait_for_url(neutral)
        assert ("referer" in came[0], came[0].get("cookie", "")) == (False, "")
        assert not Session.objects.exists()
        assert page.context.cookies() == []


def test_what_lies_above_the_page_is_covered_too(open_browser: Any) -> None:
    moderator = make.moderator()
    case = claim(two.open_case(make.waiting()).pk, moderator=moderator)
    page = open_browser()
    steps.signed_in(page, moderator)
    page.route("**/leave/", lambda _route: None)  # no answer comes
    page.goto(reverse("moderation:case", args=[case.pk]))
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    pressed(page)
    expect(page.locator(".leave-cover")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_shift_is_counted_aloud(open_browser: Any) -> None:
    page = open_browser()
    page.goto("/rules/")
    said = page.locator("[data-leave-status][role=status]")
    for words in ("Press Shift twice more to leave.", "Press Shift once more to leave."):
        page.keyboard.press("Shift")
        expect(said).to_have_text(words)
    page.keyboard.press("a")
    expect(said).to_have_text("")
    assert page.locator(".leave-cover").count() == 0
