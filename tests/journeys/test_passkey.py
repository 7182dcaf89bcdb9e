"""Somebody signs in by the lock of their device, and somebody who works here takes the second step with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from accounts.models import Role
from tests import make
from tests.accounts.person import marks
from tests.accounts.test_traces import OF_ACCOUNTS
from tests.chromium import Site, axe
from tests.journeys import steps


@pytest.fixture
def with_device(open_browser: Callable[..., Any], site: Site, watch: Any) -> Callable[..., Any]:
    """Open a browser on a device with a lock; at localhost, since no passkey belongs to a number."""
    watch.hosts.add(f"localhost:{site.port}")

    def opened() -> Any:
        page = open_browser()
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        locked = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options | locked})
        page.goto(f"http://localhost:{site.port}/accounts/login/")
        return page

    return opened


def type_in(page: Any, handle: str) -> None:
    """Sign in by name and password on the page that is open."""
    page.get_by_label("Sign-in name").fill(handle)
    page.get_by_label("Password").fill(make.PASSWORD)
    steps.press(page, "Sign in")


def add(page: Any) -> None:
    """Add a passkey from the account's page."""
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/accounts/")
    steps.follow(page, "Signing in without typing")
    steps.follow(page, "Add a passkey")
    if page.get_by_label("Your password").count():
        page.get_by_label("Your password").fill(make.PASSWORD)
        steps.press(page, "Go on")
    expect(page.get_by_text("Your device lists it")).to_be_visible()
    assert axe(page) == []
    steps.press(page, "Make a passkey now")


def test_a_member_signs_in_without_typing(with_device: Callable[..., Any]) -> None:
    member = make.member()
    page = with_device()
    assert axe(page) == []
    type_in(page, member.handle)
    add(page)
    expect(page.get_by_text("Your passkey is kept.")).to_be_visible()
    assert axe(page) == []
    expect(page.get_by_text("Key 1", exact=True)).to_be_visible()
    before = marks(*OF_ACCOUNTS)

    # Signed out, one press signs in again, and no row of an account is touched.
    page.goto(page.url.split("/accounts/")[0] + "/accounts/")
    steps.press(page, "Sign out")
    page.goto(page.url.rstrip("/") + "/accounts/login/")
    steps.press(page, "Sign in with a passkey")
    steps.heading(page, "Your texts")
    assert marks(*OF_ACCOUNTS) == before

    # The list of visits asks who it is; the passkey answers that as well.
    page.goto(page.url.split("/stories/")[0] + "/accounts/devices/")
    steps.follow(page, "Use a passkey instead")
    steps.press(page, "Use the passkey")
    steps.heading(page, "Where you are signed in")
    assert axe(page) == []
    expect(page.get_by_text("Chrome")).to_be_visible()

    # The password opens the account as before, with no second step.
    page.goto(page.url.split("/accounts/")[0] + "/accounts/")
    steps.press(page, "Sign out")
    page.goto(page.url.rstrip("/") + "/accounts/login/")
    type_in(page, member.handle)
    steps.heading(page, "Your texts")

    # A device without the passkey says so, and the page stays whole.
    Authenticator.objects.all().delete()
    page.goto(page.url.split("/stories/")[0] + "/accounts/")
    steps.press(page, "Sign out")
    page.goto(page.url.rstrip("/") + "/accounts/login/")
    steps.press(page, "Sign in with a passkey")
    expect(page.get_by_text("This code does not fit.")).to_be_visible()


def test_who_works_here_takes_the_second_step_with_it(with_device: Callable[..., Any]) -> None:
    lead = make.moderator(role=Role.LEAD)
    page = with_device()
    type_in(page, lead.handle)
    steps.second_step(page, lead)
    add(page)
    steps.follow(page, "I have kept them")

    page.goto(page.url.split("/accounts/")[0] + "/accounts/")
    steps.press(page, "Sign out")
    page.goto(page.url.rstrip("/") + "/accounts/login/")
    type_in(page, lead.handle)
    steps.heading(page, "One more step")
    assert axe(page) == []
    steps.press(page, "Use the passkey")
    page.wait_for_url("**/moderation/")
    page.goto(page.url + "lead/people/")
    steps.heading(page, "Who works here")
