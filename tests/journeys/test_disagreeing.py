"""A writer is answered and answers in turn: they agree to other words, or ask for somebody else to decide.

What moderators do on their own pages has journeys of its own; here they decide by the actions behind those pages.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from moderation.models import Decision
from stories.models import Outcome, Publication, Revision
from tests import make
from tests.chromium import axe
from tests.journeys import steps
from tests.stories.answering import WHY, judge, proposal

TOWN = "It was in Bergdorf, in a small street."
TEXT = f"{make.TEXT}\n\n{TOWN}"
OFFERED = TEXT.replace("Bergdorf", "[a town]")
NOTE = "Somebody could find you by the town."


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_visitor_agrees_to_exactly_what_is_proposed(open_browser: Any, site: Any, scripts: bool) -> None:
    # Given a visitor who sends a story that names a town, and writes their code down,
    page = open_browser(scripts=scripts)
    page.goto("/stories/new/?new=1")
    steps.write(page, title="The long way", text=TEXT)
    steps.look(page)
    code = steps.receipt_code(page)
    steps.send(page)
    sent = Revision.objects.get()
    expect(page.get_by_text("What do you want?")).to_have_count(0)

    # when a moderator proposes another word, and the visitor comes back with the code on another day,
    offered = proposal(sent, OFFERED, text=NOTE)
    reader, later = open_browser(scripts=scripts), open_browser(scripts=scripts)
    reader.goto("/stories/")
    expect(reader.get_by_role("link", name="The long way")).to_have_count(0)
    steps.open_receipt(later, code)
    expect(later.get_by_text("A change is proposed to you")).to_be_visible()
    steps.follow(later, "The long way")

    # then they read what would be different, why, and what happens with each of three answers,
    expect(later.locator("del", has_text="Bergdorf")).to_be_visible()
    expect(later.locator("ins", has_text="[a town]")).to_be_visible()
    expect(later.get_by_text(NOTE)).to_be_visible()
    for name, then in {
        "Publish it like this": "is published at once",
        "Change it myself": "a draft with the proposed words",
        "Keep my own words": "a draft with your own words",
    }.items():
        button = later.get_by_role("button", name=name)
        expect(button).to_have_accessible_description(re.compile(then))
    assert axe(later) == []

    # and agree by keyboard: readers see exactly these words.
    later.get_by_role("button", name="Publish it like this").focus()
    later.keyboard.press("Enter")
    expect(later.get_by_text("Everybody can read it.")).to_be_visible()
    assert Publication.objects.get().revision_id == offered.pk
    reader.goto("/stories/")
    steps.follow(reader, "The long way")
    expect(reader.get_by_text("It was in [a town], in a small street.")).to_be_visible()
    assert "Bergdorf" not in reader.content()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_member_asks_for_somebody_else_who_publishes_it(
    open_browser: Any, site: Any, watch: Any, scripts: bool
) -> None:
    # Given a member whose story was refused,
    writer, first, second = make.member(), make.moderator(), make.moderator()
    sent = make.waiting(make.owner(writer), title="The long way", text=TEXT)
    judge(sent, Outcome.REFUSE, by=first, text=NOTE)
    page = open_browser(scripts=scripts)
    steps.signed_in(page, writer)

    # when they read why, and who would decide, and say too little at first,
    page.goto("/stories/mine/")
    steps.follow(page, "The long way")
    expect(page.get_by_role("heading", name="Why it was not published")).to_be_visible()
    expect(page.get_by_text("it decided nothing")).to_be_visible()
    steps.follow(page, "Ask for somebody else to decide")
    steps.sound(page, "Ask for somebody else to decide")
    watch.expected.add(422)
    box = page.get_by_label("Why should it be decided otherwise?")
    box.fill("No.")
    steps.press(page, "Send the appeal")
    expect(box).to_have_value("No.")
    expect(box).to_have_accessible_description(re.compile("at least 20 characters"))
    assert axe(page) == []
    box.fill(WHY)
    steps.press(page, "Send the appeal")

    # then the page says that somebody else is looking, and so does a new version before it is sent;
    expect(page.get_by_role("heading", name="Somebody else is looking at it")).to_be_visible()
    assert axe(page) == []
    steps.follow(page, "Change it and send it again")
    expect(page.get_by_text("Sending a new version ends your appeal")).to_be_visible()

    # and when somebody else publishes it, both the writer and readers see it.
    judge(sent, Outcome.APPROVE, by=second)
    assert set(Decision.objects.values_list("moderator", flat=True)) == {first.pk, second.pk}
    page.goto(f"/stories/status/{sent.contribution_id}/")
    expect(page.get_by_text("decided otherwise")).to_be_visible()
    assert axe(page) == []
    reader = open_browser(scripts=scripts)
    reader.goto("/stories/")
    steps.follow(reader, "The long way")
    steps.heading(reader, "The long way")
