"""Somebody tells what they tried, on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from stories.models import Revision
from tests import make
from tests.journeys import steps

TITLE = "The long way to a Tuesday"
PHONE = "+44 20 7946 0958"
TEXT = f"{make.TEXT}\n\nIf you want to talk about it, ring me on {PHONE} in the evening."


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_patient_tells_what_they_tried(open_browser: Any, watch: Any, scripts: bool) -> None:
    watch.expected.add(422)
    page = open_browser(scripts=scripts)
    steps.signed_in(page, make.member())
    page.goto("/stories/new/")
    page.get_by_role("link", name="I have it, or had it").click()

    # Given somebody who says where things are for them, and something that is for figures only,
    page.get_by_label("Where are things for you now?").select_option(label="In treatment")
    page.get_by_label("Less fear").check()
    page.get_by_text("more questions, for figures only").click()
    page.get_by_label("Which country do you live in?").select_option(label="New Zealand")
    steps.press(page, "Go on")
    steps.tell(page, title=TITLE, text=make.TEXT)

    # when they name what they tried, one thing from the list and one that is not in it,
    page.get_by_label("What was it?").nth(0).select_option(label="Biofeedback")
    page.get_by_label("Did it help?").nth(0).select_option(label="It helped a little")
    page.get_by_text("More about it").first.click()
    page.get_by_label("A tip in one line").nth(0).fill("Slowly, and not on a bad day.")
    page.get_by_label("What was it?").nth(1).select_option(label="Something else")
    steps.press(page, "Go on")
    expect(page.get_by_text("Please say in a few words what it was.").first).to_be_visible()
    page.get_by_label("If it was something else: what?").nth(1).fill("Swimming")
    steps.press(page, "Add another row")
    expect(page.get_by_label("What was it?")).to_have_count(4)
    steps.press(page, "Go on")
    steps.agree(page)
    steps.look(page)

    # then readers see what they may see, and not the country.
    expect(page.get_by_text("Slowly, and not on a bad day.").first).to_be_visible()
    steps.send(page)
    sent = Revision.objects.get()
    assert sent.answers == {"stage": "s3", "goal": ["g5"], "country": "nz"}
    assert sent.treatments == [
        {"code": "t05", "help": "h2", "tip": "Slowly, and not on a bad day."},
        {"code": "other", "name": "Swimming"},
    ]
