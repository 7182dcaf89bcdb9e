"""The pages of figures in a real browser: with many stories, with few, and with none."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from stories.actions.figures import refresh_figures
from tests import make
from tests.browser.walk import Walk
from tests.properties import crowds


@pytest.fixture
def walk(open_browser: Any, watch: Any) -> Walk:
    """A visitor's walk."""
    return Walk(open_browser, watch)


def many_stories() -> None:
    """Publish enough that most numbers are shown."""
    tip = {"code": "t01", "help": "h2", "tip": "Going back a size was no defeat, and nobody was in a hurry but me."}
    make.published(title="The drawer", treatments=[tip], consents=["publish", "rules", "quote"])
    rng, labels = Random(1), crowds.attributes()
    crowd = [crowds.possible({name: rng.choice(labels[name][-4:]) for name in labels}) for _ in range(360)]
    crowds.publish(crowd)
    refresh_figures(today=date(2026, 3, 1))


def test_figures_are_sound(walk: Walk) -> None:
    walk.visit("/treatments/", kind="treatments")
    walk.visit("/treatments/t01/", kind="treatment")
    walk.visit("/numbers/", kind="numbers")
    many_stories()
    walk.visit("/treatments/", kind="treatments")
    walk.visit("/treatments/t01/", kind="treatment")
    walk.page.locator("details").first.evaluate("one => { one.open = true; }")
    walk.look("treatment")
    walk.visit("/treatments/t01/?f=s9", kind="treatment")
    walk.visit("/numbers/", kind="numbers")
    walk.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    walk.look("numbers")
    walk.ends_well()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_figures_are_read_by_keyboard_and_without_scripts(scripts: bool, open_browser: Any) -> None:
    many_stories()
    page = open_browser(scripts=scripts)
    page.goto("/treatments/t01/")
    chart = page.get_by_role("img", name="Everybody")
    assert chart.is_visible()
    assert not page.get_by_role("table", name="Everybody").is_visible()
    page.locator("summary", has_text="as a table: Everybody").focus()
    page.keyboard.press("Enter")
    drawn = chart.locator(".chart__count").all_text_contents()
    told = page.get_by_role("table", name="Everybody").locator("td").all_text_contents()
    assert [one.strip() for one in drawn] == [one.strip() for one in told]
    page.get_by_role("link", name="Not seeking treatment").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?f=s9")
    assert page.locator("[aria-current=true]").all_text_contents() == ["Not seeking treatment"]


def test_figures_are_printed_with_their_tables(open_browser: Any) -> None:
    many_stories()
    page = open_browser()
    page.goto("/treatments/t01/")
    page.emulate_media(media="print")
    assert page.get_by_role("table", name="Everybody").is_visible()
    assert page.get_by_role("cell").first.is_visible()
    printed = page.locator("body").inner_text()
    assert "Made it worse" in page.locator(".chart .table").first.inner_text()
    for words in ("as a table", "Whom to look at", "All stories that tell of it", "Leave"):
        assert words not in printed
