"""A partner on a phone, without an account, tells their side, and comes back for the answer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

import content
from tests import make
from tests.journeys import steps
from tests.journeys.steps import TEXT, TITLE

PARTNER = next(role for role in content.load().roles if role.code == "partner")


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_partner_tells_their_side_and_comes_back(open_browser: Any, scripts: bool) -> None:
    # Given a partner who finds the partners' pages, they are asked nothing that only a patient can answer,
    phone = open_browser(width=360, scripts=scripts)
    phone.goto("/partners/")
    steps.sound(phone, "For partners")
    steps.follow(phone, "Write as a partner")
    asked_as_a_partner(phone)
    steps.go_on(phone)

    # and see a partner's prompts instead of a blank page.
    for prompt in PARTNER.prompts:
        expect(phone.get_by_text(prompt)).to_be_visible()
    steps.sound(phone, "Your story")
    steps.tell(phone, title=TITLE, text=TEXT)
    steps.sound(phone, "Who may see it")
    steps.agree(phone)
    steps.look(phone)
    steps.sound(phone, "Look at it once more")
    code = steps.receipt_code(phone)
    steps.send(phone)
    steps.sound(phone, TITLE)
    assert steps.receipt_code(phone) == code

    # When a moderator publishes it,
    desk = open_browser(width=1280, scripts=scripts)
    steps.signed_in(desk, make.moderator())
    steps.take_next(desk)
    expect(desk.get_by_text("A partner", exact=True)).to_be_visible()
    steps.sound(desk, TITLE)
    steps.publish(desk)

    # then it stands on the partners' pages, and the code still opens the page about it.
    reader = open_browser(width=360, scripts=scripts)
    reader.goto("/partners/")
    steps.follow(reader, TITLE)
    steps.sound(reader, TITLE)
    expect(reader.get_by_text("A partner", exact=True)).to_be_visible()
    back = open_browser(width=360, scripts=scripts)
    steps.open_receipt(back, code)
    steps.sound(back, "Your texts")
    steps.follow(back, TITLE)
    steps.sound(back, TITLE)
    expect(back.get_by_text("Published", exact=True).first).to_be_visible()


def asked_as_a_partner(page: Any) -> None:
    """See that only the questions for partners are asked, and answer one of them."""
    expect(page.get_by_label("I am a partner")).to_be_checked()
    expect(page.get_by_text("What you tried")).to_have_count(0)
    page.get_by_text("more questions, for figures only").click()
    for question in content.load().questions:
        expect(page.get_by_text(question.label)).to_have_count(int("partner" in question.roles))
    page.get_by_label("What I lived myself").check()
    steps.sound(page, "About you")
