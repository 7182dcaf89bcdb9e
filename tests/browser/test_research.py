"""The pages of trials, narrow and wide, light and dark, with long words in them; and on the way, no other host."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from advice.actions.trials import sync
from advice.register import Answer
from tests.advice.register_server import STAMP, study
from tests.browser.walk import Walk
from tests.journeys import steps

LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 2


@pytest.fixture
def walk(open_browser: Any, watch: Any) -> Walk:
    """A visitor's walk."""
    return Walk(open_browser, watch)


def test_pages_of_trials_are_sound(walk: Walk) -> None:
    walk.visit("/research/")
    studies = [study(number, countries=["France", "Canada", "Spain", "Peru"]) for number in range(1, 23)]
    studies.append(study(99, title=LONG, summary=LONG, countries=["Kenya"], status="COMPLETED", phases=["PHASE1"]))
    assert sync(lambda _known: Answer(STAMP, studies), timezone.localdate()).trouble == ""
    walk.visit("/research/")
    steps.follow(walk.page, "Older")
    walk.look("/research/")
    walk.page.goto("/research/")
    walk.page.get_by_text("Choose which to see").click()
    walk.look("/research/")
    walk.page.get_by_label("Looking for people?").select_option("COMPLETED")
    walk.page.get_by_label("Country").select_option("KE")
    steps.press(walk.page, "Show these")
    walk.look("/research/")
    steps.follow(walk.page, LONG)
    walk.look("trial")
    walk.ends_well()
