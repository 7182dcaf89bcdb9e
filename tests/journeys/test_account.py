"""Somebody opens an account, keeps the codes, and gets back in."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from accounts.models import RecoveryCode, Session, User
from community.models import counts
from tests.journeys import steps

FIRST, SECOND = "seven slow pelicans", "nine quiet orchards"


def fill_in(page: Any, *, age: str) -> None:
    """Fill in the form that opens an account."""
    page.get_by_label("Password").fill(FIRST)
    page.get_by_label(age).check()
    page.get_by_label("I have read the house rules").check()
    page.get_by_label("I have read the privacy page").check()


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_joining_and_getting_back_in(open_browser: Any, watch: Any, scripts: bool) -> None:
    watch.expected.add(422)
    page = open_browser(scripts=scripts)

    # Given a visitor who draws another name,
    page.goto("/accounts/login/")
    steps.follow(page, "Open an account")
    name = page.get_by_label("Your sign-in name")
    first = name.input_value()
    steps.press(page, "Draw another name")
    expect(name).not_to_have_value(first)
    handle = name.input_value()

    # when they open an account, they see eight codes once, and one is asked back.
    fill_in(page, age="Yes, I am 18 or older")
    steps.press(page, "Open my account")
    steps.heading(page, "Your recovery codes")
    codes = page.get_by_role("region", name="Recovery codes").get_by_role("listitem").all_inner_texts()
    assert len(set(codes)) == 8
    assert counts()["members"] == 0
    steps.follow(page, "I have kept them")
    page.get_by_label("Type one of your recovery codes").fill("abcd-" * 6)
    steps.press(page, "Done")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Type one of your recovery codes").fill(f" {codes[3].upper().replace('-', ' ')} ")
    steps.press(page, "Done")
    steps.heading(page, "Your account")
    expect(page.get_by_text("Your recovery codes are in order.")).to_be_visible()
    assert counts()["members"] == 1

    # Then no page shows the codes again.
    for address in ("/accounts/codes/", "/accounts/codes/?check", "/accounts/"):
        page.goto(address)
        steps.heading(page, "Your account")
        assert codes[0] not in page.content()
    expect(page.get_by_text(handle)).to_be_visible()

    # They sign out, and in again with the name they wrote down, in capitals.
    steps.press(page, "Sign out")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Sign in")).to_be_visible()
    assert settings.SESSION_COOKIE_NAME not in {one["name"] for one in page.context.cookies()}
    steps.sign_in(page, handle.upper(), FIRST)
    steps.heading(page, "Your texts")
    steps.sign_out(page)
    recover(page, handle, codes)


def recover(page: Any, handle: str, codes: list[str]) -> None:
    """When the password is lost, one code lets them back in once; the old password is worth nothing then."""
    page.goto("/accounts/login/")
    steps.follow(page, "set a new password")
    for code, opens in ((codes[3], True), (codes[3], False)):
        page.goto("/accounts/recovery/")
        page.get_by_label("One of your recovery codes").fill(code)
        page.get_by_label("New password").fill(SECOND)
        steps.press(page, "Set the new password")
        if opens:
            expect(page.get_by_text("Your new password is set.")).to_be_visible()
            expect(page.get_by_text(handle)).to_be_visible()
            expect(page.get_by_text("7 left")).to_be_visible()
            steps.press(page, "Sign out")
        else:
            steps.heading(page, "Get back in")
    steps.sign_in(page, handle, FIRST)
    expect(page.get_by_text("This name and this password do not go together.").first).to_be_visible()
    steps.sign_in(page, handle, SECOND)
    steps.heading(page, "Your texts")


@pytest.mark.parametrize("scripts", **steps.SCRIPTS)
def test_somebody_under_eighteen_finds_help_and_leaves_nothing(open_browser: Any, scripts: bool) -> None:
    page = open_browser(scripts=scripts)
    page.goto("/accounts/signup/")
    fill_in(page, age="No, I am younger")
    steps.press(page, "Open my account")
    steps.heading(page, "This place is for adults")
    page.get_by_text("United Kingdom").click()
    expect(page.get_by_role("link", name="0800 1111")).to_be_visible()
    assert [model.objects.count() for model in (User, Session, RecoveryCode)] == [0, 0, 0]
    assert settings.SESSION_COOKIE_NAME not in {one["name"] for one in page.context.cookies()}
