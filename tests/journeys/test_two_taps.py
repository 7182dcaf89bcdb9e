"""Somebody taps twice where once is enough, and stays signed in."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from accounts.models import User
from tests import make
from tests.journeys import steps

NEW = "eleven copper kettles"


def tap_twice(page: Any, name: str) -> None:
    """Press a button twice, as quickly as a thumb does, before the first answer can be there."""
    button = page.get_by_role("button", name=name)
    button.evaluate("(button) => { button.click(); setTimeout(() => button.click(), 60); }")


def test_two_taps_send_a_password_once(open_browser: Any, watch: Any) -> None:
    watch.expected.add(422)
    member, page, sent = make.member(), open_browser(), []
    steps.signed_in(page, member)
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    # The password, asked once more, gives the visit a new key.
    page.goto("/accounts/devices/")
    page.get_by_label("Your password").fill(make.PASSWORD)
    tap_twice(page, "Go on")
    steps.heading(page, "Where you are signed in")
    assert len(sent) == 1

    # So does a new one; what was typed wrong is not held up.
    page.goto("/accounts/password/change/")
    for old in ("not this one", make.PASSWORD):
        page.get_by_label("Your current password").fill(old)
        page.get_by_label("New password").fill(NEW)
        tap_twice(page, "Change the password")
        expect(
            page.get_by_text("This is not your password.").or_(page.get_by_text("Your password is changed.")).first
        ).to_be_visible()
    steps.heading(page, "Your account")
    assert len(sent) == 3
    assert User.objects.get(pk=member.pk).check_password(NEW)
