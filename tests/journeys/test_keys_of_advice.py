"""The desk by keyboard alone: an editor writes and sends, a clinician reads, sends back and signs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from advice.models import SignOff, State, Version
from tests import make
from tests.advice import written
from tests.journeys import steps
from tests.journeys.keys import enter, tab_to, tick, type_into

QUESTION = "What could a first step be?"


def put_into(page: Any, name: str, words: str) -> None:
    """Tab to a box and put words of several lines into it."""
    tab_to(page, name)
    page.keyboard.insert_text(words)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_editor_writes_and_sends_with_the_keyboard_alone(open_browser: Any, scripts: bool) -> None:
    page = open_browser(width=1280, scripts=scripts)
    steps.signed_in(page, make.moderator(role=Role.EDITOR))
    page.goto("/")
    enter(page, "Desk", "Desk")
    enter(page, "Begin a new article", "Begin a new article")
    type_into(page, "Address", "first-step")
    enter(page, "Begin a draft", "Version 1")
    type_into(page, "Title", QUESTION)
    put_into(page, "Short answer", "There is no wrong first step.")
    put_into(page, "Text", "Nothing has to happen today.[^one]")
    put_into(page, "Sources", "one | A paper | A journal | 2020 | https://example.org/paper")
    enter(page, "Save the draft")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    enter(page, "Save and send to a clinician")
    expect(page.get_by_text("It waits for a clinician now.")).to_be_visible()
    one = Version.objects.get()
    assert (one.title, one.state, len(one.sources)) == (QUESTION, State.WAITING, 1)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_clinician_sends_back_and_signs_with_the_keyboard_alone(open_browser: Any, scripts: bool) -> None:
    waits = written.waiting()
    other = written.waiting(written.draft("other-step", title="What comes after that?"))
    page = open_browser(width=1280, scripts=scripts)
    steps.signed_in(page, make.moderator(role=Role.CLINICIAN))
    page.goto("/desk/")
    enter(page, "What comes after that?", "Version 1")
    put_into(page, "Your word", "Please name the study.")
    enter(page, "Send it back with this word")
    expect(page.get_by_text("It is with its editors again, with your word.")).to_be_visible()
    enter(page, "Desk", "Desk")
    enter(page, QUESTION, "Version 1")
    type_into(page, "Your name, as readers see it", "Alba Hazelmere")
    type_into(page, "What you are", "Physiotherapist")
    tick(page, "I have read this version")
    enter(page, "Sign it")
    expect(page.get_by_text("Signed. Readers see your name")).to_be_visible()
    assert SignOff.objects.get().version_id == waits.pk
    assert Version.objects.get(pk=other.pk).state == State.DRAFT
