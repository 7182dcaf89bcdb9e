"""A moderator at a real browser: with and without scripts, by keyboard, on a phone and at a desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from moderation.models import Case, Decision
from stories.models import Statement
from tests import make
from tests.chromium import Site, Watch, axe
from tests.moderation.desk import Desk, now, state

TEXT = make.TEXT + "\nIt went on.\n\nRing 07700 900123 and ask for me."


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk()


@pytest.fixture
def waiting(site: Site) -> Case:
    return make.case(text=TEXT)


@pytest.fixture
def sit_down(open_browser: Callable[..., Any], site: Site, desk: Desk) -> Callable[..., Any]:
    """Open a browser in which the moderator is signed in."""

    def opened(**options: Any) -> Any:
        page = open_browser(**options)
        cookies = make.visit_cookies(desk.client)
        page.context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
        page.goto("/moderation/")
        return page

    return opened


def eventually(true: Callable[[], bool]) -> bool:
    """Wait a few seconds for something to come true."""
    end = time.monotonic() + 8
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def minutes_left(case: Case) -> float:
    until = now(case).lease_until
    return (until - timezone.now()) / timedelta(minutes=1) if until else 0


def take(page: Any) -> None:
    page.get_by_role("button", name="Read the next text").click()
    page.wait_for_url("**/cases/**")


def select(page: Any, first: str, last: str) -> None:
    """Select from the beginning of one run of words to the end of another, as with the mouse."""
    page.evaluate(
        """([first, last]) => {
            const walker = document.createTreeWalker(document.querySelector("[data-passages]"), 4);
            const range = document.createRange();
            for (let node; (node = walker.nextNode()); ) {
                if (node.data.includes(first)) range.setStart(node, node.data.indexOf(first));
                if (node.data.includes(last)) range.setEnd(node, node.data.indexOf(last) + last.length);
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        [first, last],
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_marking_and_asking_for_a_change(sit_down: Callable[..., Any], waiting: Case, width: int) -> None:
    page = sit_down(width=width)
    take(page)
    mark = page.get_by_role("button", name="Mark the selected words")
    mark.click()
    page.get_by_text("Select some words of the text first.").wait_for()
    select(page, "when I answered.", "It went")
    mark.click()
    select(page, "Ring", "and ask")
    mark.click()
    page.get_by_text("Marked: Ring 07700 900123 and ask").wait_for()
    rule = page.get_by_label("No contact details and no links")
    rule.check()
    page.get_by_text("Your text holds a link or a way to reach somebody.").wait_for()
    page.get_by_label("Words to the writer").fill("The number has to go. The rest is good to have here.")
    page.get_by_role("button", name="Ask for a change").click()

    page.get_by_text("The writer is asked for a change, with your words.").wait_for()
    letter = Statement.objects.get()
    marked = [TEXT[start:end] for _, start, end in letter.passages]
    assert marked == ["when I answered.\nIt went", "Ring 07700 900123 and ask"]
    assert state(waiting) == "changes_asked"


def test_without_scripts_everything_works(sit_down: Callable[..., Any], waiting: Case) -> None:
    page = sit_down(scripts=False)
    take(page)
    assert not page.get_by_role("button", name="Mark the selected words").is_visible()
    page.get_by_text("Yours for about 1").wait_for()
    page.get_by_label("Name nobody").check()
    page.get_by_label("Which passages?").fill("07700 900123")
    page.get_by_label("Words to the writer").fill("Please leave the number out.")
    page.get_by_role("button", name="Do not publish").click()
    page.get_by_text("The text is not published. The writer reads your words.").wait_for()
    assert state(waiting) == "refused"


@pytest.mark.parametrize("scripts", [True, False])
def test_by_keyboard_nothing_is_decided_before_its_button(
    sit_down: Callable[..., Any], watch: Watch, waiting: Case, scripts: bool
) -> None:
    watch.expected.add(422)
    page = sit_down(width=1280, scripts=scripts)
    take(page)
    read = page.get_by_label("I have read it to the end")
    read.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert state(waiting) == "waiting"
    assert read.is_checked()
    read.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The text is published.").wait_for()
    assert state(waiting) == "approved"


def test_leaving_lets_the_text_go_and_coming_back_keeps_it(sit_down: Callable[..., Any], waiting: Case) -> None:
    page = sit_down()
    take(page)
    assert eventually(lambda: minutes_left(waiting) > 14)
    page.goto("/rules/")
    assert eventually(lambda: 0 < minutes_left(waiting) <= 1)
    page.go_back()
    assert eventually(lambda: minutes_left(waiting) > 14)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert eventually(lambda: minutes_left(waiting) > 14)


def test_a_lost_lease_is_told_and_what_was_written_stays(
    sit_down: Callable[..., Any], watch: Watch, waiting: Case
) -> None:
    page = sit_down()
    take(page)
    page.wait_for_load_state("networkidle")
    Case.objects.filter(pk=waiting.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    other = Desk()
    other.take_next()
    watch.expected.add(409)
    words = page.get_by_label("Words to the writer")
    words.fill("Nobody may lose this.")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("alert").get_by_text("You no longer hold this text").wait_for()
    assert words.input_value() == "Nobody may lose this."
    page.get_by_label("Be kind").check()
    page.get_by_role("button", name="Do not publish").click()
    page.get_by_role("heading", name="You no longer held this text").wait_for()
    assert page.get_by_label("What you wrote").input_value() == "Nobody may lose this."
    assert not Decision.objects.exists()
    assert now(waiting).lease_by_id == other.user.pk


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_are_sound(sit_down: Callable[..., Any], watch: Watch, desk: Desk, width: int, dark: bool) -> None:
    live = make.published(by := make.owner(), warnings=["w3"])
    edit = make.waiting(by, contribution=live.pk, text=TEXT, title="Another way", warnings=["w2"])
    watch.expected |= {409, 422}
    page = sit_down(width=width, dark=dark)

    def sound() -> None:
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    sound()
    take(page)
    sound()
    page.get_by_label("Be kind").check()
    page.get_by_role("button", name="Ask for a change").click()
    page.get_by_text("2 things need another look").wait_for()
    sound()
    case = Case.objects.get(revision=edit)
    desk.decide(case, "refuse")
    page.get_by_label("Words to the writer").fill("My words.")
    page.get_by_role("button", name="Ask for a change").click()
    page.get_by_role("heading", name="This text was decided already").wait_for()
    sound()
    page.goto("/moderation/history/")
    sound()
    page.goto(f"/moderation/cases/{case.pk}/")
    sound()


def test_who_may_need_help_is_told_behind_other_tabs_too(sit_down: Callable[..., Any]) -> None:
    page = sit_down()
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => true })")
    page.clock.install()
    page.reload()
    title = page.title()
    make.case(text=f"{TEXT}\n\nI am going to kill myself tonight.")
    page.clock.run_for(21_000)
    assert eventually(lambda: page.title() == f"(1) {title}")
    assert page.get_by_role("status").filter(has_text="1 person may need help now").count() == 1
    page.reload()
    assert page.title() == f"(1) {title}"
