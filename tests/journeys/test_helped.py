"""Somebody who is to see a doctor looks for whom to ask, what to ask, and makes a sheet; a partner looks for words."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

import content
from tests.journeys import steps

SAID = content.load("en").advice


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
@pytest.mark.parametrize("width", [360, 1280])
def test_somebody_makes_a_list_and_a_sheet(open_browser: Any, scripts: bool, width: int) -> None:
    page = open_browser(width=width, scripts=scripts)

    # Given somebody on the page about who can help, they choose two,
    page.goto("/care-team/")
    first, other = SAID.carers[0], SAID.carers[2]
    page.get_by_role("checkbox", name=first.name, exact=True).check()
    page.get_by_role("checkbox", name=other.name, exact=True).check()
    steps.press(page, "Show my list")

    # and the questions for these two stand first, in an address that says nothing.
    own = page.get_by_role("region", name="Your list")
    expect(own.get_by_role("listitem")).to_have_count(len(first.ask) + len(other.ask))
    expect(own.get_by_text(other.ask[0])).to_be_visible()
    assert page.url.endswith(f"/care-team/?k={first.code}&k={other.code}")
    steps.sound(page, "Who can help, and what to ask them")

    # They go on to the sheet and choose what fits,
    own.get_by_role("link", name="Make a sheet for an appointment").click()
    for line in (SAID.card.asks[0], SAID.card.stops[0]):
        page.get_by_label(line, exact=True).check()
    steps.press(page, "Make my sheet")

    # and the sheet holds these, ticked, and room to write; nothing was left in the browser.
    sheet = page.get_by_role("article", name="The sheet")
    expect(sheet.get_by_role("listitem")).to_have_count(2 + 6)
    expect(sheet.get_by_text(SAID.card.stops[0])).to_be_visible()
    assert page.url.endswith("/care-team/card/?t=a1&t=s1")
    assert page.context.cookies() == []
    steps.sound(page, "A sheet for an appointment")
    steps.follow(page, "Start again")
    expect(page.get_by_role("article", name="The sheet").get_by_text(SAID.card.wants[0])).to_be_visible()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_somebody_looks_for_an_organisation_where_they_are(open_browser: Any, scripts: bool) -> None:
    page = open_browser(width=360, scripts=scripts, locale="de-DE")
    page.goto("/organisations/")
    expect(page.get_by_text("This country is a guess")).to_have_count(1)
    page.get_by_label("Where are you?").select_option(label="United Kingdom")
    page.get_by_label("What are you looking for?").select_option(value=SAID.organisations[0].kind)
    steps.press(page, "Show these")
    expect(page.get_by_role("heading", name="United Kingdom")).to_be_visible()
    expect(page.get_by_text("This country is a guess")).to_have_count(0)
    expect(page.get_by_text("Nobody here has opened this yet").first).to_be_visible()
    steps.sound(page, "Organisations")
    steps.follow(page, "Show all")
    expect(page.get_by_text("This country is a guess")).to_have_count(1)


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_a_partner_finds_what_helps_and_help_for_themselves(open_browser: Any, scripts: bool) -> None:
    page = open_browser(width=360, scripts=scripts)
    page.goto("/partners/")
    expect(page.get_by_text(SAID.partner_words.note)).to_be_visible()
    expect(page.get_by_text(SAID.partner_words.own[0])).to_be_visible()
    page.get_by_role("region", name="And you").get_by_role("link", name="Help now, by country").click()
    page.get_by_label("Where are you?").select_option(label="Ireland")
    steps.press(page, "Show help there")
    expect(page.get_by_role("link", name="112 or 999")).to_be_visible()
    expect(page.get_by_text("I do not know how to begin")).to_be_visible()
    steps.sound(page, "Help now")
