"""Somebody signs in by the lock of their device, and somebody who works here takes the second step with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from accounts.models import Role
from tests import make
from tests.accounts.person import marks
from tests.accounts.test_traces import OF_ACCOUNTS
from tests.chromium import axe
from tests.journeys import steps


def test_a_member_signs_in_without_typing(with_device: Callable[..., Any]) -> None:
    member = make.member()
    page = with_device()
    steps.sign_in(page, member.handle)
    steps.add_passkey(page)
    expect(page.get_by_text("Your passkey is kept.")).to_be_visible()
    assert axe(page) == []
    expect(page.get_by_text("Key 1", exact=True)).to_be_visible()
    before = marks(*OF_ACCOUNTS)

    # Signed out, one press signs in again, and no row of an account is touched.
    steps.sign_out(page)
    page.goto("/accounts/login/")
    steps.press(page, "Sign in with a passkey")
    steps.heading(page, "Your texts")
    assert marks(*OF_ACCOUNTS) == before

    # The list of visits asks who it is; the passkey answers that as well.
    page.goto("/accounts/devices/")
    steps.follow(page, "Use a passkey instead")
    steps.press(page, "Use the passkey")
    steps.heading(page, "Where you are signed in")
    assert axe(page) == []
    expect(page.get_by_text("Chrome")).to_be_visible()

    # The password opens the account as before, with no second step.
    steps.sign_out(page)
    steps.sign_in(page, member.handle)
    steps.heading(page, "Your texts")

    # A device without the passkey says so, and the page stays whole.
    Authenticator.objects.all().delete()
    steps.sign_out(page)
    page.goto("/accounts/login/")
    steps.press(page, "Sign in with a passkey")
    expect(page.get_by_text("This code does not fit.")).to_be_visible()


def test_who_works_here_takes_the_second_step_with_it(with_device: Callable[..., Any]) -> None:
    lead = make.moderator(role=Role.LEAD)
    page = with_device()
    steps.sign_in(page, lead.handle)
    steps.second_step(page, lead)
    steps.add_passkey(page)
    steps.follow(page, "I have kept them")

    steps.sign_out(page)
    steps.sign_in(page, lead.handle)
    steps.heading(page, "One more step")
    assert axe(page) == []
    steps.press(page, "Use the passkey")
    page.wait_for_url("**/moderation/")
    page.goto(page.url + "lead/people/")
    steps.heading(page, "Who works here")
